/** Checks that begin when the client asks and decide for good: of orders, and of authorizations before any order. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Account } from '../../../src/domain/account.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { type Reason, reason } from '../../../src/domain/errors.ts';
import type { AuthorizationView, NewAuthorizations } from '../../../src/domain/ports/authorizations.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import {
  createCaller,
  createCustomer,
  names,
  newReference,
  place as placeIn,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';
import { until } from '../../support/system.ts';

let app: TestApp;
let account: Account;
let caller: Caller;
before(async () => {
  app = await startTestApp();
  ({ account, caller } = await createCustomer(app, { roles: ['requester'], balanceMinor: 1_000_000 }));
});
after(() => app.close());

/** The positions of `challengesFor`. */
const http = 0;
const cname = 2;
const daySeconds = 86_400;

let names_ = 0;
function fresh(): string {
  names_++;
  return `name${names_}.example`;
}

function requestFor(texts: readonly string[], change: Partial<NewAuthorizations> = {}): NewAuthorizations {
  return {
    names: names(...texts),
    productCode: '100',
    proofReference: newReference(),
    preferredMethod: 'httpFile',
    dialectData: {},
    pendingUntil: new Date(app.clock.now().getTime() + 7 * daySeconds * 1000),
    ...change,
  };
}

async function create(texts: readonly string[], by = caller): Promise<readonly AuthorizationView[]> {
  return app.ports.authorizations.create(by, requestFor(texts));
}

async function createOne(name: string, by = caller): Promise<AuthorizationView> {
  const [one] = await create([name], by);
  return one ?? assert.fail();
}

const read = async ({ authorization: { id } }: AuthorizationView) =>
  (await app.ports.authorizations.get(caller, id)).authorization;
const check = ({ authorization: { id } }: AuthorizationView, challenge = http, by = caller) =>
  app.ports.authorizations.check(by, id, challenge);
const looksOf = (name: string) => app.checks.looks.filter((look) => look.name === name);
const place = (texts: readonly string[]) => placeIn(app, caller, texts, { isCheckedOnRequest: true });

async function authorizationsOf({ order }: OrderView): Promise<readonly AuthorizationView[]> {
  return app.ports.authorizations.listOfOrder(caller, order);
}

async function stateOf({ order }: OrderView) {
  const { issuance, order: now } = await app.ports.orders.get(caller, order);
  return [now.state, issuance.state] as const;
}

const away = (name: string): Reason => reason('dnsServerFailure', { name, rcode: 'SERVFAIL' });
const otherContent = (name: string): Reason =>
  reason('fileWrongContent', { url: `http://${name}/`, found: '"x"', expected: '"proof"' });

describe('a check on request', () => {
  it('is the first look there is, and only at the challenge that was named', async () => {
    const name = fresh();
    app.checks.place(name, 'dnsCname');
    const view = await createOne(name);
    await app.advance(3600);
    assert.deepEqual(looksOf(name), []);
    assert.equal((await read(view)).state, 'pending');
    const asked = await check(view, cname);
    assert.deepEqual(asked.authorization.attempt, { challenge: cname, requestedAt: app.clock.now(), looks: 0 });
    await app.idle();
    assert.deepEqual(
      looksOf(name).map(({ method }) => method),
      ['dnsCname'],
    );
    const proved = await read(view);
    assert.deepEqual([proved.state, proved.provedBy, proved.attempt?.challenge], ['valid', 'dnsCname', cname]);
  });

  const schedules: readonly (readonly [string, number, (name: string) => Reason, readonly number[]])[] = [
    ['a file, where nobody answers', http, away, [0, 2, 5]],
    ['a file with other content: the second look decides', http, otherContent, [0, 2]],
    ['a record that is not there', cname, (name) => reason('dnsNoSuchName', { name }), [0, 2, 5, 10, 20, 30]],
    ['a record, while the resolver is away', cname, away, [0, 2, 5, 10, 20, 30]],
  ];
  for (const [what, challenge, problem, seconds] of schedules) {
    it(`looks after ${seconds.join(', ')} s and then fails for good: ${what}`, async () => {
      const name = fresh();
      app.checks.failWith(name, problem(name));
      const view = await createOne(name);
      const since = app.clock.now().getTime();
      await check(view, challenge);
      await app.advance((seconds.at(-1) ?? 0) - 1);
      assert.equal((await read(view)).state, 'pending');
      await app.advance(60);
      assert.deepEqual(
        looksOf(name).map(({ at }) => (at.getTime() - since) / 1000),
        seconds,
      );
      const failed = await read(view);
      assert.deepEqual([failed.state, failed.attempt?.challenge], ['invalid', challenge]);
      assert.equal(failed.checks[0]?.problem?.key, problem(name).key);
      const [event] = (await app.ports.events.list(app.operator, { limit: 1, subject: failed.id })).items;
      assert.deepEqual([event?.kind, event?.actor], ['authorization.failed', 'system']);
      assert.deepEqual([event?.data.name, event?.data.looks], [name, seconds.length]);
      app.checks.place(name, 'httpFile');
      await assert.rejects(check(view, challenge), { code: 'wrongState' });
      await app.advance(daySeconds);
      assert.equal((await read(view)).state, 'invalid');
    });
  }

  it('that fails tells the account no more of an internal host than the authorization does; the operator reads all', async () => {
    const name = fresh();
    app.checks.answerFromInside(name);
    app.checks.failWith(
      name,
      reason('fileWrongContent', { url: `http://${name}/`, found: '"inner"', expected: '"proof"' }),
    );
    const view = await createOne(name);
    await check(view);
    await app.advance(60);
    const approver = await createCaller(app, account, { roles: ['approver'] });
    const query = { limit: 1, subject: view.authorization.id };
    const [event] = (await app.ports.events.list(approver, query)).items;
    const failed = await read(view);
    assert.deepEqual([event?.kind, event?.data.problem], ['authorization.failed', failed.checks[0]?.problem]);
    assert.equal(failed.checks[0]?.problem?.key, 'fileOtherContent');
    const feed = await app.ports.events.after(approver, { seq: 0, limit: 1000 });
    for (const shown of [event, feed]) assert.doesNotMatch(JSON.stringify(shown), /inner|192\.0\.2\.53/);
    const [whole] = (await app.ports.events.list(app.operator, query)).items;
    assert.match(JSON.stringify(whole?.data.detail), /inner/);
    assert.deepEqual(whole?.data.answeredBy, ['192.0.2.53']);
  });

  it('finds what comes between two looks, and is then decided', async () => {
    const name = fresh();
    const view = await createOne(name);
    await check(view, cname);
    await app.advance(6);
    app.checks.place(name, 'dnsCname');
    await app.advance(4);
    assert.equal((await read(view)).state, 'valid');
    assert.equal(looksOf(name).length, 4);
  });

  it('runs once for one challenge: asked again it looks at once, but not twice within a second, and spends no look', async () => {
    const name = fresh();
    const view = await createOne(name);
    await check(view, cname);
    await app.idle();
    await app.advance(6);
    for (let i = 0; i < 5; i++) await check(view, cname);
    await app.idle();
    const before = looksOf(name).length;
    await app.advance(1);
    await Promise.all([check(view, cname), check(view, cname)]);
    await app.advance(1);
    assert.ok(looksOf(name).length - before <= 2, `${looksOf(name).length - before} looks in two seconds`);
    assert.equal((await read(view)).state, 'pending');
    await assert.rejects(check(view, http), {
      reason: {
        key: 'wrongState',
        params: { what: 'authorization', value: view.authorization.id, state: 'being checked', needed: 'pending' },
      },
    });
    await app.advance(60);
    assert.equal((await read(view)).state, 'invalid');
  });

  it('of two challenges at once is one', async () => {
    const name = fresh();
    // Either may be first.
    for (const method of ['httpFile', 'dnsCname'] as const) app.checks.place(name, method);
    const view = await createOne(name);
    const both = await Promise.allSettled([check(view, http), check(view, cname)]);
    assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    await app.idle();
    assert.equal((await read(view)).state, 'valid');
  });

  it('that takes long is looked at a second time before it fails', async () => {
    const name = fresh();
    app.checks.delay(name, 10_000);
    const view = await createOne(name);
    await check(view, http);
    for (const looks of [1, 2]) {
      await until(() => looksOf(name).length === looks, `look ${looks} has begun`);
      await app.clock.advance(10_000);
      await until(async () => (await read(view)).attempt?.looks === looks, `look ${looks} is over`);
      await app.clock.advance(1000);
    }
    await app.idle();
    assert.equal(looksOf(name).length, 2);
    assert.equal((await read(view)).state, 'invalid');
  });

  it('that was asked for and not begun is found after the server was away', async () => {
    const other = await startTestApp({ works: false });
    const customer = await createCustomer(other, { roles: ['requester'] });
    const [view] = await other.ports.authorizations.create(customer.caller, {
      ...requestFor(['away.example']),
      pendingUntil: new Date(other.clock.now().getTime() + daySeconds * 1000),
    });
    const { id } = view?.authorization ?? assert.fail();
    await other.ports.authorizations.check(customer.caller, id, http);
    other.checks.place('away.example', 'httpFile');
    const next = await other.restart({ afterSeconds: 3600 });
    await next.idle();
    assert.equal((await next.database.read.authorizations.get(id))?.state, 'valid');
    await next.close();
  });

  it('whose job breaks again and again fails, and does not hang', async () => {
    const name = fresh();
    const view = await createOne(name);
    app.checks.breakWith(new Error('a bug'));
    await check(view, http);
    await app.advance(600);
    app.checks.breakWith(undefined);
    assert.equal((await read(view)).state, 'invalid');
  });

  it('is refused for what there is not, what is decided, and to strangers; nothing changes', async () => {
    const view = await createOne(fresh());
    const stranger = (await createCustomer(app)).caller;
    const viewer = await createCaller(app, account, { roles: ['viewer'] });
    const before = await app.tables();
    for (const position of [-1, 4, 0.5]) await assert.rejects(check(view, position), { code: 'invalidField' });
    await assert.rejects(check(view, http, stranger), { code: 'notFound' });
    await assert.rejects(check(view, http, viewer), { code: 'forbidden' });
    await assert.rejects(app.ports.authorizations.check(caller, 'aut_nothing', http), { code: 'notFound' });
    assert.deepEqual(await app.tables(), before);
    await app.ports.authorizations.deactivate(caller, view.authorization.id);
    await assert.rejects(check(view), { code: 'wrongState' });
  });

  it('and a deactivation during a look: what it finds then proves nothing', async () => {
    const name = fresh();
    app.checks.place(name, 'httpFile');
    app.checks.delay(name, 5000);
    const view = await createOne(name);
    await check(view, http);
    await until(() => looksOf(name).length === 1, 'the look has begun');
    await app.ports.authorizations.deactivate(caller, view.authorization.id);
    await app.clock.advance(5000);
    await app.idle();
    assert.equal((await read(view)).state, 'deactivated');
  });
});

describe('an order with checks on request', () => {
  it('waits without a look until each name was asked for, and is then issued', async () => {
    const texts = [fresh(), fresh()];
    for (const name of texts) app.checks.place(name, 'httpFile');
    const order = await place(texts);
    await app.advance(7200);
    assert.deepEqual(texts.flatMap(looksOf), []);
    assert.deepEqual(await stateOf(order), ['open', 'awaitingValidation']);
    const [one, other] = await authorizationsOf(order);
    await check(one ?? assert.fail());
    await app.idle();
    assert.deepEqual(await stateOf(order), ['open', 'awaitingValidation']);
    await check(other ?? assert.fail());
    await app.idle();
    assert.deepEqual(await stateOf(order), ['active', 'issued']);
  });

  it('fails with the first name whose check failed, says why of it, and gives the money back', async () => {
    const texts = [fresh(), fresh()];
    const balance = async () => (await app.ports.accounts.get(caller, account.id)).balanceMinor;
    const paid = await balance();
    const order = await place(texts);
    const [one] = await authorizationsOf(order);
    await check(one ?? assert.fail());
    await app.advance(30);
    assert.deepEqual(await stateOf(order), ['failed', 'failed']);
    const { issuance } = await app.ports.orders.get(caller, order.order);
    assert.deepEqual(issuance.failure, { key: 'checkFailed', params: { names: texts[0] } });
    assert.equal(await balance(), paid);
  });

  it('fails where an authorization of it is deactivated, instead of asking for another', async () => {
    const order = await place([fresh()]);
    const [one] = await authorizationsOf(order);
    await app.ports.authorizations.deactivate(caller, one?.authorization.id ?? '');
    await app.idle();
    assert.deepEqual(await stateOf(order), ['failed', 'failed']);
    const { issuance } = await app.ports.orders.get(caller, order.order);
    assert.equal(issuance.failure?.key, 'proofEnded');
  });

  it('says of each of two names what ended it', async () => {
    const texts = [fresh(), fresh()];
    const other = await startTestApp({ works: false });
    const customer = await createCustomer(other, { roles: ['requester'] });
    const { order } = await placeIn(other, customer.caller, texts, { isCheckedOnRequest: true });
    const views = await other.ports.authorizations.listOfOrder(customer.caller, order);
    for (const { authorization } of views)
      await other.ports.authorizations.deactivate(customer.caller, authorization.id);
    const next = await other.restart();
    await next.idle();
    const { issuance } = await next.ports.orders.get(customer.caller, order);
    assert.equal(issuance.failure?.key, 'proofEnded');
    assert.deepEqual(
      issuance.failure?.parts?.map(({ name, reason: { key } }) => [name, key]),
      texts.map((name) => [name, 'proofEnded']),
    );
    await next.close();
  });

  it('fails where a proof ran out while it waited for somebody’s approval', async () => {
    const name = fresh();
    const manual = await createCustomer(app, { roles: ['requester', 'approver'], approval: 'manual' });
    app.checks.place(name, 'httpFile');
    const view = await createOne(name, manual.caller);
    await check(view, http, manual.caller);
    await app.idle();
    const order = await placeIn(app, manual.caller, [name], { isCheckedOnRequest: true });
    assert.equal(order.issuance.state, 'awaitingApproval');
    assert.equal(order.authorizations[0]?.id, view.authorization.id);
    await app.ports.authorizations.deactivate(manual.caller, view.authorization.id);
    const approver = await createCaller(app, manual.account, { roles: ['approver'] });
    const approval = order.approval ?? assert.fail();
    await app.ports.approvals.decide(approver, { id: approval.id }, { approve: true, note: '' });
    await app.idle();
    const { issuance } = await app.ports.orders.get(manual.caller, order.order);
    assert.deepEqual([issuance.state, issuance.failure?.key], ['failed', 'proofEnded']);
    assert.equal(looksOf(name).length, 1);
  });

  it('that nobody asks for is given up at the end of its time, like others', async () => {
    const name = fresh();
    const order = await place([name]);
    await app.advance(31 * daySeconds);
    assert.deepEqual(await stateOf(order), ['failed', 'failed']);
    assert.deepEqual(looksOf(name), []);
  });

  it('uses what another order of the account proves meanwhile', async () => {
    const name = fresh();
    const waiting = await place([name]);
    app.checks.place(name, 'httpFile');
    const other = await placeIn(app, caller, [name]);
    await app.idle();
    assert.deepEqual(await stateOf(other), ['active', 'issued']);
    await app.ports.proving.recheck(caller, waiting.order);
    await app.idle();
    assert.deepEqual(await stateOf(waiting), ['active', 'issued']);
  });
});

describe('an authorization before any order', () => {
  it('is one for each name, in their order; an order uses what was proved and is issued at once', async () => {
    const texts = [fresh(), fresh()];
    const views = await create(texts);
    assert.deepEqual(
      views.map(({ authorization: { identifier, state, issuanceId } }) => [identifier.value, state, issuanceId]),
      texts.map((name) => [name, 'pending', null]),
    );
    const until = views[0]?.authorization.standalone?.pendingUntil;
    assert.deepEqual(views[0]?.expiresAt, until);
    for (const name of texts) app.checks.place(name, 'httpFile');
    for (const view of views) await check(view);
    await app.idle();
    const looks = texts.flatMap(looksOf).length;
    const order = await placeIn(app, caller, texts);
    await app.idle();
    assert.deepEqual(await stateOf(order), ['active', 'issued']);
    assert.equal(texts.flatMap(looksOf).length, looks, 'nobody looked again');
    const again = await create(texts);
    assert.deepEqual(
      again.map(({ authorization }) => authorization.id),
      views.map(({ authorization }) => authorization.id),
      'what is valid is answered again',
    );
  });

  it('that is pending is nobody else’s: another client gets its own', async () => {
    const name = fresh();
    const [one, other] = [await createOne(name), await createOne(name)];
    assert.notEqual(one.authorization.id, other.authorization.id);
  });

  it('proves the name to an order that waits for it', async () => {
    const name = fresh();
    const waiting = await placeIn(app, caller, [name]);
    app.checks.failWith(name, away(name));
    const view = await createOne(name);
    app.checks.place(name, 'dnsTxt');
    await check(view, 3);
    await app.idle();
    assert.deepEqual(await stateOf(waiting), ['active', 'issued']);
  });

  it('expires when it was not proved in time, before and after the sweep', async () => {
    const swept = await startTestApp({ upkeep: true });
    const customer = await createCustomer(swept, { roles: ['requester'] });
    const pendingUntil = new Date(swept.clock.now().getTime() + 600_000);
    const [view] = await swept.ports.authorizations.create(customer.caller, { ...requestFor([fresh()]), pendingUntil });
    const { id } = view?.authorization ?? assert.fail();
    const shown = async () => (await swept.ports.authorizations.get(customer.caller, id)).authorization.state;
    const stored = async () => (await swept.database.read.authorizations.get(id))?.state;
    await swept.advance(599);
    assert.equal(await shown(), 'pending');
    await swept.advance(1);
    assert.deepEqual([await shown(), await stored()], ['expired', 'pending']);
    await assert.rejects(swept.ports.authorizations.check(customer.caller, id, http), { code: 'wrongState' });
    await swept.advance(3600);
    assert.equal(await stored(), 'expired');
    await swept.close();
  });

  it('is listed to its client, newest first, page by page; others of the account have lists of their own', async () => {
    const client = await createCaller(app, account);
    const made: AuthorizationView[] = [];
    for (let i = 0; i < 3; i++) {
      await app.clock.advance(1);
      made.push(await createOne(fresh(), client));
    }
    const ids = made.map(({ authorization }) => authorization.id).toReversed();
    const first = await app.ports.authorizations.listOwn(client, { limit: 2 });
    assert.deepEqual(
      first.items.map(({ authorization }) => authorization.id),
      ids.slice(0, 2),
    );
    const second = await app.ports.authorizations.listOwn(client, {
      limit: 2,
      ...(first.next && { after: first.next }),
    });
    assert.deepEqual([second.items.map(({ authorization }) => authorization.id), second.next], [ids.slice(2), null]);
    const colleague = await createCaller(app, account);
    assert.deepEqual((await app.ports.authorizations.listOwn(colleague, { limit: 5 })).items, []);
  });

  it('stays when a domain of that name is removed', async () => {
    const registrar = await createCaller(app, account, { roles: ['registrar'] });
    const name = 'kept-standalone.example';
    const [identifier] = names(name);
    const domain = await app.ports.managedDomains.add(registrar, {
      name: identifier ?? assert.fail(),
      organization: null,
      container: null,
      requestedLevels: ['dv'],
      proofReference: newReference(),
      preferredMethod: 'dnsTxt',
    });
    const view = await createOne(name);
    await app.ports.managedDomains.remove(registrar, { id: domain.domain.id });
    assert.equal((await read(view)).state, 'pending');
    const ended = await app.database.read.authorizations.get(domain.authorization.id);
    assert.equal(ended?.state, 'invalid');
  });

  it('is refused as an order would be, with a part for each name; nothing is left behind', async () => {
    const before = await app.tables();
    const refused = async (change: Partial<NewAuthorizations>, expected: object) =>
      assert.rejects(app.ports.authorizations.create(caller, requestFor(['ok.example'], change)), expected);
    await refused({ names: names('co.uk', 'ok.example', 'com.cn') }, (thrown: { reason: Reason }) => {
      assert.deepEqual(
        thrown.reason.parts?.map(({ name }) => name),
        ['co.uk', 'com.cn'],
      );
      return true;
    });
    await refused({ productCode: 'nothing' }, { code: 'unknownProduct' });
    const inMs = (ms: number) => new Date(app.clock.now().getTime() + ms);
    for (const pendingUntil of [app.clock.now(), inMs(31 * daySeconds * 1000), new Date(Number.NaN)]) {
      await refused({ pendingUntil }, { code: 'invalidField' });
    }
    assert.deepEqual(await app.tables(), before);
    const { proofReference } = requestFor([]);
    await app.ports.authorizations.create(caller, requestFor([fresh()], { proofReference }));
    await refused(
      { proofReference },
      { reason: { key: 'proofReferenceUsed', params: { value: `"${proofReference}"` } } },
    );
  });

  it('leaves lines in the audit log: added, asked for, proved', async () => {
    const name = fresh();
    app.checks.place(name, 'httpFile');
    const view = await createOne(name);
    await check(view);
    await app.idle();
    const { items } = await app.ports.events.list(app.operator, { limit: 5, subject: view.authorization.id });
    assert.deepEqual(
      items.map(({ kind, actor }) => [kind, actor]),
      [
        ['authorization.proved', 'system'],
        ['authorization.checkRequested', caller.actor],
        ['authorization.added', caller.actor],
      ],
    );
  });
});
