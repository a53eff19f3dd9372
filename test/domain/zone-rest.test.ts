/** Rests of zones whose servers do not answer: what a zone is, what counts as an answer, how long it rests. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Reason, reason } from '../../src/domain/errors.ts';
import { parseIdentifier } from '../../src/domain/identifier.ts';
import type { AccountId } from '../../src/domain/ids.ts';
import { commonZone, restAfter, restEnd, type ZoneRest, zoneAnswers, zoneOf } from '../../src/domain/zone-rest.ts';
import { createPublicSuffixes } from '../../src/system/public-suffix.ts';

const publicSuffixes = createPublicSuffixes();
const identifiersOf = (names: string) => names.split(' ').map((name) => parseIdentifier(name, 'names'));

describe('the zone of a name', () => {
  for (const [name, zone] of [
    ['www.example.com', 'example.com'],
    ['*.example.com', 'example.com'],
    ['a.b.example.co.uk', 'example.co.uk'],
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8::7', '2001:db8::7'],
  ] as const) {
    it(`${name} is of ${zone}`, () => assert.equal(zoneOf(parseIdentifier(name, 'names'), publicSuffixes), zone));
  }

  for (const [names, zone] of [
    ['a.example.com *.example.com', 'example.com'],
    ['a.example.com a.example.net', null],
  ] as const) {
    it(`names ${names} have ${zone ?? 'none'} in common`, () =>
      assert.equal(commonZone(identifiersOf(names), publicSuffixes), zone));
  }
});

describe('what checks say of a zone', () => {
  const server = '192.0.2.53';
  const name = 'www.example.com';
  const aborted = reason('checkAborted', {});
  const silent = reason('dnsTimeout', { name, server });
  const failing = reason('dnsServerFailure', { name, rcode: 'SERVFAIL', server });
  const slow = reason('httpTimeout', { url: `http://${name}/`, timeoutMs: 10_000 });
  const noName = reason('dnsNoSuchName', { name });
  const rows: readonly (readonly [string, readonly (Reason | undefined)[], boolean | undefined])[] = [
    ['a proof is an answer', [undefined], true],
    ['so is that there is no such name', [noName], true],
    ['one answer is enough', [silent, noName, slow], true],
    ['silence is none', [silent], false],
    ['nor is a failure of its servers', [failing], false],
    ['nor a web server that does not answer in time', [slow, silent], false],
    ['what was cut off says nothing', [aborted], undefined],
    ['nor does it count beside silence', [aborted, silent], false],
    ['nor does what our own resolvers kept from it', [reason('resolversAway', { servers: server })], undefined],
    ['no check says nothing', [], undefined],
  ];
  for (const [why, problems, answers] of rows) {
    it(why, () =>
      assert.equal(zoneAnswers(problems.map((problem) => (problem === undefined ? {} : { problem }))), answers),
    );
  }
});

describe('a rest', () => {
  const start = new Date('2026-06-01T12:00:00Z');
  const accountId = 'acc_one' as AccountId;
  const after = (before: ZoneRest | undefined, now: Date) =>
    restAfter(before, { accountId, zone: 'dead.example', now });

  it('grows with each probe that nobody answers, up to ten minutes', () => {
    const seconds: number[] = [];
    let rest: ZoneRest | undefined;
    for (let i = 0; i < 8; i++) {
      const now: Date = rest?.until ?? start;
      rest = after(rest, now);
      seconds.push((rest.until.getTime() - now.getTime()) / 1000);
    }
    assert.deepEqual(seconds, [10, 30, 60, 120, 300, 600, 600, 600]);
  });

  it('ends ten seconds after the last probe for whoever asks for a check', () => {
    const rest = after(after(after(undefined, start), start), start);
    const secondsOf = (end: Date) => (end.getTime() - start.getTime()) / 1000;
    assert.equal(secondsOf(restEnd(rest, { isAsked: false })), 60);
    assert.equal(secondsOf(restEnd(rest, { isAsked: true })), 10);
  });
});
