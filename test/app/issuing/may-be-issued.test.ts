/** Whatever was allowed when something was ordered is asked again before it is signed, by every way that leads there. */

import assert from 'node:assert/strict';
import { afterEach, describe, it, type TestContext } from 'node:test';
import { idForm } from '../../../src/db/id-bytes.ts';
import type { Account } from '../../../src/domain/account.ts';
import { type CertError, reason } from '../../../src/domain/errors.ts';
import type { OrderView, PlaceOrder } from '../../../src/domain/ports/orders.ts';
import { defaultProfiles } from '../../../src/domain/profile.ts';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import {
  anyCsr,
  type Customer,
  createCaller,
  createCustomer,
  issue,
  orderFor,
  place,
  proofMaker,
  reissueFor,
  startTestApp,
  type TestApp,
  type TestAppOptions,
} from '../../support/app.ts';
import { queryOutside } from '../../support/tables.ts';

let app: TestApp;
let customer: Customer;
afterEach(() => app.close());

const daySeconds = 86_400;

async function begin(options: TestAppOptions = {}): Promise<void> {
  app = await startTestApp(options);
  customer = await createCustomer(app, { balanceMinor: 1_000_00 });
}

const change = (account: Partial<Pick<Account, 'state' | 'allowedNames' | 'productCodes'>>) =>
  app.ports.accounts.change(app.operator, customer.account.id, account);
const suspend = () => change({ state: 'suspended' });
const resume = () => change({ state: 'active' });
const see = ({ order }: Pick<OrderView, 'order'>) => app.ports.orders.get(customer.caller, order);
const issuanceOf = async ({ issuance }: OrderView) => app.database.read.issuances.get(issuance.id);
const balance = async () => (await app.ports.accounts.get(customer.caller)).balanceMinor;
const certificates = async () => (await app.ports.certificates.list(customer.caller, { limit: 100 })).items.length;
const kindsOf = async (subject: string) =>
  (await app.ports.events.list(app.operator, { limit: 50, subject })).items.map(({ kind }) => kind).toReversed();

/** It is not signed, says whose turn it is and why, and has a job that looks again. */
async function assertRests(view: OrderView, turn: 'customer' | 'operator', key: string): Promise<void> {
  const issuance = await issuanceOf(view);
  assert.deepEqual(
    [issuance?.state, issuance?.rest?.turn, issuance?.rest?.reason.key],
    ['awaitingValidation', turn, key],
  );
  const job = await app.database.read.jobs.get('validate', view.issuance.id);
  assert.equal(job?.state, 'waiting');
  assert.ok(job.runAt.getTime() - app.clock.now().getTime() <= 3_600_000, 'within the hour');
}

async function assertIssued(view: OrderView): Promise<void> {
  await app.idle();
  const issuance = await issuanceOf(view);
  assert.deepEqual([issuance?.state, issuance?.rest], ['issued', null]);
}

describe('a suspended account', () => {
  it('gets no certificate of an order whose names are proved meanwhile, until it is resumed', async () => {
    await begin();
    const view = await place(app, customer.caller, ['a.example.com']);
    await app.idle();
    await suspend();
    app.checks.place('a.example.com');
    await app.advance(60);
    await assertRests(view, 'operator', 'accountSuspended');
    assert.deepEqual(await kindsOf(view.order.id), ['order.placed', 'issuance.waits']);
    await app.advance(3 * 3600);
    assert.deepEqual(await kindsOf(view.order.id), ['order.placed', 'issuance.waits'], 'told once');
    await resume();
    await assertIssued(view);
  });

  it('gets none of a reissue or a duplicate either', async () => {
    await begin();
    const view = await issue(app, customer.caller, ['a.example.com'], { productCode: 'paid' });
    const wild = await issue(app, customer.caller, ['*.example.org'], { productCode: 'paid' });
    const reissue = await app.ports.issuances.reissue(
      customer.caller,
      view.order,
      await reissueFor(['a.example.com', 'b.example.com']),
    );
    const duplicate = await app.ports.issuances.duplicate(
      customer.caller,
      wild.order,
      await reissueFor(['b.example.org']),
    );
    await app.idle();
    const before = await certificates();
    await suspend();
    for (const name of ['b.example.com', 'b.example.org']) app.checks.place(name);
    await app.advance(120);
    assert.equal(await certificates(), before);
    for (const waiting of [reissue, duplicate]) await assertRests(waiting, 'operator', 'accountSuspended');
    await resume();
    for (const waiting of [reissue, duplicate]) await assertIssued(waiting);
  });

  it('gets none when its CSR comes, or when an approver decides', async () => {
    await begin();
    app.checks.place('later.example.com');
    app.checks.place('approved.example.com');
    const later = await place(app, customer.caller, ['later.example.com'], { productCode: 'years', csr: null });
    await app.idle();
    assert.equal((await see(later)).issuance.state, 'ready');
    await app.ports.accounts.change(app.operator, customer.account.id, { approval: 'manual' });
    const approved = await place(app, customer.caller, ['approved.example.com']);
    await suspend();
    await app.ports.issuances.provideCsr(customer.caller, later.order, await anyCsr());
    await app.ports.approvals.decide(app.operator, { order: approved.order }, { approve: true, note: '' });
    await app.idle();
    for (const waiting of [later, approved]) await assertRests(waiting, 'operator', 'accountSuspended');
    await resume();
    for (const waiting of [later, approved]) await assertIssued(waiting);
  });

  it('is given its money back when it stays suspended for longer than proofs are looked for', async () => {
    await begin();
    const view = await place(app, customer.caller, ['a.example.com'], { productCode: 'paid' });
    const paid = await balance();
    await suspend();
    app.checks.place('a.example.com');
    await app.advance(60);
    app = await app.restart({ afterSeconds: 29 * daySeconds });
    await app.idle();
    await assertRests(view, 'operator', 'accountSuspended');
    app = await app.restart({ afterSeconds: 2 * daySeconds });
    await app.idle();
    const { order, issuance } = await see(view);
    assert.deepEqual(
      [order.state, issuance.state, issuance.failure],
      ['failed', 'failed', reason('accountSuspended', {})],
    );
    assert.equal(await balance(), paid + view.order.totalMinor);
  });

  it('is asked for its proofs again when they ran out while it rested', async () => {
    const short = { reuseDays: 2 };
    await begin({ profiles: defaultProfiles.map((profile) => ({ ...profile, ...short })) });
    const view = await place(app, customer.caller, ['a.example.com']);
    await suspend();
    app.checks.place('a.example.com');
    await app.advance(60);
    app.checks.remove('a.example.com');
    app = await app.restart({ afterSeconds: 3 * daySeconds });
    await app.advance(10);
    await resume();
    await app.advance(10);
    assert.equal((await issuanceOf(view))?.state, 'awaitingValidation');
    app.checks.place('a.example.com');
    await app.advance(60);
    await assertIssued(view);
  });
});

type Way = (hook: () => void) => Promise<void>;

/** Each way to a certificate, its names proved beforehand; the hook is set right before the transaction that commits the plan. */
const ways: Readonly<Record<string, Way>> = {
  'a new order': async (hook) => {
    const request = await orderFor(['a.example.com']);
    hook();
    await app.ports.orders.place(customer.caller, request);
  },
  'a reissue': async (hook) => {
    const request = await reissueFor(['a.example.com']);
    const view = await issue(app, customer.caller, ['a.example.com']);
    hook();
    await app.ports.issuances.reissue(customer.caller, view.order, request);
  },
  'a duplicate': async (hook) => {
    const request = await reissueFor(['a.example.com']);
    const view = await issue(app, customer.caller, ['a.example.com']);
    hook();
    await app.ports.issuances.duplicate(customer.caller, view.order, request);
  },
  'a CSR that comes later': async (hook) => {
    const view = await place(app, customer.caller, ['a.example.com'], { productCode: 'years', csr: null });
    await app.idle();
    assert.equal((await see(view)).issuance.state, 'ready');
    const csr = await anyCsr();
    hook();
    await app.ports.issuances.provideCsr(customer.caller, view.order, csr);
  },
  'a reissue by itself': async (hook) => {
    await issue(app, customer.caller, ['a.example.com'], { productCode: 'years' });
    onProofs = hook;
    app = await app.restart({ afterSeconds: 170 * daySeconds });
  },
  'a renewal': async (hook) => {
    await issue(app, customer.caller, ['a.example.com'], { productCode: '100', isAutoRenewed: true });
    onProofs = hook;
    app = await app.restart({ afterSeconds: 61 * daySeconds });
  },
};

/** Called when the platform makes the proofs of what it begins by itself, the last thing before its transaction. */
let onProofs: () => void = () => undefined;
const proofMakers: TestAppOptions['proofMakers'] = {
  encryption365: {
    ...proofMaker,
    nextProofs: () => {
      onProofs();
      return proofMaker.nextProofs();
    },
  },
};

/** Acts right before the next transaction, as when both come at the same moment. */
function beforeNextWrite(t: TestContext, act: () => Promise<unknown>): () => boolean {
  let isDone = false;
  const { database } = app.context;
  const write = database.write.bind(database);
  const hook = t.mock.method(database, 'write', async (work: Parameters<typeof write>[0]) => {
    hook.mock.restore();
    isDone = true;
    await act();
    return write(work);
  });
  return () => isDone;
}

describe('an account that is suspended at the last moment', () => {
  for (const [name, go] of Object.entries(ways)) {
    it(`gets no certificate by ${name}`, async (t) => {
      await begin({ proofMakers });
      await issue(app, customer.caller, ['a.example.com']);
      let happened = () => false;
      let before = 0;
      const suspending = () => {
        onProofs = () => undefined;
        happened = beforeNextWrite(t, async () => {
          before = await certificates();
          await suspend();
        });
      };
      await go(suspending).catch((error: CertError) => assert.equal(error.reason.key, 'accountSuspended'));
      await app.idle();
      assert.ok(happened());
      assert.equal(await certificates(), before);
      const issuing = (await app.tables()).issuances?.filter(({ state }) => state === 'issuing') ?? [];
      assert.deepEqual(issuing, [], 'nothing is about to be signed');
    });
  }
});

describe('names that were allowed', () => {
  it('and are not any more when they are proved wait until they are again', async () => {
    await begin();
    const view = await place(app, customer.caller, ['a.example.com', 'a.example.org']);
    await change({ allowedNames: ['example.com'] });
    for (const name of ['a.example.com', 'a.example.org']) app.checks.place(name);
    await app.advance(60);
    await assertRests(view, 'operator', 'nameNotAllowedForAccount');
    await change({ allowedNames: ['example.com', 'example.org'] });
    await assertIssued(view);
  });

  it('and are not any more are in no reissue that begins by itself', async () => {
    await begin({ upkeep: true });
    const view = await issue(app, customer.caller, ['a.example.org'], { productCode: 'years' });
    await change({ allowedNames: ['example.com'] });
    app = await app.restart({ afterSeconds: 170 * daySeconds });
    await app.idle();
    assert.equal(await certificates(), 1);
    assert.ok((await kindsOf(view.order.id)).includes('order.reissueFailed'));
    await change({ allowedNames: null });
    app = await app.restart({ afterSeconds: 2 * daySeconds });
    await app.idle();
    assert.equal(await certificates(), 2);
  });

  it('in their container and are not any more wait for the account', async () => {
    await begin();
    const administrator = await createCaller(app, customer.account, { dialect: 'native', roles: ['administrator'] });
    const container = await app.ports.containers.add(administrator, { name: 'web', allowedNames: ['example.com'] });
    const view = await place(app, customer.caller, ['a.example.com'], { container: { id: container.id } });
    allowInContainer(container.id, ['example.org']);
    app.checks.place('a.example.com');
    await app.advance(60);
    await assertRests(view, 'customer', 'nameNotAllowedInContainer');
    allowInContainer(container.id, ['example.com']);
    await app.advance(3600);
    await assertIssued(view);
  });
});

/** Nobody can do that through certmux yet: as an upgrade, or a script of the operator's, would. */
function allowInContainer(id: string, allowed: readonly string[]): void {
  const sql = 'UPDATE containers SET allowed_names_json = ? WHERE id = ?';
  queryOutside(app.databasePath, sql, JSON.stringify(allowed), idForm('container').toBytes(id));
}

describe('a product', () => {
  const renewed = { isAutoRenewed: true, productCode: 'paid' } satisfies Partial<PlaceOrder>;
  const product = (isForSale: boolean) =>
    app.ports.catalogue.change(app.operator, 'encryption365', 'paid', { isForSale });

  it('that is not sold any more renews nothing, and is tried again as long as there is time', async () => {
    await begin({ upkeep: true });
    const view = await issue(app, customer.caller, ['a.example.com'], renewed);
    await product(false);
    app = await app.restart({ afterSeconds: 340 * daySeconds });
    await app.idle();
    assert.equal(await certificates(), 1);
    assert.ok((await kindsOf(view.order.id)).includes('order.renewalFailed'));
    await product(true);
    app = await app.restart({ afterSeconds: 2 * daySeconds });
    await app.idle();
    assert.equal(await certificates(), 2);
  });

  it('that the account may not order any more renews nothing either', async () => {
    await begin({ upkeep: true });
    const view = await issue(app, customer.caller, ['a.example.com'], renewed);
    const paid = await balance();
    await change({ productCodes: ['encryption365:100'] });
    app = await app.restart({ afterSeconds: 340 * daySeconds });
    await app.idle();
    assert.deepEqual([await certificates(), await balance()], [1, paid]);
    assert.ok((await kindsOf(view.order.id)).includes('order.renewalFailed'));
  });

  it('that is not sold any more still issues what was ordered before', async () => {
    await begin();
    const view = await place(app, customer.caller, ['a.example.com'], { productCode: 'paid' });
    await product(false);
    app.checks.place('a.example.com');
    await app.advance(60);
    await assertIssued(view);
  });
});

describe('an organization', () => {
  const details = { name: 'Example Ltd', city: 'Shanghai', state: 'Shanghai', country: 'CN' } as const;
  const verify = (id: string, days = 398) =>
    app.ports.organizations.verify(app.operator, { id }, { level: 'ov', verified: true, note: '', days });

  it('that is put away while its order waits for proofs is in no certificate until it is back', async () => {
    await begin();
    const registrar = await createCaller(app, customer.account, { dialect: 'native', roles: ['registrar'] });
    const { id } = await app.ports.organizations.add(registrar, { details, levels: ['ov'] });
    await verify(id);
    await app.ports.accounts.credit(app.operator, customer.account.id, { amountMinor: 9_000_00, note: '' });
    const view = await place(app, customer.caller, ['a.example.com'], { productCode: '118', organization: { id } });
    await app.ports.organizations.setState(registrar, { id }, 'inactive');
    app.checks.place('a.example.com');
    await app.advance(60);
    await assertRests(view, 'customer', 'wrongState');
    await app.ports.organizations.setState(registrar, { id }, 'active');
    await assertIssued(view);
  });

  it('whose verification ran out meanwhile is verified again first', async () => {
    await begin();
    const registrar = await createCaller(app, customer.account, { dialect: 'native', roles: ['registrar'] });
    const { id } = await app.ports.organizations.add(registrar, { details, levels: ['ov'] });
    await verify(id, 3);
    await app.ports.accounts.credit(app.operator, customer.account.id, { amountMinor: 9_000_00, note: '' });
    const view = await place(app, customer.caller, ['a.example.com'], { productCode: '118', organization: { id } });
    app = await app.restart({ afterSeconds: 4 * daySeconds });
    app.checks.place('a.example.com');
    await app.advance(3600);
    await assertRests(view, 'operator', 'awaitingOrganization');
    // That wait has no end of its own: the operator has it in a list.
    app = await app.restart({ afterSeconds: 40 * daySeconds });
    await app.idle();
    await assertRests(view, 'operator', 'awaitingOrganization');
    await verify(id);
    await assertIssued(view);
  });
});

describe('a proof', () => {
  it('that ran out before the CSR came is asked for again', async () => {
    await begin();
    app.checks.place('a.example.com');
    const view = await place(app, customer.caller, ['a.example.com'], { productCode: 'years', csr: null });
    await app.idle();
    app.checks.remove('a.example.com');
    app = await app.restart({ afterSeconds: 200 * daySeconds });
    await app.ports.issuances.provideCsr(customer.caller, view.order, await anyCsr());
    await app.advance(10);
    const waiting = await issuanceOf(view);
    assert.deepEqual([waiting?.state, waiting?.rest], ['awaitingValidation', null], 'the customer places it again');
    app.checks.place('a.example.com');
    await app.advance(60);
    await assertIssued(view);
  });
});

describe('what waits for its issuer', () => {
  let isAway = true;
  const awayIssuer: NonNullable<TestAppOptions['issuer']> = (embedded) => ({
    ...embedded,
    sign: async (request, signal) => {
      if (isAway) throw new Error('the issuer is away');
      return embedded.sign(request, signal);
    },
  });

  it('is asked again before it is signed, and goes on when the account is resumed', async () => {
    isAway = true;
    await begin({ issuer: awayIssuer });
    const view = await issue(app, customer.caller, ['a.example.com']);
    assert.equal(view.issuance.state, 'issuing');
    await app.advance(120);
    await suspend();
    isAway = false;
    await app.advance(1800);
    const waiting = await issuanceOf(view);
    assert.deepEqual([waiting?.state, waiting?.rest?.reason.key], ['issuing', 'accountSuspended']);
    assert.deepEqual(waiting?.plan, view.issuance.plan, 'its plan stays committed');
    await resume();
    await assertIssued(view);
    assert.equal((await see(view)).certificate?.serial, view.issuance.plan?.serial);
  });

  it('for longer than two days gets a plan of the day on which it is signed, and the serial before stays on record', async () => {
    isAway = true;
    await begin({ issuer: awayIssuer });
    const view = await issue(app, customer.caller, ['a.example.com']);
    await suspend();
    isAway = false;
    app = await app.restart({ afterSeconds: 3 * daySeconds });
    await app.idle();
    await resume();
    await app.idle();
    const { certificate } = await see(view);
    assert.ok(certificate);
    assert.notEqual(certificate.serial, view.issuance.plan?.serial);
    assert.ok(app.clock.now().getTime() - certificate.notBefore.getTime() < 3_600_000);
    const [again] = (await app.ports.events.list(app.operator, { limit: 50, subject: view.order.id })).items.filter(
      ({ kind }) => kind === 'issuance.plannedAgain',
    );
    assert.equal(again?.data.serialBefore, view.issuance.plan?.serial);
  });

  it('and whose proof ran out meanwhile is proved again before it is signed', async () => {
    isAway = true;
    await begin({ issuer: awayIssuer });
    const view = await issue(app, customer.caller, ['a.example.com']);
    assert.equal(view.issuance.state, 'issuing');
    await suspend();
    app.checks.remove('a.example.com');
    isAway = false;
    app = await app.restart({ afterSeconds: 3 * daySeconds });
    await app.database.write((tx) =>
      tx.authorizations.move(view.issuance.names[0]?.authorizationId ?? assert.fail(), ['valid'], 'expired'),
    );
    await app.idle();
    await resume();
    await app.advance(10);
    assert.equal((await issuanceOf(view))?.state, 'awaitingValidation', 'the customer places it again');
    app.checks.place('a.example.com');
    await app.advance(600);
    await assertIssued(view);
    assert.notEqual((await see(view)).certificate?.serial, view.issuance.plan?.serial);
  });

  it('and is never signed because its account stays suspended is paid back', async () => {
    isAway = true;
    await begin({ issuer: awayIssuer });
    const before = await balance();
    const view = await issue(app, customer.caller, ['a.example.com'], { productCode: 'paid' });
    await suspend();
    app = await app.restart({ afterSeconds: daySeconds });
    await app.idle();
    app = await app.restart({ afterSeconds: 31 * daySeconds });
    await app.idle();
    assert.deepEqual([(await issuanceOf(view))?.state, await balance()], ['failed', before]);
  });
});

describe('a CA that ends', () => {
  const nineAndAHalfYears = 9.5 * 365.25 * daySeconds;

  it('before the certificate would is told, and nothing is shortened in silence', async () => {
    await begin();
    const waiting = await place(app, customer.caller, ['waiting.example.com'], { productCode: 'paid' });
    const paid = await balance();
    // The account is suspended over the years, so that its order waits.
    await suspend();
    app.checks.place('waiting.example.com');
    await app.advance(60);
    app = await app.restart({ afterSeconds: nineAndAHalfYears });
    await resume();
    await assert.rejects(
      place(app, customer.caller, ['a.example.com'], { productCode: 'paid' }),
      (error: CertError) => {
        assert.equal(error.code, 'unavailable');
        assert.match(
          error.message,
          /^the CA certificate expires on 2036-05-\d\dT[\d:.]+Z, before the requested certificate would on 2036-/,
        );
        return true;
      },
    );
    assert.equal(await balance(), paid);
    assert.equal((await see(waiting)).certificate, null);
    const short = await issue(app, customer.caller, ['a.example.com'], { validity: { days: 30 } });
    assert.equal(short.issuance.state, 'issued', 'what ends before the CA does is issued');
  });

  it('while an order waits lets it rest with the reason', async () => {
    await begin();
    app = await app.restart({ afterSeconds: 10 * 365.25 * daySeconds - 366.5 * daySeconds });
    const view = await place(app, customer.caller, ['a.example.com'], { productCode: 'paid' });
    app = await app.restart({ afterSeconds: 2 * daySeconds });
    app.checks.place('a.example.com');
    await app.advance(3600);
    await assertRests(view, 'operator', 'authorityEndsTooSoon');
  });

  it('is announced years before: in the log at every start and each day, and in the audit log', async () => {
    await begin({ upkeep: true });
    const told = () =>
      app.log.lines.filter(({ message }) =>
        /^the intermediate .* ends on 2036-05-3\d.* its successor signs from 203\d-.* by itself/.test(message),
      );
    const recorded = async () =>
      (await app.ports.events.list(app.operator, { limit: 500 })).items.filter(
        ({ kind }) => kind === 'authority.endsSoon',
      );
    await app.idle();
    assert.deepEqual(told(), []);
    // The longest certificate (397 days) and a year more before the end, and not a day earlier.
    app = await app.restart({ afterSeconds: 10 * 365.25 * daySeconds - 764 * daySeconds, upkeep: true });
    await app.idle();
    assert.deepEqual(told(), []);
    app = await app.restart({ afterSeconds: 3 * daySeconds, upkeep: true });
    await app.idle();
    assert.equal(told().length, 2, 'one of each key kind');
    assert.equal((await recorded()).length, 2);
    for (const _ of [1, 2]) {
      app = await app.restart({ afterSeconds: daySeconds });
      await app.idle();
    }
    assert.equal(told().length, 6, 'every day');
    assert.equal((await recorded()).length, 2, 'but not each time in the audit log');
  });
});

describe('a certificate right after its CA was made', () => {
  it('begins no earlier than the CA, and lasts as long as any other', async () => {
    await begin({ profiles: defaultProfiles.map((profile) => ({ ...profile, backdateSeconds: 3600 })) });
    const { certificate } = await issue(app, customer.caller, ['a.example.com'], { validity: { days: 10 } });
    assert.ok(certificate);
    const ca = (await app.database.read.authorities.list()).find(({ id }) => id === certificate.authorityId);
    assert.ok(ca);
    assert.deepEqual(certificate.notBefore, parseCertificate(ca.certificate).notBefore);
    assert.equal(certificate.notAfter.getTime() - certificate.notBefore.getTime(), 10 * daySeconds * 1000 - 1000);
  });
});
