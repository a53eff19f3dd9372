/** What counts as failing since the last success: per name, mailbox and server, within an hour, and gone with one success. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createOutcomes, isOfMailServer, meterOf } from '../../../src/app/watching/outcomes.ts';
import { reason } from '../../../src/domain/errors.ts';
import type { CountedCheck } from '../../../src/domain/ports/meter.ts';
import { createMetrics } from '../../../src/http/metrics/index.ts';
import { createPublicSuffixes } from '../../../src/system/index.ts';
import { createFakeClock } from '../../support/system.ts';

const minute = 60_000;
const publicSuffixes = createPublicSuffixes();

function open() {
  const clock = createFakeClock();
  const outcomes = createOutcomes({ clock, publicSuffixes });
  const { meter: counts } = createMetrics();
  return { clock, outcomes, meter: meterOf(counts, outcomes) };
}

const timeout = reason('dnsTimeout', { name: 'a.example', server: '192.0.2.53' });

describe('outcomes of checks', () => {
  const check = (name: string, change: Partial<CountedCheck> = {}, problem = timeout): CountedCheck => ({
    name,
    wantedSince: new Date('2026-06-01T00:00:00.000Z'),
    result: { method: 'dnsTxt', proved: false, problem },
    ...change,
  });

  it('are counted by name, however often it was looked at, with their zones', async () => {
    const { clock, outcomes, meter } = open();
    meter.checked(check('a.one.example'));
    await clock.advance(10 * minute);
    meter.checked(check('a.one.example'));
    meter.checked(check('b.one.example'));
    const { all, forMs } = outcomes.checks();
    assert.deepEqual(
      all.map(({ subject, zone, cause, times }) => [subject, zone, cause, times]),
      [
        ['a.one.example', 'one.example', 'dnsTimeout', 2],
        ['b.one.example', 'one.example', 'dnsTimeout', 1],
      ],
    );
    assert.equal(forMs, 10 * minute);
  });

  it('are forgotten with the first success, and an hour after the last failure', async () => {
    const { clock, outcomes, meter } = open();
    meter.checked(check('a.example'));
    meter.checked(check('b.example', { result: { method: 'dnsTxt', proved: true } }));
    assert.deepEqual(outcomes.checks(), { all: [], forMs: 0 });
    meter.checked(check('a.example'));
    await clock.advance(61 * minute);
    assert.deepEqual(outcomes.checks(), { all: [], forMs: 0 });
  });

  const meaningless: readonly (readonly [why: string, check: CountedCheck])[] = [
    ['an order of the day before yesterday', check('a.example', { wantedSince: new Date('2026-05-30T00:00:00.000Z') })],
    ['a look before there is an order', check('a.example', { wantedSince: null })],
    ['one that was cut off', check('a.example', {}, reason('checkAborted', {}))],
  ];
  for (const [why, one] of meaningless) {
    it(`do not count ${why}`, () => {
      const { outcomes, meter } = open();
      meter.checked(one);
      assert.equal(outcomes.checks().all.length, 0);
    });
  }

  it('are no more than a thousand, whatever comes', () => {
    const { outcomes, meter } = open();
    for (let n = 0; n < 3000; n++) meter.checked(check(`n${n}.example`));
    assert.equal(outcomes.checks().all.length, 1000);
  });
});

describe('outcomes of mails and webhooks', () => {
  it('tell a mail server that is away from one that refuses a mailbox', () => {
    const { outcomes, meter } = open();
    const failed = (detail: string) => ({ ok: false, server: 's', isFinal: false, detail }) as const;
    meter.mailed('a@one.example', failed('connect ECONNREFUSED'));
    meter.mailed('b@two.example', failed('450 4.2.2 mailbox full'));
    assert.deepEqual(outcomes.mails().all.map(isOfMailServer), [true, false]);
    meter.mailed('c@three.example', { ok: true, server: 's', answer: '250 ok' });
    assert.equal(outcomes.mails().all.length, 0);
  });

  it('know that a webhook which was refused has left this network', () => {
    const { outcomes, meter } = open();
    meter.delivered('https://a.example/hook?secret', 'unanswered');
    assert.deepEqual(
      outcomes.deliveries().all.map(({ subject }) => subject),
      ['a.example'],
    );
    meter.delivered('https://b.example/hook', 'refused');
    assert.equal(outcomes.deliveries().all.length, 0);
  });
});
