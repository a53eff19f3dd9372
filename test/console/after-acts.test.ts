/** What the console reckons after an act: what it changed, and what came of a check. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CheckOutcome, looksOf, outcomeOf } from '../../console/src/orders/acts/check-outcome.ts';
import type { Order } from '../../console/src/orders/order-types.ts';
import { changedBy } from '../../console/src/shared/act/changed-by.ts';

describe('what an act changes', () => {
  const rows = [
    ['an order', ['orders'], ['orders', 'order', 'approvals', 'accounts', 'home']],
    ['a decision, on the page of the order too', ['approvals'], ['approvals', 'order', 'orders', 'home']],
    ['an organization frees orders', ['organizations'], ['organizations', 'order', 'orders', 'home']],
    ['money', ['accounts'], ['accounts', 'me', 'home']],
    ['a job given up ends its order', ['jobs'], ['jobs', 'order', 'orders', 'home']],
    ['a user’s keys end with them', ['users'], ['users', 'credentials', 'sessions']],
  ] as const;
  for (const [what, acted, expected] of rows) {
    it(`is asked for again: ${what}`, () => {
      const changed = changedBy(acted);
      assert.deepEqual(
        expected.filter((key) => !changed.includes(key)),
        [],
      );
      assert.equal(new Set(changed).size, changed.length);
    });
  }

  it('is itself, where nothing hangs on it', () => assert.deepEqual(changedBy(['sessions']), ['sessions']));
});

/** A name by when it was looked for; null: it is proved. */
type Names = Readonly<Record<string, string | undefined | null>>;

function orderOf(names: Names, state = 'awaitingValidation'): Order {
  const all = Object.entries(names).map(([name, checkedAt]) => ({
    name,
    state: checkedAt === null ? 'valid' : 'pending',
    preferredMethod: 'dnsTxt',
    proofs: [{ method: 'dnsTxt', lastCheck: typeof checkedAt === 'string' ? { checkedAt } : null }],
  }));
  return { issuance: { state }, names: all } as unknown as Order;
}

describe('a check that somebody asked for', () => {
  const before = orderOf({ 'a.example': '10:00', 'b.example': undefined, 'c.example': null });
  const rows: readonly (readonly [string, Order, CheckOutcome])[] = [
    ['runs while nothing is newer', before, { kind: 'running' }],
    [
      'runs while one name has no new look',
      orderOf({ 'a.example': '10:01', 'b.example': undefined }),
      { kind: 'running' },
    ],
    [
      'found nothing when each name was looked for again',
      orderOf({ 'a.example': '10:01', 'b.example': '10:01' }),
      { kind: 'missing', names: ['a.example', 'b.example'] },
    ],
    [
      'names only what is still missing',
      orderOf({ 'a.example': null, 'b.example': '10:01' }),
      { kind: 'missing', names: ['b.example'] },
    ],
    ['found all when every name is proved', orderOf({ 'a.example': null, 'b.example': null }), { kind: 'found' }],
    ['found all when the order goes on', orderOf({ 'a.example': '10:00' }, 'issuing'), { kind: 'found' }],
  ];
  for (const [what, now, outcome] of rows) it(what, () => assert.deepEqual(outcomeOf(looksOf(before), now), outcome));
});
