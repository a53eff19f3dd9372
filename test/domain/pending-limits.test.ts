/** Limits of what an account may leave waiting: those of all, and its own. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { AccountId } from '../../src/domain/ids.ts';
import { pendingLimitsOf } from '../../src/domain/pending-limits.ts';

const all = { pendingOrders: 10, unprovedNames: 50 };
const account = { id: 'acc_one' as AccountId, number: 7 };

for (const [why, own, limits] of [
  ['an account that is not named has those of all', { acc_two: { pendingOrders: 1 }, 8: { unprovedNames: 1 } }, all],
  ['by its id', { acc_one: { pendingOrders: 90, unprovedNames: 900 } }, { pendingOrders: 90, unprovedNames: 900 }],
  ['by its number', { 7: { pendingOrders: 90, unprovedNames: 900 } }, { pendingOrders: 90, unprovedNames: 900 }],
  ['what its own leave out is as for all', { 7: { unprovedNames: 900 } }, { pendingOrders: 10, unprovedNames: 900 }],
  ['they may also be lower', { acc_one: { pendingOrders: 1 } }, { pendingOrders: 1, unprovedNames: 50 }],
] as const) {
  it(why, () => assert.deepEqual(pendingLimitsOf(all, own)(account), limits));
}
