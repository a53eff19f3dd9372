/** Two things that are asked for at once: whichever comes first, one state and one price remain. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Caller } from '../../../src/domain/caller.ts';
import { CertError } from '../../../src/domain/errors.ts';
import type { Organization } from '../../../src/domain/organization.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import {
  type Customer,
  createCaller,
  createCustomer,
  issue,
  names,
  place,
  reissueFor,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';

let app: TestApp;
let customer: Customer;
let administrator: Caller;
let approvers: readonly [Caller, Caller];
let organization: Organization;
beforeEach(async () => {
  app = await startTestApp();
  customer = await createCustomer(app, { balanceMinor: opening, dialect: 'native' });
  const { account } = customer;
  administrator = await createCaller(app, account, { dialect: 'native', roles: ['administrator'] });
  const approver = () => createCaller(app, account, { dialect: 'native', roles: ['approver'] });
  approvers = [await approver(), await approver()];
  organization = await app.ports.organizations.add(administrator, { details });
});
afterEach(() => app.close());

const opening = 5_000_00;
const details = { name: 'Example Ltd', city: 'Shanghai', state: 'Shanghai', country: 'CN' } as const;
const paid = { productCode: 'encryption365:paid' } as const;
const setApproval = (approval: 'manual' | 'automatic') =>
  app.ports.accounts.change(app.operator, customer.account.id, { approval });

const issued = () => issue(app, customer.caller, ['a.example'], paid);
const reissue = async ({ order }: OrderView) =>
  app.ports.issuances.reissue(customer.caller, order, await reissueFor(['a.example', 'b.example']));
const duplicate = async ({ order }: OrderView) =>
  app.ports.issuances.duplicate(customer.caller, order, await reissueFor(['a.example']));
const cancel = ({ order }: OrderView) => app.ports.orders.cancel(customer.caller, order, { issuedWithinDays: 30 });
const revoke = ({ order }: OrderView) => app.ports.revocations.revokeOrder(approvers[0], order, 'superseded');
const askToRevoke = ({ order }: OrderView) =>
  app.ports.revocations.request(customer.caller, { order }, { reason: 'superseded', wish: {} });
const decide = (by: 0 | 1, approve: boolean) => (view: OrderView) =>
  app.ports.approvals.decide(approvers[by], { order: view.order }, { approve, note: '' });
const withdraw = ({ order }: OrderView) => app.ports.issuances.withdrawReissue(customer.caller, order);
const prove = async ({ order }: OrderView) => {
  app.checks.place('b.example');
  await app.ports.proving.recheck(customer.caller, order);
  await app.idle();
};
const removeName = ({ order }: OrderView) => app.ports.orders.removeNames(customer.caller, order, names('b.example'));
const renew = ({ order }: OrderView) =>
  place(app, customer.caller, ['a.example'], { ...paid, renewalOf: { id: order.id } });

interface Race {
  readonly begin: () => Promise<OrderView>;
  readonly sides: readonly [(view: OrderView) => Promise<unknown>, (view: OrderView) => Promise<unknown>];
  /** How many of the two may succeed. */
  readonly winners: readonly number[];
  readonly check?: (view: OrderView) => Promise<void> | void;
}

async function reissuing(): Promise<OrderView> {
  const view = await issued();
  await reissue(view);
  await app.idle();
  return view;
}

async function waiting(): Promise<OrderView> {
  await setApproval('manual');
  return place(app, customer.caller, ['a.example'], paid);
}

async function issuedThenManual(): Promise<OrderView> {
  const view = await issued();
  await setApproval('manual');
  return view;
}

async function revocationAsked(): Promise<OrderView> {
  const view = await issuedThenManual();
  await askToRevoke(view);
  return view;
}

const withOrganization = () =>
  place(app, customer.caller, ['a.example'], {
    productCode: 'encryption365:118',
    organization: { id: organization.id },
  });

const races: Readonly<Record<string, Race>> = {
  'two approvals': { begin: waiting, sides: [decide(0, true), decide(1, true)], winners: [1] },
  'an approval and a rejection': { begin: waiting, sides: [decide(0, true), decide(1, false)], winners: [1] },
  'an approval and the end of the order': { begin: waiting, sides: [decide(0, true), cancel], winners: [1, 2] },
  'two requests to revoke': {
    begin: issuedThenManual,
    sides: [askToRevoke, askToRevoke],
    winners: [1],
    check: async () => {
      const { total } = await app.ports.approvals.list(customer.caller, { limit: 9, offset: 0, states: ['pending'] });
      assert.equal(total, 1);
    },
  },
  'an approved revocation and a reissue': {
    begin: revocationAsked,
    sides: [decide(0, true), reissue],
    winners: [1, 2],
  },
  'a revocation and a reissue': {
    begin: issued,
    sides: [revoke, reissue],
    winners: [1, 2],
    check: (view) => assert.equal(view.order.state, 'revoked'),
  },
  'two reissues': { begin: issued, sides: [reissue, reissue], winners: [1] },
  'two withdrawals': { begin: reissuing, sides: [withdraw, withdraw], winners: [1] },
  'a withdrawal and the proof': { begin: reissuing, sides: [withdraw, prove], winners: [1, 2] },
  'a name that is taken out twice': { begin: reissuing, sides: [removeName, removeName], winners: [1] },
  'a name that is taken out and the proof': { begin: reissuing, sides: [removeName, prove], winners: [1, 2] },
  'a name that is taken out and the withdrawal': { begin: reissuing, sides: [removeName, withdraw], winners: [1, 2] },
  'two cancellations': { begin: issued, sides: [cancel, cancel], winners: [1] },
  'a cancellation and a reissue': { begin: issued, sides: [cancel, reissue], winners: [1, 2] },
  'a cancellation and a duplicate': {
    begin: issued,
    sides: [cancel, duplicate],
    winners: [1, 2],
  },
  'a cancellation and a revocation': { begin: issued, sides: [cancel, revoke], winners: [1] },
  'two renewals': {
    begin: issued,
    sides: [renew, renew],
    winners: [2],
    check: async ({ order }) => assert.ok(order.renewedBy !== null),
  },
  'a renewal and the cancellation of what it renews': { begin: issued, sides: [cancel, renew], winners: [1, 2] },
  'an order of an organization and its removal': {
    begin: issued,
    sides: [withOrganization, () => app.ports.organizations.remove(administrator, { id: organization.id })],
    winners: [1],
  },
};

/** Paid is what is kept, nothing is under way in what is over, and nothing valid is left in what was ended. */
async function checkBooks(): Promise<void> {
  const { read } = app.database;
  const lines = await read.ledger.list(customer.account.id, { limit: 100 });
  assert.equal(await read.ledger.balance(customer.account.id), await read.ledger.sum(customer.account.id));
  for (const { order } of (await app.ports.orders.list(customer.caller, { limit: 50 })).items) {
    const own = lines.filter(({ orderId }) => orderId === order.id);
    const paidMinor = own.reduce((sum, { amountMinor }) => sum - amountMinor, 0);
    const all = await read.issuances.listOfOrder(order.id);
    const kept = all.filter(({ state }) => order.state !== 'cancelled' && !['failed', 'cancelled'].includes(state));
    assert.equal(
      paidMinor,
      kept.reduce((sum, { chargedMinor }) => sum + chargedMinor, 0),
    );
    if (order.state === 'open' || order.state === 'active') continue;
    assert.deepEqual(
      all.filter(({ state }) => !['issued', 'failed', 'cancelled'].includes(state)),
      [],
    );
    const certificates = await read.certificates.list({ accountId: order.accountId, orderId: order.id, limit: 50 });
    assert.ok(certificates.every(({ state }) => state === 'revoked'));
    assert.deepEqual(await read.approvals.listWaitingOfOrder(order.id), []);
  }
}

for (const [title, { begin, sides, winners, check }] of Object.entries(races)) {
  describe(title, () => {
    for (const [order, both] of [
      ['one way', sides],
      ['the other way', sides.toReversed()],
    ] as const) {
      it(`at once, ${order}`, async () => {
        const view = await begin();
        const outcomes = await Promise.allSettled(both.map((side) => side(view)));
        for (const outcome of outcomes) {
          if (outcome.status === 'fulfilled') continue;
          assert.ok(outcome.reason instanceof CertError && outcome.reason.code !== 'internal', outcome.reason);
        }
        const won = outcomes.filter(({ status }) => status === 'fulfilled').length;
        assert.ok(winners.includes(won), `${won} succeeded`);
        await app.idle();
        await checkBooks();
        await check?.(await app.ports.orders.get(customer.caller, view.order));
      });
    }
  });
}
