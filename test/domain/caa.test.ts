/** Whether CAA records let a CA issue (RFC 8659 §4, RFC 8657 §3). */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type CaaRecord, caaObjection } from '../../src/domain/caa.ts';

const accountUrl = 'https://ca.example/acct/1';
const identity = { domains: ['ca.example', 'old.ca.example'], accountUrl };
const of = (...lines: readonly string[]): readonly CaaRecord[] =>
  lines.map((line) => {
    const [flags = '', tag = '', ...value] = line.split(' ');
    return { flags: Number(flags), tag, value: value.join(' ') };
  });

const rows: readonly (readonly [why: string, records: readonly string[], host: boolean, wildcard: boolean])[] = [
  ['no records: everybody may', [], true, true],
  ['named', ['0 issue ca.example'], true, true],
  ['by a former name, in other letters', ['0 ISSUE Old.CA.example'], true, true],
  ['one of several', ['0 issue other.example', '0 issue ca.example'], true, true],
  ['another CA', ['0 issue other.example'], false, false],
  ['nobody', ['0 issue ;'], false, false],
  ['only where to report', ['0 iodef mailto:a@b.example'], true, true],
  ['a tag of its own for wildcards', ['0 issue other.example', '0 issuewild ca.example'], false, true],
  ['no wildcards', ['0 issue ca.example', '0 issuewild ;'], true, false],
  ['wildcards are ruled, hosts are not', ['0 issuewild other.example'], true, false],
  ['our account', [`0 issue ca.example; accounturi=${accountUrl}`], true, true],
  ['another account', ['0 issue ca.example; accounturi=https://ca.example/acct/2'], false, false],
  ['a method, which the CA looks at', ['0 issue ca.example; validationmethods=dns-01'], true, true],
  ['a critical tag that nobody knows', ['128 future ca.example', '0 issue ca.example'], false, false],
  ['a critical tag that is known', ['128 issue ca.example'], true, true],
  ['mail is another matter', ['0 issuemail other.example'], true, true],
];

describe('a CA', () => {
  for (const [why, lines, host, wildcard] of rows) {
    test(`${why}: ${host ? 'may' : 'may not'} for a host, ${wildcard ? 'may' : 'may not'} for a wildcard`, () => {
      const records = of(...lines);
      assert.equal(caaObjection({ records }, identity, { isWildcard: false }) === undefined, host);
      assert.equal(caaObjection({ records }, identity, { isWildcard: true }) === undefined, wildcard);
    });
  }

  test('without an account yet is not the one that a record names', () => {
    const records = of(`0 issue ca.example; accounturi=${accountUrl}`);
    assert.equal(
      caaObjection({ records }, { ...identity, accountUrl: null }, { isWildcard: false }),
      `0 issue "ca.example; accounturi=${accountUrl}"`,
    );
  });

  test('is told of the records that speak against it, as they stand in DNS', () => {
    const records = of('0 issue one.example', '0 issue two.example', '0 iodef mailto:a@b.example');
    assert.equal(
      caaObjection({ records }, identity, { isWildcard: false }),
      '0 issue "one.example", 0 issue "two.example"',
    );
  });
});
