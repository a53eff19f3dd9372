/** An operator who acts for an account: within it, under both names, and never where the account decides for itself. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Caller } from '../../../src/domain/caller.ts';
import { type Customer, createCaller, createCustomer, issue, origin, place, type TestApp } from '../../support/app.ts';
import { carrierOf, type FrontDoors, startFrontDoors } from '../../support/front-doors.ts';

let doors: FrontDoors;
let app: TestApp;
let customer: Customer;
let acting: Caller;
let operator: Caller;

beforeEach(async () => {
  doors = await startFrontDoors();
  app = doors.app;
  customer = await createCustomer(app, { balanceMinor: 10_000_00 });
  const request = { accountId: null, userId: null, dialect: 'native', label: '', allowedAddresses: null } as const;
  const { credential, secret } = await app.ports.credentials.create(app.operator, { ...request, roles: ['operator'] });
  const key = { dialect: 'native', publicId: credential.publicId, secret, field: 'key' };
  operator = await app.ports.signIn.authenticate(key, origin);
  acting = await app.ports.signIn.actFor(operator, String(customer.account.number));
});
afterEach(() => app.close());

async function changesNothing(ask: () => Promise<unknown>, error: object): Promise<void> {
  const before = await app.tables();
  await assert.rejects(ask, error);
  assert.deepEqual(await app.tables(), before);
}

const free = { productCode: 'encryption365:100' } as const;

describe('an operator who acts for an account', () => {
  it('reaches that account alone, with the rights of its administrators', async () => {
    assert.deepEqual([acting.scope, acting.actor, acting.isActingFor], [customer.account.id, operator.actor, true]);
    assert.equal((await app.ports.accounts.get(acting)).id, customer.account.id);
    const other = await createCustomer(app);
    const theirs = await place(app, other.caller, ['theirs.example']);
    await changesNothing(() => app.ports.orders.get(acting, theirs.order), { code: 'notFound' });
    await changesNothing(() => app.ports.accounts.get(acting, other.account.id), { code: 'notFound' });
    await changesNothing(() => app.ports.accounts.change(acting, customer.account.id, { name: 'x' }), {
      code: 'forbidden',
      reason: { key: 'roleMissing', params: { role: ['operator'] } },
    });
    const own = await place(app, customer.caller, ['own.example']);
    const listed = await app.ports.orders.list(acting, { limit: 10 });
    assert.deepEqual(
      listed.items.map(({ order }) => order.id),
      [own.order.id],
    );
    const user = { accountId: customer.account.id, username: 'new@example.com', password: null } as const;
    const made = await app.ports.users.create(acting, { ...user, roles: ['approver'] });
    assert.equal(made.accountId, customer.account.id);
  });

  it('is named by the events beside the account', async () => {
    const { order } = await place(app, acting, ['acted.example'], free);
    const [event] = (await app.ports.events.list(app.operator, { limit: 1, subject: order.id })).items;
    assert.deepEqual(
      [event?.kind, event?.actor, event?.actedFor],
      ['order.placed', operator.actor, customer.account.id],
    );
    const field = { label: 'Desk', isRequired: false, isActive: true, kind: 'text' } as const;
    await app.ports.customFields.add(acting, [field]);
    const [added] = (await app.ports.events.list(app.operator, { limit: 1 })).items;
    assert.deepEqual([added?.kind, added?.actedFor], ['customField.added', customer.account.id]);
    await place(app, customer.caller, ['own.example']);
    const [own] = (await app.ports.events.list(app.operator, { limit: 1 })).items;
    assert.deepEqual([own?.kind, own?.actedFor], ['order.placed', undefined]);
  });

  it('decides nothing where duties are separate, and may where they are not', async () => {
    for (const separatesDuties of [true, false]) {
      const { account, caller } = await createCustomer(app, { approval: 'manual', separatesDuties });
      const { order, approval } = await place(app, caller, ['decided.example']);
      const by = await app.ports.signIn.actFor(operator, account.id);
      const request = { number: approval?.number ?? assert.fail() };
      for (const target of [request, { order }]) {
        for (const approve of [true, false]) {
          if (!separatesDuties) continue;
          await changesNothing(() => app.ports.approvals.decide(by, target, { approve, note: '' }), {
            code: 'forbidden',
            reason: { key: 'notForActingOperator', params: { account: account.id } },
          });
        }
      }
      if (separatesDuties) continue;
      const decided = await app.ports.approvals.decide(by, request, { approve: true, note: '' });
      assert.equal(decided.approval.state, 'approved');
    }
  });

  it('makes no second administrator where duties are separate', async () => {
    const { account } = await createCustomer(app, { separatesDuties: true });
    const by = await app.ports.signIn.actFor(operator, account.id);
    const user = { accountId: account.id, username: 'boss@example.com', password: null } as const;
    await changesNothing(() => app.ports.users.create(by, { ...user, roles: ['administrator'] }), {
      code: 'forbidden',
    });
  });

  it('gets no private key', async () => {
    const { order } = await issue(app, customer.caller, ['key.example'], { csr: { make: 'P-256' } });
    await changesNothing(() => app.ports.issuances.privateKey(acting, order), {
      code: 'forbidden',
      reason: { key: 'notForActingOperator', params: { account: customer.account.id } },
    });
    assert.ok((await app.ports.issuances.privateKey(customer.caller, order)).length > 0);
  });

  it('stops as soon as they are no operator any more', async () => {
    await app.ports.credentials.revoke(app.operator, String(operator.credentialId));
    const user = { accountId: customer.account.id, username: 'late@example.com', password: null } as const;
    await changesNothing(() => app.ports.users.create(acting, { ...user, roles: ['viewer'] }), { code: 'forbidden' });
  });
});

describe('anybody else', () => {
  it('may name their own account, and no other', async () => {
    const own = await createCaller(app, customer.account, { dialect: 'native', roles: ['viewer'] });
    assert.deepEqual(await app.ports.signIn.actFor(own, customer.account.id), own);
    const { account } = await createCustomer(app);
    for (const reference of [account.id, String(account.number), 'acc_nonsense', '999999']) {
      await changesNothing(() => app.ports.signIn.actFor(own, reference), { code: 'notFound' });
      if (reference === account.id) await app.ports.signIn.actFor(operator, reference);
    }
    await changesNothing(() => app.ports.signIn.actFor(operator, '999999'), { code: 'notFound', message: /999999/ });
  });
});

describe('the native API', () => {
  async function ask(path: string, account: string): Promise<{ readonly status: number; readonly body: unknown }> {
    const key = await doors.keyTo('native', null, ['operator']);
    const headers = { ...carrierOf('native', key).headers, 'certmux-account': account };
    const reply = await doors.fetch('native', new Request(`https://certs.example/api/v1${path}`, { headers }));
    return { status: reply.status, body: await reply.json() };
  }

  it('takes the account from the header Certmux-Account', async () => {
    const own = await place(app, customer.caller, ['own.example']);
    await place(app, (await createCustomer(app)).caller, ['theirs.example']);
    const { status, body } = await ask('/orders', String(customer.account.number));
    assert.equal(status, 200);
    assert.ok(JSON.stringify(body).includes(own.order.id));
    assert.doesNotMatch(JSON.stringify(body), /theirs/);
    const me = await ask('/me', customer.account.id);
    assert.ok(JSON.stringify(me.body).includes(`"account":{"id":"${customer.account.id}"`));
  });

  it('answers for an account that is none as for any that is not found', async () => {
    const { status, body } = await ask('/orders', '999999');
    assert.equal(status, 404);
    assert.match(JSON.stringify(body), /999999/);
  });
});
