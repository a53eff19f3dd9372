import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nextLookAt } from '../../../src/app/proving/attempt.ts';
import type { CheckResult } from '../../../src/domain/challenge.ts';
import { type Reason, reason } from '../../../src/domain/errors.ts';

const requestedAt = new Date('2026-06-01T12:00:00Z');
const after = (seconds: number) => new Date(requestedAt.getTime() + seconds * 1000);

function nextSecond(problem: Reason, { looks, ageSeconds }: { looks: number; ageSeconds: number }): number | undefined {
  const found: CheckResult = {
    method: 'dnsTxt',
    binding: 'server',
    proved: false,
    checkedAt: after(ageSeconds),
    durationMs: 1,
    asked: '_acme-challenge.example.com TXT',
    answeredBy: [],
    answer: '',
    problem,
  };
  const at = nextLookAt({ challenge: 0, requestedAt, looks }, found, after(ageSeconds));
  return at && (at.getTime() - requestedAt.getTime()) / 1000;
}

describe('the next look at a challenge that a client asked for', () => {
  const noRecord = reason('dnsNoRecord', { name: '_acme-challenge.example.com', type: 'TXT' });
  const away = reason('resolversAway', { servers: '192.0.2.53:53' });
  const rows: readonly (readonly [string, Reason, number, number, number | undefined])[] = [
    ['a record that is missing is looked for again', noRecord, 1, 0, 2],
    ['and has failed after half a minute', noRecord, 6, 30, undefined],
    ['while no resolver of ours answers nothing fails', away, 6, 30, 60],
    ['however long that lasts', away, 100, 3000, 3030],
  ];
  for (const [why, problem, looks, ageSeconds, expected] of rows)
    it(why, () => assert.equal(nextSecond(problem, { looks, ageSeconds }), expected));
});
