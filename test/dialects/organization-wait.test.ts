/** What the customer of an OV order reads while the operator verifies its organization. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderDetailsToWire } from '../../src/dialects/encryption365/order-to-wire.ts';
import type { Services } from '../../src/dialects/encryption365/services.ts';
import { summaryOf } from '../../src/dialects/native/order-summary.ts';
import { createCustomer, issue, startTestApp } from '../support/app.ts';

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
  assert.equal(message('zh'), '订单正在等待单位信息审核');
  assert.equal(message('en'), 'the order waits until the operator has verified its organization');
  assert.equal(summaryOf(view, 'zh'), '域名已全部验证，等待单位信息审核');
  assert.equal(summaryOf(view, 'en'), 'every name is proved; waits for the organization to be verified');

  const reference = { id: view.order.organizationId ?? '' };
  const decision = { level: 'ov', verified: true, note: '' } as const;
  await app.directory.verifyOrganization(app.operator, reference, decision);
  await app.idle();
  const issued = await app.platform.order(caller, view.order);
  assert.equal(message('zh', issued), null);
  assert.match(summaryOf(issued, 'en'), /^issued;/);
});
