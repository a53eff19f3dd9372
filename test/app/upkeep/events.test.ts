/** Events after a number: whose they are, which kinds, and waiting for the next one. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Caller } from '../../../src/domain/caller.ts';
import { CertError } from '../../../src/domain/errors.ts';
import type { EventFeed, EventsAfter } from '../../../src/domain/ports/events.ts';
import { longestEventWaitMs } from '../../../src/domain/ports/events.ts';
import { type Customer, createCaller, createCustomer, startTestApp, type TestApp } from '../../support/app.ts';
import { refused } from '../../support/refused.ts';

let app: TestApp;
let customer: Customer;
let approver: Caller;
before(async () => {
  app = await startTestApp();
  customer = await createCustomer(app);
  approver = await createCaller(app, customer.account, { roles: ['approver'] });
});
after(() => app.close());

const eventsAfter = (query: Partial<EventsAfter>, caller = approver) =>
  app.ports.events.after(caller, { seq: 0, limit: 100, ...query });
const newestSeq = () => app.database.read.events.newest();
const credit = (note: string, { account } = customer) =>
  app.ports.accounts.credit(app.operator, account.id, { amountMinor: 1, note });
const notesOf = ({ items }: EventFeed) => items.map(({ data }) => data.note);

describe('events after a number', () => {
  it('are those that came later, the oldest first, a page at a time', async () => {
    let seq = await newestSeq();
    for (const note of ['a', 'b', 'c']) await credit(note);
    const seen: unknown[] = [];
    for (
      let feed = await eventsAfter({ seq, limit: 2 });
      feed.items.length > 0;
      feed = await eventsAfter({ seq, limit: 2 })
    ) {
      seen.push(...notesOf(feed));
      seq = feed.seq;
    }
    assert.deepEqual(seen, ['a', 'b', 'c']);
    assert.equal((await eventsAfter({ seq })).seq, seq, 'the end stays where it is');
  });

  it("are of the caller's account, and for an operator of all", async () => {
    const seq = await newestSeq();
    const other = await createCustomer(app);
    await credit('theirs', other);
    await credit('ours');
    assert.deepEqual(notesOf(await eventsAfter({ seq })), ['ours']);
    const all = await eventsAfter({ seq }, app.operator);
    assert.deepEqual(
      all.items.filter(({ kind }) => kind === 'account.credited').map(({ data }) => data.note),
      ['theirs', 'ours'],
    );
    await assert.rejects(eventsAfter({}, customer.caller), refused('roleMissing'));
  });

  it('may be of some kinds only; the number then moves past the others', async () => {
    const seq = await newestSeq();
    for (const note of ['a', 'b', 'c']) await credit(note);
    const none = await eventsAfter({ seq, limit: 2, kinds: ['order.placed'] });
    assert.deepEqual(none, { items: [], seq: seq + 2 });
    const rest = await eventsAfter({ seq: none.seq, kinds: ['order.placed', 'account.credited'] });
    assert.deepEqual([notesOf(rest), rest.seq], [['c'], seq + 3]);
  });

  for (const [field, query] of [
    ['seq', { seq: -1 }],
    ['seq', { seq: 1.5 }],
    ['waitMs', { waitMs: longestEventWaitMs + 1 }],
    ['waitMs', { waitMs: -1 }],
    ['limit', { limit: 1001 }],
  ] as const) {
    it(`refuses ${JSON.stringify(query)}`, async () => {
      await assert.rejects(
        eventsAfter(query),
        (thrown) =>
          thrown instanceof CertError && thrown.reason.key === 'fieldInvalid' && thrown.reason.params.field === field,
      );
    });
  }
});

describe('waiting for an event', () => {
  /** Moves the clock until the answer is there. @returns how far */
  async function answered(feed: Promise<EventFeed>): Promise<{ readonly feed: EventFeed; readonly ms: number }> {
    const start = app.clock.monotonicMs();
    let isOver = false;
    const done = feed.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await app.clock.advance(50);
      await new Promise(setImmediate);
    }
    return { feed: await done, ms: app.clock.monotonicMs() - start };
  }

  it('ends with the event, and with nothing once the time is over', async () => {
    const seq = await newestSeq();
    const nothing = await answered(eventsAfter({ seq, waitMs: 2000 }));
    assert.deepEqual(nothing.feed, { items: [], seq });
    assert.ok(nothing.ms >= 2000, String(nothing.ms));
    const waiting = eventsAfter({ seq, waitMs: 8000 });
    await credit('news');
    const { feed, ms } = await answered(waiting);
    assert.deepEqual([notesOf(feed), feed.seq], [['news'], seq + 1]);
    assert.ok(ms < 8000, String(ms));
  });

  it('goes on past events of other accounts and kinds', async () => {
    const seq = await newestSeq();
    const other = await createCustomer(app);
    const waiting = eventsAfter({ seq, waitMs: 8000, kinds: ['account.changed'] });
    await credit('theirs', other);
    await credit('another kind');
    await app.clock.advance(1000);
    await app.ports.accounts.change(app.operator, customer.account.id, { name: 'renamed' });
    const { feed } = await answered(waiting);
    assert.deepEqual(
      feed.items.map(({ kind }) => kind),
      ['account.changed'],
    );
  });
});
