/** What customers read while their order waits for somebody although its names are proved. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderDetailsToWire } from '../../src/dialects/encryption365/order-to-wire.ts';
import type { Services } from '../../src/dialects/encryption365/services.ts';
import { summaryOf } from '../../src/dialects/native/order-summary.ts';
import { createCustomer, issue, place, startTestApp } from '../support/app.ts';

test('an order whose names are proved says that its organization is waited for, until it is verified', async (t) => {
  const app = await startTestApp();
  t.after(() => app.close());
  const { caller } = await createCustomer(app, { balanceMinor: 10_000_00 });
  const organization = { name: 'Example Ltd', city: 'Shanghai', state: 'Shanghai', country: 'CN' } as const;
  const view = await issue(app, caller, ['a.example'], { productCode: '118', organization });
  const config = { timeOffset: '+08:00', suffix: 'dcv.example' };
  const services = { config, publicSuffixes: app.context.publicSuffixes } as unknown as Services;
  const message = (language: 'en' | 'zh', of = view) => orderDetailsToWire(of, services, language).message;
  assert.equal(view.issuance.state, 'awaitingValidation');
  assert.equal(message('zh'), '订单正在等待管理员审核组织信息');
  assert.equal(message('en'), 'the order is waiting for the operator to verify its organization');
  assert.equal(summaryOf(view, 'zh'), '域名已全部验证，等待组织信息审核');
  assert.equal(summaryOf(view, 'en'), 'every name is proved; waits for the organization to be verified');

  const reference = { id: view.order.organizationId ?? '' };
  const decision = { level: 'ov', verified: true, note: '' } as const;
  await app.ports.organizations.verify(app.operator, reference, decision);
  await app.idle();
  const issued = await app.ports.orders.get(caller, view.order);
  assert.equal(message('zh', issued), null);
  assert.match(summaryOf(issued, 'en'), /^issued;/);
});

test('an order that rests says why, and whose turn it is, in every state in which it may', async (t) => {
  const app = await startTestApp();
  t.after(() => app.close());
  const { account, caller } = await createCustomer(app);
  const placed = await place(app, caller, ['a.example']);
  await app.ports.accounts.change(app.operator, account.id, { allowedNames: ['other.example'] });
  app.checks.place('a.example');
  await app.advance(60);
  const view = await app.ports.orders.get(caller, placed.order);
  const config = { timeOffset: '+08:00', suffix: 'dcv.example' };
  const services = { config, publicSuffixes: app.context.publicSuffixes } as unknown as Services;
  const why = 'a.example is not among the names that this account may order; the operator can allow it';
  assert.equal(summaryOf(view, 'en'), `every name is proved; waits for the operator: ${why}`);
  assert.equal(
    summaryOf(view, 'zh'),
    '域名已全部验证，等待管理员处理：该账户不允许申请 a.example，如有需要请联系管理员放行',
  );
  assert.equal(orderDetailsToWire(view, services, 'en').message, why);
  const { rest } = view.issuance;
  assert.ok(rest);
  const issuing = {
    ...view,
    issuance: { ...view.issuance, state: 'issuing', rest: { ...rest, turn: 'customer' } },
  } as const;
  assert.equal(summaryOf(issuing, 'en'), `every name is proved; waits for the account: ${why}`);
  assert.equal(
    summaryOf(issuing, 'zh'),
    '域名已全部验证，等待账户处理：该账户不允许申请 a.example，如有需要请联系管理员放行',
  );
});
