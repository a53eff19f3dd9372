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

/** By a method that the CA knows it proved the name by. */
const byMethod: readonly (readonly [why: string, value: string, method: string, isAllowed: boolean])[] = [
  ['one of the methods', 'ca.example; validationmethods=http-01,dns-01', 'dns-01', true],
  ['none of the methods', 'ca.example; validationmethods=http-01,dns-01', 'tls-alpn-01', false],
  ['a method of ours', 'ca.example; validationmethods=ca-email', 'ca-email', true],
  ['a part of a label is none', 'ca.example; validationmethods=dns-01x', 'dns-01', false],
  ['no method at all', 'ca.example; validationmethods=', 'dns-01', false],
  [
    'methods twice: nothing satisfies it',
    'ca.example; validationmethods=dns-01; validationmethods=dns-01',
    'dns-01',
    false,
  ],
  ['accounts twice: the same', `ca.example; accounturi=${accountUrl}; accounturi=${accountUrl}`, 'dns-01', false],
  ["parameters that are others' matter", 'ca.example; policy=ev; x-y=1', 'dns-01', true],
  ['white space everywhere', ' \tca.example \t; \tvalidationmethods\t=\tdns-01\t ', 'dns-01', true],
  ['an empty list of parameters', 'ca.example;', 'dns-01', true],
  ['a tag in capitals', 'ca.example; ValidationMethods=dns-01', 'dns-01', true],
  ['no equals sign', 'ca.example; validationmethods', 'dns-01', false],
  ['a semicolon too many', 'ca.example; policy=ev;', 'dns-01', false],
  ['a value with a space', 'ca.example; policy=e v', 'dns-01', false],
  ['a domain with a space', 'ca example', 'dns-01', false],
  ['a domain with a dot at its end', 'ca.example.', 'dns-01', false],
  ['a domain below', 'www.ca.example', 'dns-01', false],
  ['three hundred parameters', `ca.example${'; p=1'.repeat(300)}`, 'dns-01', true],
];

describe('a record with parameters', () => {
  for (const [why, value, method, isAllowed] of byMethod) {
    test(`${why}: ${isAllowed ? 'allows it' : 'does not'}`, () => {
      const records = [{ flags: 0, tag: 'issue', value }];
      assert.equal(caaObjection({ records }, identity, { isWildcard: false, method }) === undefined, isAllowed);
    });
  }

  test('is cut where it is shown, however long it is', () => {
    const records = [{ flags: 0, tag: 'issue', value: `other.example; ${'p=1; '.repeat(1000)}` }];
    const shown = caaObjection({ records }, identity, { isWildcard: false }) ?? assert.fail();
    assert.ok(shown.length < 300, String(shown.length));
    const many = Array.from({ length: 300 }, (_, i) => ({ flags: 0, tag: 'issue', value: `ca${i}.other.example` }));
    const some = caaObjection({ records: many }, identity, { isWildcard: false }) ?? assert.fail();
    assert.match(some, /ca4\.other\.example", …$/);
  });
});

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
