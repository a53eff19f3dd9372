/** The changes that events stand for, and who hears of them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rolesOfOperations } from '../../src/dialects/native/operation-roles.ts';
import { operations } from '../../src/dialects/native/operations.ts';
import { changesOf, mayFollow, type Topic, topics } from '../../src/domain/change.ts';
import type { Event } from '../../src/domain/event.ts';
import type { Role } from '../../src/domain/role.ts';

const order = 'ord_01kc2v8v0e8w9y0q4m1x3t5z7b';
const certificate = 'crt_01kc2v8v0e8w9y0q4m1x3t5z7b';
const event = (kind: Event['kind'], subject: string, data: Event['data'] = {}): Event => ({
  kind,
  subject,
  data,
  accountId: null,
  actor: 'system',
  requestId: null,
  at: new Date(0),
  sequence: 7,
});

describe('an event', () => {
  const rows: readonly (readonly [Event, readonly (readonly [Topic, string | null])[]])[] = [
    [event('order.placed', order), [['orders', order]]],
    [
      event('certificate.revoked', order, { certificate }),
      [
        ['orders', order],
        ['certificates', certificate],
      ],
    ],
    [
      event('order.placed', order, { others: [certificate, 'text'] }),
      [
        ['orders', order],
        ['certificates', certificate],
      ],
    ],
    [event('alarm.raised', 'silentNetwork'), [['alarms', null]]],
    [event('mail.stopped', 'person@example.com'), [['mail', null]]], // an address is content
    [event('key.blocked', 'ab12'), [['keys', null]]],
    [event('order.placed', 'ord_short'), []], // no id
    [event('list.exported', 'somebody'), []],
  ];
  for (const [one, expected] of rows) {
    it(`${one.kind} of ${one.subject} is ${expected.length} changes`, () => {
      const found = changesOf(one);
      assert.deepEqual(
        found.map(({ topic, id }) => [topic, id]),
        expected,
      );
      assert.ok(found.every(({ version }) => version === 7));
    });
  }
});

describe('a topic', () => {
  it('is followed by those who may read its list, and by no others', () => {
    const all: readonly Role[] = [
      'operator',
      'support',
      'auditor',
      'administrator',
      'approver',
      'requester',
      'registrar',
      'userManager',
      'viewer',
    ];
    const table: Readonly<Record<string, readonly Role[]>> = rolesOfOperations;
    for (const topic of topics) {
      const list = operations.find(({ id }) => id === `${topic}.list`);
      // `accounts.list` is of all of them; one's own is everybody's to read. `sessions.list` is of one's own, by default.
      if (list === undefined || topic === 'accounts' || topic === 'sessions') continue;
      for (const role of all) {
        const scope = ['operator', 'support', 'auditor'].includes(role) ? 'all' : ('acc_1' as never);
        // A requester's list is of their own keys, and the topic names those of all.
        const isOwnList: boolean = topic === 'credentials' && role === 'requester';
        const reads: boolean = !isOwnList && (role === 'operator' || (table[list.id]?.includes(role) ?? true));
        assert.equal(mayFollow({ roles: [role], scope }, topic), reads, `${role} ${topic}`);
      }
    }
  });
});
