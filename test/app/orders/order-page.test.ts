/** An order's own page: whose turn it is, what may be done, and what is told of it. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Caller } from '../../../src/domain/caller.ts';
import type { OrderAction } from '../../../src/domain/ports/order-pages.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import type { TimelineEntry, TimelinePlace } from '../../../src/domain/timeline.ts';
import {
  type Customer,
  createCaller,
  createCustomer,
  issue,
  orderFor,
  origin,
  place,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';

let app: TestApp;
let customer: Customer;
let approver: Caller;
beforeEach(async () => {
  app = await startTestApp();
  customer = await createCustomer(app, { approval: 'manual', balanceMinor: 1_000_00 });
  approver = await createCaller(app, customer.account, { dialect: 'native', roles: ['approver'] });
});
afterEach(() => app.close());

const pageOf = ({ order }: OrderView, caller = customer.caller) => app.ports.orderPages.get(caller, { id: order.id });
const decide = ({ order }: OrderView, approve = true) =>
  app.ports.approvals.decide(approver, { order: { id: order.id } }, { approve, note: 'ticket 4711' });
const seconds = (from: Date, to: Date | null | undefined) => to && (to.getTime() - from.getTime()) / 1000;

async function allowed(view: OrderView, caller = customer.caller): Promise<readonly OrderAction[]> {
  const { actions } = await pageOf(view, caller);
  return Object.entries(actions).flatMap(([name, reason]) => (reason === null ? [name as OrderAction] : []));
}

async function timelineOf({ order }: OrderView, limit = 200): Promise<readonly TimelineEntry[]> {
  const items: TimelineEntry[] = [];
  let after: TimelinePlace | undefined;
  for (;;) {
    const page = await app.ports.orderPages.timeline(customer.caller, { id: order.id }, { limit, after });
    items.push(...page.items);
    if (page.next === null) return items;
    after = page.next;
  }
}

describe('whose turn it is', () => {
  it('is the approver, then the customer with the next look and the end, then nobody', async () => {
    const view = await place(app, customer.caller, ['a.example']);
    const waiting = await pageOf(view);
    assert.deepEqual(waiting.turn, {
      who: 'approver',
      since: view.issuance.createdAt,
      nextAt: null,
      deadline: null,
      reason: null,
    });
    await app.advance(600);
    await decide(view);
    await app.idle();
    const { turn } = await pageOf(view);
    assert.equal(turn?.who, 'customer');
    assert.equal(seconds(view.issuance.createdAt, turn?.since), 600);
    assert.equal(seconds(view.issuance.createdAt, turn?.deadline), 600 + 30 * 86_400);
    assert.ok(turn?.nextAt instanceof Date);
    assert.equal(turn?.reason?.key, 'dnsNoSuchName');
    app.checks.place('a.example');
    await app.advance(120);
    assert.equal((await pageOf(view)).turn, null);
  });

  it('of an order without a CSR is the customer once the names are proved', async () => {
    const free = await createCustomer(app, { balanceMinor: 1_000_00 });
    app.checks.place('b.example.com');
    const view = await place(app, free.caller, ['b.example.com'], { csr: null, productCode: 'years' });
    await app.advance(60);
    const { turn } = await pageOf(view, free.caller);
    assert.deepEqual([turn?.who, turn?.nextAt], ['customer', null]);
  });
});

describe('what may be done', () => {
  it('is what the calls would do, by role and by state', async () => {
    const view = await place(app, customer.caller, ['a.example']);
    const viewer = await createCaller(app, customer.account, { dialect: 'native', roles: ['viewer'] });
    assert.deepEqual(await allowed(view, viewer), []);
    assert.deepEqual((await allowed(view, approver)).includes('approve'), true);
    const actions = (await pageOf(view)).actions;
    assert.equal(actions.approve?.key, 'roleMissing');
    assert.equal(actions.check?.key, 'wrongState');
    assert.equal(actions.cancel, null);
    await assert.rejects(app.ports.proving.recheck(customer.caller, { id: view.order.id }), { code: 'wrongState' });
    await decide(view);
    assert.equal((await pageOf(view)).actions.check, null);
    await app.ports.proving.recheck(customer.caller, { id: view.order.id });
  });

  it('of an issued order is what comes after the certificate', async () => {
    const free = await createCustomer(app);
    const view = await issue(app, free.caller, ['c.example']);
    const now = await allowed(view, free.caller);
    assert.ok(
      ['reissue', 'duplicate', 'revoke', 'change', 'share'].every((name) => now.includes(name as OrderAction)),
      now.join(),
    );
    assert.ok(!now.includes('cancel') && !now.includes('refund') && !now.includes('withdraw'), now.join());
    await assert.rejects(app.ports.orders.cancel(free.caller, { id: view.order.id }), { code: 'wrongState' });
  });
});

describe('the version', () => {
  it('changes with what was decided, and says which part did', async () => {
    const view = await place(app, customer.caller, ['a.example']);
    const reference = { id: view.order.id };
    /** Who has seen that version renames it. */
    const rename = (version: string, alternativeReference: string) =>
      app.ports.orders.change(
        { ...customer.caller, seen: { noun: 'order', reference: view.order.id, version } },
        reference,
        {
          alternativeReference,
        },
      );
    const { version } = await pageOf(view);
    await rename(version, '4711');
    await decide(view);
    await assert.rejects(rename(version, '4712'), {
      code: 'conflict',
      message: /the order itself, its issuance, its approval;/,
    });
    const later = (await pageOf(view)).version;
    await rename(later, '4713');
    await assert.rejects(rename(later, '4714'), /the order itself;/);
    await assert.rejects(rename('made up', '4715'), { code: 'conflict' });
    assert.equal((await app.ports.orders.get(customer.caller, reference)).order.alternativeReference, '4713');
  });
});

describe('the timeline', () => {
  it('has what happened and what was looked for, with the turns and how long they were', async () => {
    const view = await place(app, customer.caller, ['a.example']);
    await app.advance(600);
    await decide(view);
    await app.advance(60);
    app.checks.place('a.example');
    await app.advance(60);
    const entries = await timelineOf(view);
    const events = entries.flatMap((entry) => (entry.kind === 'event' ? [entry] : [])).toReversed();
    const turns = events.flatMap(({ event, turn }) => (turn === null ? [] : [[event.kind, turn.who]]));
    assert.deepEqual(turns, [
      ['order.placed', 'approver'],
      ['order.approved', 'customer'],
      ['authorization.proved', 'server'],
      ['certificate.issued', 'nobody'],
    ]);
    const [placed] = events;
    assert.equal(seconds(placed?.at ?? assert.fail(), placed?.turn?.until), 600);
    assert.ok(entries.some((entry) => entry.kind === 'check' && entry.record.count > 1));
    assert.ok(entries.some((entry) => entry.kind === 'check' && entry.record.check.proved));
    const times = entries.map(({ at }) => at.getTime());
    assert.deepEqual(
      times,
      times.toSorted((a, b) => b - a),
    );
  });

  it('is the same page by page', async () => {
    const view = await place(app, customer.caller, ['a.example', 'b.example', 'c.example']);
    await decide(view);
    app.checks.place('a.example');
    await app.advance(300);
    const whole = await timelineOf(view);
    const keyOf = (entry: TimelineEntry) =>
      entry.kind === 'event'
        ? String(entry.event.sequence)
        : `${entry.record.authorizationId} ${entry.record.challenge} ${entry.record.fingerprint}`;
    for (const limit of [1, 2, 3]) assert.deepEqual((await timelineOf(view, limit)).map(keyOf), whole.map(keyOf));
    assert.ok(whole.length > 10);
  });

  it('is of the account only', async () => {
    const view = await place(app, customer.caller, ['a.example']);
    const other = await createCustomer(app);
    const reference = { id: view.order.id };
    await assert.rejects(app.ports.orderPages.timeline(other.caller, reference, { limit: 5 }), { code: 'notFound' });
    await assert.rejects(app.ports.orderPages.get(other.caller, reference), { code: 'notFound' });
    await assert.rejects(app.ports.shares.create(other.caller, reference), { code: 'notFound' });
    await assert.rejects(app.ports.shares.list(other.caller, reference), { code: 'notFound' });
    await assert.rejects(app.ports.shares.remove(other.caller, reference), { code: 'notFound' });
  });
});

describe('a link', () => {
  it('shows the names to whoever has it, for 7 days, until it is revoked', async () => {
    const free = await createCustomer(app);
    const view = await place(app, free.caller, ['a.example', 'b.example']);
    const reference = { id: view.order.id };
    const { share, token } = await app.ports.shares.create(free.caller, reference);
    assert.equal(token.length, 52);
    const shown = await app.ports.shares.open(token, origin);
    assert.deepEqual(
      shown.authorizations.map(({ identifier }) => identifier.value),
      ['a.example', 'b.example'],
    );
    assert.equal(shown.isWaiting, true);
    const stored = JSON.stringify(await app.tables());
    assert.ok(!stored.includes(token));
    const second = await app.ports.shares.create(free.caller, reference);
    await app.ports.shares.remove(free.caller, reference, share.id);
    await assert.rejects(app.ports.shares.open(token, origin), { code: 'notFound' });
    await app.ports.shares.open(second.token, origin);
    assert.deepEqual(
      (await app.ports.shares.list(free.caller, reference)).map(({ id }) => id),
      [second.share.id],
    );
    await app.advance(7 * 86_400);
    await assert.rejects(app.ports.shares.open(second.token, origin), { code: 'notFound' });
    await assert.rejects(app.ports.shares.open('made-up', origin), { code: 'notFound' });
  });

  it('is opened so often from one network and no more', async () => {
    for (let look = 0; look < 60; look++)
      await assert.rejects(app.ports.shares.open('made-up', origin), { code: 'notFound' });
    await assert.rejects(app.ports.shares.open('made-up', origin), { code: 'rateLimited' });
    await app.advance(10);
    await assert.rejects(app.ports.shares.open('made-up', origin), { code: 'notFound' });
  });
});

describe('a dry run', () => {
  it('says what the order would cost and what is proved, and changes nothing', async () => {
    const free = await createCustomer(app, { balanceMinor: 1_000_00 });
    await issue(app, free.caller, ['a.example']);
    await app.idle();
    const before = await app.tables();
    const request = await orderFor(['a.example', 'new.example'], { productCode: 'paid' });
    const run = await app.ports.orders.dryRun(free.caller, request);
    assert.deepEqual(
      run.names.map(({ identifier, isProved }) => [identifier.value, isProved]),
      [
        ['a.example', true],
        ['new.example', false],
      ],
    );
    assert.equal(run.price.minor + run.balanceAfterMinor, 1_000_00);
    assert.equal(run.needsApproval, false);
    assert.deepEqual(await app.tables(), before);
    const view = await app.ports.orders.place(free.caller, request);
    assert.equal(view.order.totalMinor, run.price.minor);
  });

  it('is refused as the order would be', async () => {
    const poor = await createCustomer(app, { balanceMinor: 1 });
    const request = await orderFor(['a.example'], { productCode: 'paid' });
    await assert.rejects(app.ports.orders.dryRun(poor.caller, request), { code: 'insufficientBalance' });
  });
});
