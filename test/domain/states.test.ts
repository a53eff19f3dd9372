/** The state machines: every state can be reached, the last ones are last, and nothing else moves. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  approvalTransitions,
  authorizationTransitions,
  certificateTransitions,
  issuanceTransitions,
  nextApprovalState,
  nextAuthorizationState,
  nextCertificateState,
  nextIssuanceState,
  nextOrderState,
  orderTransitions,
  statesAccepting,
  type Transitions,
  transition,
} from '../../src/domain/states.ts';

interface Machine {
  readonly name: string;
  readonly table: Transitions<string, string>;
  readonly next: (state: never, event: never) => string | undefined;
  /** Where an object may be born. */
  readonly begin: readonly string[];
  readonly end: readonly string[];
  /** Every step there is: state, event, state. */
  readonly steps: readonly string[];
}

const machines: readonly Machine[] = [
  {
    name: 'order',
    table: orderTransitions,
    next: nextOrderState,
    begin: ['open'],
    end: ['cancelled', 'ended', 'failed', 'rejected', 'revoked'],
    steps: [
      'open certificateIssued active',
      'open reject rejected',
      'open cancel cancelled',
      'open fail failed',
      'active certificateIssued active', // a reissue
      'active coverageEnded ended',
      'active revoke revoked',
      'active cancel cancelled',
    ],
  },
  {
    name: 'issuance',
    table: issuanceTransitions,
    next: nextIssuanceState,
    begin: ['awaitingApproval', 'awaitingValidation'],
    end: ['cancelled', 'failed', 'issued'],
    steps: [
      'awaitingApproval approve awaitingValidation',
      'awaitingApproval fail failed',
      'awaitingApproval cancel cancelled',
      'awaitingValidation authorize ready',
      'awaitingValidation accept issuing', // its upstream has accepted the proofs
      'awaitingValidation fail failed',
      'awaitingValidation cancel cancelled',
      'ready begin issuing',
      'ready lapse awaitingValidation', // it waited for a CSR for longer than its proofs were good
      'ready fail failed',
      'ready cancel cancelled',
      'issuing complete issued', // no cancel: the serial is committed and the issuer may have signed
      'issuing abandon cancelled', // an upstream has it, and is told to cancel
      'issuing lapse awaitingValidation', // its issuer was away for longer than its proofs were good
      'issuing fail failed',
    ],
  },
  {
    name: 'authorization',
    table: authorizationTransitions,
    next: nextAuthorizationState,
    begin: ['pending'],
    end: ['deactivated', 'expired', 'invalid'],
    steps: [
      'pending prove valid',
      'pending invalidate invalid',
      'pending expire expired',
      'pending deactivate deactivated',
      'valid expire expired',
      'valid deactivate deactivated',
    ],
  },
  {
    name: 'approval',
    table: approvalTransitions,
    next: nextApprovalState,
    begin: ['submitted', 'pending', 'approved'], // two steps, one, or an account that approves by itself
    end: ['approved', 'rejected'],
    steps: [
      'submitted approve pending',
      'submitted reject rejected',
      'pending approve approved',
      'pending reject rejected',
    ],
  },
  {
    name: 'certificate',
    table: certificateTransitions,
    next: ((state: never, _event: never) => nextCertificateState(state)) as Machine['next'],
    begin: ['valid'],
    end: ['revoked'],
    steps: ['valid revoke revoked'],
  },
];

for (const { name, table, next, begin, end, steps } of machines) {
  describe(name, () => {
    const states = Object.keys(table);
    const events = [...new Set(steps.map((step) => step.split(' ')[1] ?? ''))];

    test('has exactly the steps it should have', () => {
      const found = states.flatMap((state) =>
        Object.entries(table[state] ?? {}).map(([event, to]) => `${state} ${event} ${to}`),
      );
      assert.deepEqual(found.toSorted(), steps.toSorted());
    });

    test('moves by its table and by nothing else', () => {
      for (const state of states) {
        for (const event of events) {
          const step = steps.find((one) => one.startsWith(`${state} ${event} `));
          assert.equal(next(state as never, event as never), step?.split(' ')[2], `${state} ${event}`);
          assert.equal(transition(table, state, event), step?.split(' ')[2]);
        }
      }
    });

    test('reaches every state', () => {
      const reached = new Set(begin);
      for (const state of reached) {
        for (const to of Object.values(table[state] ?? {})) if (to !== undefined) reached.add(to);
      }
      assert.deepEqual([...reached].toSorted(), states.toSorted());
    });

    test('ends where it should, and can end from everywhere', () => {
      assert.deepEqual(states.filter((state) => Object.keys(table[state] ?? {}).length === 0).toSorted(), end);
      const ending = new Set(end);
      // As many rounds as there are states: each adds those that are one step away.
      for (const _ of states) {
        for (const state of states) {
          if (Object.values(table[state] ?? {}).some((to) => to !== undefined && ending.has(to))) ending.add(state);
        }
      }
      assert.deepEqual([...ending].toSorted(), states.toSorted());
    });

    test('tells the states that accept an event', () => {
      for (const event of events) {
        const expected = steps.filter((step) => step.split(' ')[1] === event).map((step) => step.split(' ')[0]);
        assert.deepEqual([...statesAccepting(table, event)].toSorted(), expected.toSorted(), event);
      }
      assert.deepEqual(statesAccepting(table, 'unheardOf'), []);
    });
  });
}
