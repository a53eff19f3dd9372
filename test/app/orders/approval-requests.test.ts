/** Requests for approval as objects: who may decide them, what a decision moves on, how they end, how they are found. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Account, User } from '../../../src/domain/account.ts';
import type { ApprovalWish } from '../../../src/domain/approval.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { nextId } from '../../../src/domain/ids.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import type { Role } from '../../../src/domain/role.ts';
import {
  type Customer,
  createCaller,
  createCustomer,
  issue,
  origin,
  place,
  reissueFor,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';

let app: TestApp;
beforeEach(async () => {
  app = await startTestApp();
});
afterEach(() => app.close());

const paid = { productCode: 'encryption365:paid' } as const;
const manual = { approval: 'manual', balanceMinor: 1_000_00, dialect: 'native' } as const;

const decide = (by: Caller, view: Pick<OrderView, 'approval'>, approve = true) =>
  app.ports.approvals.decide(by, { number: view.approval?.number ?? 0 }, { approve, note: approve ? 'fine' : 'no' });
const see = ({ caller }: Customer, { order }: OrderView) => app.ports.orders.get(caller, order);
const balance = async ({ caller }: Customer) => (await app.ports.accounts.get(caller)).balanceMinor;
const kindsOf = async ({ order }: OrderView) =>
  (await app.ports.events.list(app.operator, { limit: 20, subject: order.id })).items.map(({ kind }) => kind);

async function refused(ask: () => Promise<unknown>, error: object): Promise<void> {
  const before = await app.tables();
  await assert.rejects(ask, error);
  assert.deepEqual(await app.tables(), before);
}

const approver = (customer: Customer, role: Role = 'approver') =>
  createCaller(app, customer.account, { dialect: 'native', roles: [role] });

let people = 0;

/** A person of the account, and a way to give them one key after another. */
async function createPerson({ id: accountId }: Account, roles: readonly Role[]) {
  people++;
  const request = { accountId, username: `person${people}@example.com`, password: 'correct horse 1', roles };
  const user: User = await app.ports.users.create(app.operator, request);
  async function key(): Promise<Caller> {
    const { credential, secret } = await app.ports.credentials.create(app.operator, {
      accountId,
      userId: user.id,
      dialect: 'native',
      label: 'key',
      roles,
      allowedAddresses: null,
    });
    const { publicId } = credential;
    return app.ports.signIn.authenticate({ dialect: 'native', publicId, secret }, origin);
  }
  return { user, key };
}

/** An order with a certificate in an account where requests wait. */
async function issued(customer: Customer, ...texts: readonly string[]): Promise<OrderView> {
  const view = await issue(app, customer.caller, texts, paid);
  const by = await approver(customer);
  await decide(by, view);
  const { approval } = view;
  if (customer.account.approval === 'twoStep') await decide(await approver(customer), { approval });
  await app.idle();
  const active = await see(customer, view);
  assert.equal(active.order.state, 'active');
  return active;
}

const revoke = (customer: Customer, { order }: OrderView, wish: ApprovalWish = {}) =>
  app.ports.revocations.request(customer.caller, { order }, { reason: 'superseded', wish });

describe('who may decide', () => {
  it('the requester too, unless the account separates duties; then no key of the same person', async () => {
    for (const separatesDuties of [false, true]) {
      const customer = await createCustomer(app, { ...manual, separatesDuties });
      const person = await createPerson(customer.account, ['requester', 'approver']);
      const [ordering, deciding] = [await person.key(), await person.key()];
      assert.notEqual(ordering.actor, deciding.actor);
      const view = await place(app, ordering, ['a.example'], paid);
      const number = String(view.approval?.number);
      if (!separatesDuties) {
        assert.equal((await decide(deciding, view)).approval.state, 'approved');
        continue;
      }
      const reason = { key: 'approverIsRequester', params: { value: number } };
      await refused(() => decide(deciding, view), { code: 'forbidden', reason });
      await refused(() => decide(ordering, view), { code: 'forbidden', reason });
      const other = await createPerson(customer.account, ['approver']);
      assert.equal((await decide(await other.key(), view)).approval.state, 'approved');
    }
  });

  it('the requester may withdraw what they asked for, also where duties are separate', async () => {
    const customer = await createCustomer(app, { ...manual, separatesDuties: true });
    const own = await (await createPerson(customer.account, ['requester', 'approver'])).key();
    const view = await place(app, own, ['a.example'], paid);
    assert.equal((await decide(own, view, false)).view.order.state, 'rejected');
  });

  it('only approvers, administrators and operators, and only of the account', async () => {
    const customer = await createCustomer(app, manual);
    const view = await place(app, customer.caller, ['a.example'], paid);
    const stranger = await approver(await createCustomer(app));
    await refused(() => decide(customer.caller, view), { code: 'forbidden' });
    await refused(() => decide(stranger, view), { code: 'notFound', message: /approval \d+/ });
    await assert.rejects(app.ports.approvals.get(stranger, { number: view.approval?.number ?? 0 }), {
      code: 'notFound',
    });
    await assert.rejects(app.ports.approvals.get(customer.caller, { id: 'apr_nonsense' }), { code: 'notFound' });
    const found = await app.ports.approvals.get(customer.caller, { id: view.approval?.id ?? '' });
    assert.deepEqual([found.approval, found.view.order.id], [view.approval, view.order.id]);
  });
});

describe('two steps', () => {
  it('need two people; nothing happens after the first', async () => {
    const customer = await createCustomer(app, { ...manual, approval: 'twoStep' });
    const view = await place(app, customer.caller, ['a.example'], paid);
    assert.deepEqual([view.approval?.state, view.approval?.requestedBy], ['submitted', customer.caller.actor]);
    const person = await createPerson(customer.account, ['approver']);
    const [first, sameAgain] = [await person.key(), await person.key()];
    const step = await decide(first, view);
    assert.deepEqual([step.approval.state, step.view.issuance.state], ['pending', 'awaitingApproval']);
    assert.deepEqual(app.checks.looks, []);
    const reason = { key: 'approverOfFirstStep', params: { value: String(view.approval?.number) } };
    for (const by of [first, sameAgain]) await refused(() => decide(by, view), { code: 'forbidden', reason });
    const second = await approver(customer);
    const { approval, view: after } = await decide(second, view);
    assert.deepEqual([approval.state, after.issuance.state], ['approved', 'awaitingValidation']);
    assert.deepEqual(
      approval.decisions.map(({ by, approve, note, at }) => [by, approve, note, at]),
      [
        [first.actor, true, 'fine', app.clock.now()],
        [second.actor, true, 'fine', app.clock.now()],
      ],
    );
    assert.deepEqual((await kindsOf(view)).toReversed(), ['order.placed', 'approval.firstStep', 'order.approved']);
  });

  it('end at a rejection in either of them', async () => {
    for (const steps of [0, 1]) {
      const customer = await createCustomer(app, { ...manual, approval: 'twoStep' });
      const view = await place(app, customer.caller, ['a.example'], paid);
      if (steps === 1) await decide(await approver(customer), view);
      const { approval, view: after } = await decide(await approver(customer), view, false);
      assert.deepEqual([approval.state, after.order.state], ['rejected', 'rejected']);
      assert.equal(await balance(customer), 1_000_00);
    }
  });

  it('racing through both at once moves one step, and one person never two', async () => {
    const customer = await createCustomer(app, { ...manual, approval: 'twoStep' });
    const view = await place(app, customer.caller, ['a.example'], paid);
    const by = await approver(customer);
    const both = await Promise.allSettled([decide(by, view), decide(by, view)]);
    assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    const { approval } = await app.ports.approvals.get(by, { number: view.approval?.number ?? 0 });
    assert.equal(approval.state, 'pending');
  });
});

describe('an order that asks to skip approval', () => {
  const rows = [
    // policy, separates duties, role, what the request is born as
    ['manual', false, 'approver', 'approved'],
    ['manual', false, 'administrator', 'approved'],
    ['manual', false, 'requester', 'pending'],
    ['manual', true, 'approver', 'pending'],
    ['twoStep', false, 'administrator', 'submitted'],
    ['automatic', true, 'requester', 'approved'],
  ] as const;
  for (const [approval, separatesDuties, role, state] of rows) {
    it(`${approval}${separatesDuties ? ', duties separate' : ''}, by ${role}: ${state}`, async () => {
      const customer = await createCustomer(app, { ...manual, approval, separatesDuties });
      const by = await approver(customer, role);
      const wish = { skip: true, comments: 'please, by Friday' };
      const view = await place(app, by, ['a.example'], { ...paid, approval: wish });
      assert.deepEqual([view.approval?.state, view.approval?.comments], [state, 'please, by Friday']);
      assert.equal(view.issuance.state, state === 'approved' ? 'awaitingValidation' : 'awaitingApproval');
    });
  }

  it('is honoured for a reissue as well', async () => {
    const customer = await createCustomer(app, manual);
    const view = await issued(customer, 'a.example');
    const by = await approver(customer, 'administrator');
    const request = await reissueFor(['a.example'], { approval: { skip: true } });
    const { approval } = await app.ports.issuances.reissue(by, view.order, request);
    assert.deepEqual([approval?.asks, approval?.state], ['reissue', 'approved']);
  });
});

describe('a decision about a reissue', () => {
  it('moves on that reissue, or ends it alone', async () => {
    const customer = await createCustomer(app, manual);
    const view = await issued(customer, 'a.example');
    const ask = async () => app.ports.issuances.reissue(customer.caller, view.order, await reissueFor(['a.example']));
    const refusedOne = await ask();
    const { view: after } = await decide(await approver(customer), refusedOne, false);
    assert.deepEqual([after.order.state, after.issuance.state], ['active', 'failed']);
    const approvedOne = await ask();
    await refused(async () => decide(await Promise.resolve(app.operator), refusedOne), { code: 'wrongState' });
    await decide(await approver(customer), approvedOne);
    await app.idle();
    assert.equal((await see(customer, view)).issuance.state, 'issued');
  });
});

describe('the requests of an order', () => {
  it('are those of no other order', async () => {
    const customer = await createCustomer(app, manual);
    const [one, other] = [
      await place(app, customer.caller, ['one.example'], paid),
      await place(app, customer.caller, ['other.example'], paid),
    ];
    const of = async (orderNumber: number, caller = customer.caller) =>
      app.ports.approvals.list(caller, { orderNumbers: [orderNumber], limit: 10, offset: 0 });
    for (const { order, approval } of [one, other]) {
      const { items, total } = await of(order.number);
      assert.deepEqual([items.map((item) => item.approval.id), total], [[approval?.id], 1]);
    }
    assert.deepEqual(await of(1), { items: [], total: 0 });
    const stranger = await createCustomer(app, manual);
    assert.deepEqual(await of(one.order.number, stranger.caller), { items: [], total: 0 });
  });
});

describe('asking for a revocation', () => {
  it('does it at once where nobody need be asked', async () => {
    const customer = await createCustomer(app, { ...manual, approval: 'automatic' });
    const view = await issue(app, customer.caller, ['a.example'], paid);
    const { approval, view: after } = await revoke(customer, view, { comments: 'the shop closes' });
    assert.deepEqual([approval?.state, approval?.asks, approval?.comments], ['approved', 'revoke', 'the shop closes']);
    assert.deepEqual([after.order.state, after.certificate?.state], ['revoked', 'revoked']);
    const other = await issue(app, customer.caller, ['b.example'], paid);
    assert.equal((await revoke(customer, other, { skip: true })).approval, null);
  });

  it('waits otherwise, and is done in the transaction that approves it', async () => {
    const customer = await createCustomer(app, { ...manual, approval: 'twoStep' });
    const view = await issued(customer, 'a.example');
    const { approval, view: before } = await revoke(customer, view, { comments: 'the key leaked' });
    assert.ok(approval);
    assert.deepEqual([before.order.state, before.certificate?.state], ['active', 'valid']);
    assert.deepEqual(
      [approval.asks, approval.state, approval.comments, approval.issuanceId, approval.revocation],
      ['revoke', 'submitted', 'the key leaked', view.issuance.id, { certificateId: null, reason: 'superseded' }],
    );
    await decide(await approver(customer), { approval });
    assert.equal((await see(customer, view)).certificate?.state, 'valid', 'one step is not enough');
    const decided = await decide(await approver(customer), { approval });
    assert.deepEqual([decided.approval.state, decided.view.order.state], ['approved', 'revoked']);
    assert.equal(decided.view.certificate?.revocationReason, 'superseded');
    const kinds = (await kindsOf(view)).toReversed();
    assert.deepEqual(kinds.slice(-4), [
      'revocation.requested',
      'approval.firstStep',
      'revocation.approved',
      'certificate.revoked',
    ]);
  });

  it('that is refused changes nothing', async () => {
    const customer = await createCustomer(app, manual);
    const view = await issued(customer, 'a.example');
    const { approval } = await revoke(customer, view);
    const { view: after } = await decide(await approver(customer), { approval }, false);
    assert.deepEqual([after.order.state, after.certificate?.state], ['active', 'valid']);
    const again = await revoke(customer, view);
    assert.equal(again.approval?.state, 'pending', 'it may be asked for again');
  });

  it('of one certificate finds it by id, number and serial, however that is written', async () => {
    const customer = await createCustomer(app, { ...manual, approval: 'automatic' });
    const view = await issue(app, customer.caller, ['a.example'], paid);
    const certificate = view.certificate ?? assert.fail();
    const stored = certificate.serial;
    const short = `00${stored.slice(2)}`;
    await app.database.write(async (tx) => {
      const certificateId = await nextId('certificate', app.context);
      const issuanceId = await nextId('issuance', app.context);
      await tx.issuances.insert({ ...view.issuance, id: issuanceId, kind: 'duplicate', certificateId });
      await tx.certificates.insert({ ...certificate, id: certificateId, issuanceId, serial: short });
    });
    const forms = [stored, stored.toUpperCase(), `00${stored}`.slice(2), stored.match(/../g)?.join(':') ?? ''];
    for (const form of [...forms, certificate.id, String(certificate.number)]) {
      assert.equal((await app.ports.certificates.get(customer.caller, form)).certificate.id, certificate.id);
    }
    for (const form of [short, short.slice(2), short.slice(2).toUpperCase(), short.replace(/^0+/, '')]) {
      assert.equal((await app.ports.certificates.get(customer.caller, form)).certificate.serial, short);
    }
    const stranger = await createCustomer(app, manual);
    for (const form of [stored, certificate.id, 'ab', 'nonsense', '']) {
      await assert.rejects(
        app.ports.revocations.request(stranger.caller, { certificate: form }, { reason: 'keyCompromise', wish: {} }),
        { code: 'notFound', message: /certificate/ },
      );
    }
    const done = await app.ports.revocations.request(
      customer.caller,
      { certificate: stored.toUpperCase() },
      { reason: 'keyCompromise', wish: {} },
    );
    assert.equal(done.view.certificate?.state, 'revoked');
    assert.equal(done.view.order.state, 'active', 'there is another');
  });

  it('of one certificate revokes that one when it is approved, and the order stays active without any', async () => {
    const customer = await createCustomer(app, manual);
    const first = await issued(customer, 'a.example');
    const by = await approver(customer);
    await decide(by, await app.ports.issuances.reissue(customer.caller, first.order, await reissueFor(['a.example'])));
    await app.idle();
    const older = first.certificate ?? assert.fail();
    const ask = (certificate: string) =>
      app.ports.revocations.request(customer.caller, { certificate }, { reason: 'superseded', wish: {} });
    const { approval, view } = await ask(older.id);
    assert.equal(view.certificate?.id, older.id, 'the order as of that certificate');
    await refused(() => ask(older.serial), { code: 'wrongState', message: /approval \d+ is pending/ });
    const { view: after } = await decide(by, { approval });
    assert.deepEqual([after.certificate?.id, after.certificate?.state], [older.id, 'revoked']);
    assert.equal(after.order.state, 'active');
    await refused(() => ask(older.id), { code: 'wrongState', message: /certificate \d+ is revoked/ });
    const { certificate: newer } = await see(customer, first);
    await decide(by, await ask(newer?.id ?? ''));
    const last = await see(customer, first);
    assert.deepEqual([last.order.state, last.certificate?.state], ['active', 'revoked']);
  });

  it('is refused without a certificate, while a reissue is under way, and for who may only look', async () => {
    const customer = await createCustomer(app, manual);
    const open = await place(app, customer.caller, ['b.example'], paid);
    await refused(() => revoke(customer, open), { code: 'wrongState', message: /is open/ });
    const view = await issued(customer, 'a.example');
    await app.ports.issuances.reissue(customer.caller, view.order, await reissueFor(['a.example']));
    await refused(() => revoke(customer, view), { code: 'wrongState', message: /is awaitingApproval/ });
    const caller = await approver(customer, 'viewer');
    await refused(() => revoke({ ...customer, caller }, view), { code: 'forbidden' });
  });

  it('that waits ends with what it is about', async () => {
    const customer = await createCustomer(app, manual);
    const view = await issued(customer, 'a.example');
    const certificate = view.certificate ?? assert.fail();
    const one = await app.ports.revocations.request(
      customer.caller,
      { certificate: certificate.id },
      { reason: 'superseded', wish: {} },
    );
    const all = await revoke(customer, view);
    await decide(await approver(customer), { approval: all.approval });
    const ended = await app.ports.approvals.get(customer.caller, { id: one.approval?.id ?? '' });
    assert.deepEqual(
      ended.approval.decisions.map(({ approve, by, note }) => [approve, by, note]),
      [[false, null, 'the order was revoked']],
    );
    assert.equal(ended.approval.state, 'rejected');
    await refused(() => decide(app.operator, { approval: one.approval }), { code: 'wrongState' });
  });
});

describe('revoking without words for an approval', () => {
  it('asks for it where the account wants one, whichever front door it is', async () => {
    const customer = await createCustomer(app, manual);
    const view = await issued(customer, 'a.example');
    const asked = await app.ports.revocations.revokeOrder(customer.caller, view.order, 'keyCompromise');
    assert.deepEqual([asked.order.state, asked.certificate?.state], ['active', 'valid']);
    assert.deepEqual([asked.approval?.asks, asked.approval?.state], ['revoke', 'pending']);
    const other = await issued(customer, 'b.example');
    const certificate = other.certificate ?? assert.fail();
    const one = await app.ports.revocations.revokeCertificate(customer.caller, certificate.id, 'superseded');
    assert.deepEqual([one.certificate.state, one.approval?.revocation?.certificateId], ['valid', certificate.id]);
    await decide(await approver(customer), { approval: asked.approval });
    assert.equal((await see(customer, view)).order.state, 'revoked');
  });

  it('is done at once by who may approve alone, and by the operator in any account', async () => {
    const customer = await createCustomer(app, manual);
    const first = await issued(customer, 'a.example');
    const by = await approver(customer);
    assert.equal((await app.ports.revocations.revokeOrder(by, first.order, 'superseded')).order.state, 'revoked');
    const strict = await createCustomer(app, { ...manual, approval: 'twoStep', separatesDuties: true });
    const placed = await place(app, strict.caller, ['b.example'], paid);
    app.checks.place('b.example');
    for (const roles of [['approver'], ['administrator']] as const) {
      await decide(await (await createPerson(strict.account, roles)).key(), placed);
    }
    await app.idle();
    const { certificate } = await see(strict, placed);
    const revoked = await app.ports.revocations.revokeCertificate(app.operator, certificate?.id ?? '', 'keyCompromise');
    assert.deepEqual([revoked.certificate.state, revoked.approval], ['revoked', null]);
  });
});

it('a request ends when the coverage of its order does', async () => {
  await app.close();
  app = await startTestApp({ upkeep: true });
  const customer = await createCustomer(app, manual);
  const view = await issue(app, customer.caller, ['a.example'], { productCode: 'encryption365:month' });
  await decide(await approver(customer), view);
  await app.idle();
  const { approval } = await revoke(customer, view);
  assert.equal(approval?.state, 'pending');
  app = await app.restart({ afterSeconds: 32 * 86_400 });
  await app.idle();
  const ended = await app.ports.approvals.get(customer.caller, { id: approval?.id ?? '' });
  assert.deepEqual([ended.view.order.state, ended.approval.state], ['ended', 'rejected']);
  assert.deepEqual(ended.approval.decisions.at(-1)?.by, null);
});

describe('the list of requests', () => {
  it('filters, counts and pages, newest first', async () => {
    const customer = await createCustomer(app, manual);
    const first = await issued(customer, 'a.example');
    const second = await place(app, customer.caller, ['b.example'], paid);
    const { approval: third } = await revoke(customer, first);
    const other = await createCustomer(app, manual);
    await place(app, other.caller, ['c.example'], paid);
    const list = async (query: Partial<Parameters<TestApp['ports']['approvals']['list']>[1]>, by = customer.caller) => {
      const page = await app.ports.approvals.list(by, { limit: 10, offset: 0, ...query });
      return [page.total, page.items.map(({ approval }) => approval.number)];
    };
    const [one, two, three] = [first.approval?.number, second.approval?.number, third?.number];
    assert.deepEqual(await list({}), [3, [three, two, one]]);
    assert.deepEqual(await list({ limit: 1, offset: 1 }), [3, [two]]);
    assert.deepEqual(await list({ states: ['submitted', 'pending'] }), [2, [three, two]]);
    assert.deepEqual(await list({ states: ['pending'], asks: ['new'] }), [1, [two]]);
    assert.deepEqual(await list({ asks: ['revoke'] }), [1, [three]]);
    assert.equal((await list({}, app.operator))[0], 4);
    const elsewhere = await createCaller(app, customer.account, { dialect: 'httpsok', roles: ['approver'] });
    assert.deepEqual(await list({}, elsewhere), [0, []], 'of orders of another front door');
    const { items } = await app.ports.approvals.list(customer.caller, { limit: 1, offset: 0 });
    assert.deepEqual([items[0]?.view.order.id, items[0]?.view.approval?.number], [first.order.id, three]);
  });
});
