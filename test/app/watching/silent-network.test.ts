/** From how many failures on nothing seems to leave any more: never by those of one customer. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createOutcomes, type Outcomes } from '../../../src/app/watching/outcomes.ts';
import { silentNetwork } from '../../../src/app/watching/silent-network.ts';
import { reason } from '../../../src/domain/errors.ts';
import { createPublicSuffixes } from '../../../src/system/index.ts';
import { createFakeClock } from '../../support/system.ts';

const minute = 60_000;
const refused = (detail: string) => ({ ok: false, server: 's', isFinal: false, detail }) as const;

function times(count: number, run: (n: number) => void): void {
  for (let n = 0; n < count; n++) run(n);
}

/** What fails at the beginning and at the end of so many minutes, and the alarm that it is. */
const rows: readonly {
  readonly why: string;
  readonly minutes: number;
  fail(outcomes: Outcomes): void;
  readonly alarm: string | undefined;
}[] = [
  { why: 'nothing', minutes: 60, fail: () => {}, alarm: undefined },
  {
    why: 'names of twenty customers',
    minutes: 30,
    fail: (outcomes) => times(20, (n) => check(outcomes, `www.c${n}.example`)),
    alarm: 'validationsFail',
  },
  {
    why: 'names of twenty customers, for a while',
    minutes: 29,
    fail: (outcomes) => times(20, (n) => check(outcomes, `www.c${n}.example`)),
    alarm: undefined,
  },
  {
    why: 'a hundred names of one customer',
    minutes: 50,
    fail: (outcomes) => times(100, (n) => check(outcomes, `h${n}.customer.example`)),
    alarm: undefined,
  },
  {
    why: 'names of a few customers',
    minutes: 50,
    fail: (outcomes) => times(19, (n) => check(outcomes, `www.c${n}.example`)),
    alarm: undefined,
  },
  {
    why: 'one mail, whose server cannot be reached',
    minutes: 10,
    fail: (outcomes) => times(2, () => outcomes.mailed('a@one.example', refused('connect ECONNREFUSED'))),
    alarm: 'mailsNotSent',
  },
  {
    why: 'one mail, which its mailbox does not take',
    minutes: 50,
    fail: (outcomes) => times(9, () => outcomes.mailed('a@one.example', refused('450 4.2.1 try again'))),
    alarm: undefined,
  },
  {
    why: 'mails to five mailboxes of three domains, which the server does not take',
    minutes: 30,
    fail: (outcomes) => times(5, (n) => outcomes.mailed(`${n}@d${n % 3}.example`, refused('451 4.3.0 later'))),
    alarm: 'mailsNotSent',
  },
  {
    why: 'webhooks of five servers',
    minutes: 30,
    fail: (outcomes) => times(5, (n) => outcomes.delivered(`https://c${n}.example/`, 'unanswered')),
    alarm: 'webhooksFail',
  },
  {
    why: 'webhooks of five servers of one customer',
    minutes: 50,
    fail: (outcomes) => times(5, (n) => outcomes.delivered(`https://h${n}.customer.example/`, 'unanswered')),
    alarm: undefined,
  },
];

function check(outcomes: Outcomes, name: string): void {
  const problem = reason('dnsTimeout', { name, server: '192.0.2.53' });
  const wantedSince = new Date('2026-06-01T00:00:00.000Z');
  outcomes.checked({ name, wantedSince, result: { method: 'dnsTxt', proved: false, problem } });
}

describe('without any success', () => {
  for (const { why, minutes, fail, alarm } of rows) {
    it(`${why} for ${minutes} minutes: ${alarm ?? 'no alarm'}`, async () => {
      const clock = createFakeClock();
      const outcomes = createOutcomes({ clock, publicSuffixes: createPublicSuffixes() });
      fail(outcomes);
      await clock.advance(minutes * minute);
      fail(outcomes);
      const found = await Promise.all(silentNetwork(outcomes).map((condition) => condition.look()));
      assert.deepEqual(
        found.flatMap((one) => (one === undefined ? [] : [one.key])),
        alarm === undefined ? [] : [alarm],
      );
    });
  }
});
