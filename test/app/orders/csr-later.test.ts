/** Orders that are placed before there is a CSR, and names whose method is chosen while ordering. */

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { standingOf } from '../../../src/domain/order.ts';
import type { OrderView, PlaceOrder } from '../../../src/domain/ports/orders.ts';
import {
  anyCsr,
  byMailTo,
  type Customer,
  createCustomer,
  names,
  offering,
  orderFor,
  place,
  startTestApp,
  steadyProfiles,
  type TestApp,
} from '../../support/app.ts';
import { createMailFake, type MailFake } from '../../support/mail-fake.ts';
import { createSubscriber } from '../../support/subscriber.ts';

let app: TestApp;
let customer: Customer;
let mail: MailFake;
afterEach(() => app.close());

async function begin(account: Parameters<typeof createCustomer>[1] = {}): Promise<void> {
  mail = createMailFake();
  app = await startTestApp({ mail, profiles: steadyProfiles });
  customer = await createCustomer(app, { balanceMinor: 1_000_00, ...account });
}

const years = { productCode: 'years', csr: null } satisfies Partial<PlaceOrder>;
const see = ({ order }: OrderView) => app.ports.orders.get(customer.caller, order);
const provide = ({ order }: OrderView, csr: Parameters<TestApp['ports']['issuances']['provideCsr']>[2]) =>
  app.ports.issuances.provideCsr(customer.caller, order, csr);
const standing = (view: OrderView) => standingOf(view.order, view.issuance, view.now);

describe('an order without a CSR', () => {
  it('is validated all the same, and issued once the CSR is there', async () => {
    await begin();
    app.checks.place('a.example.com');
    const view = await place(app, customer.caller, ['a.example.com'], years);
    assert.equal(standing(view), 'awaitingCsr');
    await app.idle();
    const proved = await see(view);
    assert.deepEqual([proved.issuance.state, standing(proved)], ['ready', 'awaitingCsr']);
    app = await app.restart({ afterSeconds: 3600 });
    await app.idle();
    assert.equal((await see(view)).issuance.state, 'ready', 'it rests');
    const provided = await provide(view, await anyCsr());
    assert.notEqual(provided.issuance.csr, null);
    await app.idle();
    assert.equal((await see(view)).issuance.state, 'issued');
  });

  it('takes the CSR before its names are proved, or approved', async () => {
    await begin({ approval: 'manual' });
    const view = await place(app, customer.caller, ['a.example.com'], years);
    await provide(view, { make: 'P-256' });
    assert.equal((await see(view)).issuance.state, 'awaitingApproval');
    await app.ports.approvals.decide(app.operator, { order: view.order }, { approve: true, note: '' });
    app.checks.place('a.example.com');
    await app.advance(60);
    assert.equal((await see(view)).issuance.state, 'issued');
    assert.ok(
      (await app.ports.issuances.privateKey(customer.caller, view.order)).length > 0,
      'a key that we made is sealed',
    );
  });

  it('with names that are proved already rests at once', async () => {
    await begin();
    app.checks.place('a.example.com');
    await place(app, customer.caller, ['a.example.com'], { productCode: 'years' });
    await app.idle();
    const view = await place(app, customer.caller, ['a.example.com'], years);
    assert.equal(view.issuance.state, 'ready');
    await app.idle();
    await provide(view, await anyCsr());
    await app.idle();
    assert.equal((await see(view)).issuance.state, 'issued');
  });

  it('asks for proofs again when they ran out before the CSR came', async () => {
    await begin();
    app.checks.place('a.example.com');
    const view = await place(app, customer.caller, ['a.example.com'], years);
    await app.idle();
    app.checks.remove('a.example.com');
    app = await app.restart({ afterSeconds: 200 * 86_400 });
    const provided = await provide(view, await anyCsr());
    assert.equal(provided.issuance.state, 'awaitingValidation');
    await app.idle();
    assert.equal((await see(view)).certificate, null);
    app.checks.place('a.example.com');
    await app.advance(60);
    assert.equal((await see(view)).issuance.state, 'issued');
  });

  it('can be cancelled while it rests, and takes no CSR then', async () => {
    await begin();
    app.checks.place('a.example.com');
    const view = await place(app, customer.caller, ['a.example.com'], years);
    await app.idle();
    await app.ports.orders.cancel(customer.caller, view.order);
    assert.equal((await app.ports.accounts.get(customer.caller)).balanceMinor, 1_000_00);
    await assert.rejects(provide(view, await anyCsr()), { code: 'wrongState', message: /is cancelled/ });
  });

  it('is refused where the product needs it at once, and a bad CSR always', async () => {
    await begin();
    const before = await app.tables();
    await assert.rejects(place(app, customer.caller, ['a.example.com'], { productCode: 'paid', csr: null }), {
      code: 'invalidField',
      message: 'csr is required',
    });
    assert.deepEqual(await app.tables(), before);
    const view = await place(app, customer.caller, ['a.example.com'], years);
    await app.idle();
    const placed = await app.tables();
    await assert.rejects(provide(view, new Uint8Array([1, 2])), { code: 'badCsr' });
    const { csrDer } = await createSubscriber('a.example.com', { type: 'ed25519' });
    await assert.rejects(provide(view, csrDer), { code: 'badKey' });
    assert.deepEqual(await app.tables(), placed);
  });

  it('takes one CSR, even of two that come at once', async () => {
    await begin();
    const view = await place(app, customer.caller, ['a.example.com'], years);
    const csr = await anyCsr();
    const both = await Promise.allSettled([provide(view, csr), provide(view, csr)]);
    assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    await assert.rejects(provide(view, csr), { code: 'wrongState', message: /already has a CSR/ });
  });

  it('of another account does not exist', async () => {
    await begin();
    const view = await place(app, customer.caller, ['a.example.com'], years);
    const other = await createCustomer(app);
    await assert.rejects(app.ports.issuances.provideCsr(other.caller, view.order, await anyCsr()), {
      code: 'notFound',
    });
  });
});

describe('a method chosen while ordering', () => {
  const byMail = (address: string): Partial<PlaceOrder> => ({
    productCode: 'years',
    choices: byMailTo(address, ['mail.example.com']),
  });

  it('is kept, and its mail goes out with the order', async () => {
    await begin();
    const names = ['mail.example.com', 'file.example.com'];
    const view = await place(app, customer.caller, names, byMail('Admin@example.com'));
    await app.idle();
    const { authorizations } = await see(view);
    assert.deepEqual(
      authorizations.map(({ preferredMethod }) => preferredMethod),
      ['email', 'httpFile'],
    );
    assert.deepEqual(
      mail.sent.map(({ to }) => to),
      ['admin@example.com'],
    );
    app.checks.place('file.example.com');
    await app.ports.confirmations.decide(mail.token(), 'confirm', { address: '198.51.100.7', requestId: 'r' });
    await app.advance(60);
    assert.equal((await see(view)).issuance.state, 'issued');
  });

  it('waits with its mail for the approver', async () => {
    await begin({ approval: 'manual' });
    const view = await place(app, customer.caller, ['mail.example.com'], byMail('admin@example.com'));
    await app.idle();
    assert.equal(mail.sent.length, 0);
    app = await app.restart();
    await app.ports.approvals.decide(app.operator, { order: view.order }, { approve: true, note: '' });
    await app.idle();
    assert.equal(mail.sent.length, 1);
  });

  it('that cannot be is refused, and nothing is left of the order', async () => {
    await begin();
    const rows = [
      [byMail('evil@example.net'), /evil@example\.net/],
      [
        {
          productCode: 'years',
          choices: names('mail.example.com').map((name) => ({ name, choice: 'email' as const })),
        },
        /mail\.example\.com/,
      ],
      [{ ...byMail('a@b.example'), ...offering(() => []) }, /mail\.example\.com/],
    ] as const;
    const before = await app.tables();
    for (const [change, message] of rows) {
      await assert.rejects(place(app, customer.caller, ['mail.example.com'], change), { message });
      await assert.rejects(app.ports.orders.check(customer.caller, await orderFor(['mail.example.com'], change)), {
        message,
      });
    }
    assert.deepEqual(await app.tables(), before);
  });
});
