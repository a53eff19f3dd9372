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
  ['a critical tag that nobody knows, with reserved bits', ['130 future x', '0 issue ca.example'], false, false],
  ['every bit set', ['255 future x', '0 issue ca.example'], false, false],
  ['reserved bits alone, which are not critical', ['126 future x', '1 other y', '0 issue ca.example'], true, true],
  ['reserved bits beside a known tag', ['127 issue ca.example'], true, true],
  ['several critical tags, all known', ['128 issue ca.example', '128 iodef mailto:a@b.example'], true, true],
  ['several critical tags, the last unknown', ['128 issue ca.example', '128 future x'], false, false],
  ['an unknown tag alone', ['0 future x'], true, true],
  ['letters of both cases', ['0 iSsUe other.example'], false, false],
  ['letters of both cases, for wildcards', ['0 iSsUeWiLd other.example', '0 IsSuE CA.Example'], true, false],
  ['nobody, but wildcards', ['0 issue ;', '0 issuewild ca.example'], false, true],
  ['another CA for wildcards', ['0 issue ca.example', '0 issuewild other.example'], true, false],
  ['one of several for wildcards', ['0 issuewild other.example', '0 issuewild ca.example'], true, true],
  ['nobody for wildcards, and somebody', ['0 issuewild ;', '0 issuewild ca.example'], true, true],
  ['nobody, and somebody', ['0 issue ;', '0 issue ca.example'], true, true],
  ['an empty value', ['0 issue '], false, false],
  ['parameters without a CA', ['0 issue ; policy=ev'], false, false],
  ['markup in the place of a CA', ['0 issue <script>alert(1)</script>'], false, false],
  ['markup in a tag that does not rule', ['0 iodef <script>alert(1)</script>'], true, true],
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
  ['a tag with an underscore', 'ca.example; a_b=1', 'dns-01', false],
  ['a tag that ends with a hyphen', 'ca.example; a-=1', 'dns-01', false],
  ['a tag that begins with a hyphen', 'ca.example; -a=1', 'dns-01', false],
  ['a value beyond ASCII', 'ca.example; a=\u00e9', 'dns-01', false],
  ['an empty value', 'ca.example; a=', 'dns-01', true],
  ['no space before parameters', 'ca.example;a=1;b=2', 'dns-01', true],
  ['a control character', 'ca.example\u0000', 'dns-01', false],
  ['a line end', 'ca.example\n', 'dns-01', false],
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

  const shownOf = (records: readonly CaaRecord[]) =>
    caaObjection({ records }, identity, { isWildcard: false })?.records ?? assert.fail('nothing speaks against it');

  test('is cut where it is shown, however long it is', () => {
    const shown = shownOf([{ flags: 0, tag: 'issue', value: `other.example; ${'p=1; '.repeat(1000)}` }]);
    assert.ok(shown.length < 300, String(shown.length));
    const many = Array.from({ length: 300 }, (_, i) => ({ flags: 0, tag: 'issue', value: `ca${i}.other.example` }));
    assert.match(shownOf(many), /ca4\.other\.example", …$/);
  });

  test('is shown without what a terminal would obey, and with its markup as text', () => {
    const value = '<script>\u001b[2J\u0000\r\n\u202e</script>';
    assert.equal(
      shownOf([{ flags: 0, tag: 'issue', value }]),
      '0 issue "<script>\\u{1b}[2J\\u{0}\\u{d} \\u{202e}</script>"',
    );
  });
});

describe('what would allow it', () => {
  const remedies: readonly (readonly [why: string, records: readonly string[], isWildcard: boolean, tag: unknown])[] = [
    ['another CA', ['0 issue other.example'], false, 'issue'],
    ['another CA, for a wildcard', ['0 issue other.example'], true, 'issue'],
    ['wildcards ruled by a tag of their own', ['0 issue ca.example', '0 issuewild ;'], true, 'issuewild'],
    ['a critical tag: no further record', ['128 future x'], true, null],
  ];
  for (const [why, lines, isWildcard, tag] of remedies) {
    test(why, () => assert.equal(caaObjection({ records: of(...lines) }, identity, { isWildcard })?.tag, tag));
  }
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
      caaObjection({ records }, { ...identity, accountUrl: null }, { isWildcard: false })?.records,
      `0 issue "ca.example; accounturi=${accountUrl}"`,
    );
  });

  test('is told of the records that speak against it, as they stand in DNS', () => {
    const records = of('0 issue one.example', '0 issue two.example', '0 iodef mailto:a@b.example');
    assert.equal(
      caaObjection({ records }, identity, { isWildcard: false })?.records,
      '0 issue "one.example", 0 issue "two.example"',
    );
  });
});
