/** Whose turn an order was, told by its events. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, EventKind } from '../../src/domain/event.ts';
import type { IssuanceState } from '../../src/domain/states.ts';
import { turnsOf } from '../../src/domain/timeline.ts';

type Told = EventKind | readonly [EventKind, Event['data']];

function eventsOf(told: readonly Told[]): readonly Event[] {
  return told.map((one, index) => {
    const [kind, data] = typeof one === 'string' ? [one, {}] : one;
    const at = new Date(Date.UTC(2026, 5, 1, 0, index));
    return { sequence: index + 1, kind, data, at, accountId: null, actor: 'system', subject: 'ord_1', requestId: null };
  });
}

const rows: readonly (readonly [string, readonly Told[], IssuanceState, readonly (readonly [number, string])[]])[] = [
  ['a new order waits for its customer', ['order.placed'], 'awaitingValidation', [[1, 'customer']]],
  ['one that is to be approved for the approver', ['order.placed'], 'awaitingApproval', [[1, 'approver']]],
  [
    'two steps are one turn',
    ['order.placed', 'approval.firstStep', 'order.approved'],
    'awaitingValidation',
    [
      [1, 'approver'],
      [3, 'customer'],
    ],
  ],
  [
    'only the last proof hands it over',
    ['order.placed', 'authorization.proved', 'authorization.proved', 'certificate.issued'],
    'issued',
    [
      [1, 'customer'],
      [3, 'server'],
      [4, 'nobody'],
    ],
  ],
  [
    'proofs that do not suffice hand nothing over',
    ['order.placed', 'authorization.proved', 'issuance.failed', 'order.failed'],
    'failed',
    [
      [1, 'customer'],
      [3, 'nobody'],
    ],
  ],
  [
    'a name that was proved before leaves nothing to the customer',
    ['order.placed', 'certificate.issued'],
    'issued',
    [
      [1, 'server'],
      [2, 'nobody'],
    ],
  ],
  [
    'what holds up the rest is somebody else',
    ['order.placed', 'authorization.proved', ['issuance.waits', { turn: 'operator' }], 'certificate.issued'],
    'issued',
    [
      [1, 'customer'],
      [2, 'server'],
      [3, 'operator'],
      [4, 'nobody'],
    ],
  ],
  [
    'a rejected request was the approver’s to the end',
    ['order.placed', ['order.rejected', { request: 17 }]],
    'failed',
    [
      [1, 'approver'],
      [2, 'nobody'],
    ],
  ],
  [
    'a reissue begins anew',
    ['order.placed', 'certificate.issued', 'order.reissued'],
    'awaitingValidation',
    [
      [1, 'server'],
      [2, 'nobody'],
      [3, 'customer'],
    ],
  ],
];

for (const [title, told, state, expected] of rows) {
  test(title, () => {
    const turns = turnsOf(eventsOf(told), { state });
    assert.deepEqual(
      [...turns].map(([sequence, { who }]) => [sequence, who]),
      expected,
    );
  });
}

test('each turn says when it ended, and which one it ended', () => {
  const [first, second, third] = [
    ...turnsOf(eventsOf(['order.placed', 'authorization.proved', 'certificate.issued']), { state: 'issued' }).values(),
  ];
  assert.equal(first?.ended, null);
  assert.deepEqual(first?.until, second?.since);
  assert.deepEqual(second?.ended, { who: 'customer', since: first?.since });
  assert.equal(third?.until, null);
});
