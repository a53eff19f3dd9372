/** TXT records that stay for good (draft-ietf-acme-dns-persist-02, BR §3.2.2.4.22): how they are read, and what they prove. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createCheckChallenge } from '../../src/dcv/index.ts';
import { parsePersistentRecord } from '../../src/dcv/persistent-record.ts';
import type { CheckedChallenge, CheckResult } from '../../src/domain/challenge.ts';
import { renderReason } from '../../src/domain/errors.ts';
import { customersCheck } from '../../src/domain/evidence.ts';
import { parseIdentifier } from '../../src/domain/identifier.ts';
import { dnsPersistReasons } from '../../src/domain/messages/dns-persist.ts';
import type { DnsOutcome } from '../../src/domain/ports/system.ts';
import { accountHash } from '../../src/pki/account-hash.ts';
import { createClock } from '../../src/system/clock.ts';
import { createPublicSuffixes } from '../../src/system/public-suffix.ts';

const accountUrl = 'https://ca.example.com/acme/default/account/abc';
const hashPrefix = 'https://ca.example.com/acme/default/account-hash/';
const thumbprint = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs';
const former = 'F'.repeat(43);

describe('the hashed name of an account', () => {
  // Draft-02 §10.2.
  const rows = [
    ['example.com', '5SQm7n6tPh2-PlLbCKGnViTXX5z19SCN4cPGQHSk-kw'],
    ['*', 'NpDnSwUthQK8zCgFdefYxAdAVPnygMLbs9US6oO-5ug'],
  ] as const;
  for (const [domain, expected] of rows) {
    test(`is that of the draft for ${domain}`, () => {
      assert.equal(accountHash(domain, thumbprint, 'https://ca.example/acct/123'), expected);
    });
  }
});

describe('a record', () => {
  const uri = `accounturi=${accountUrl}`;
  const rows: readonly (readonly [record: string, expected: string])[] = [
    [`ca.example.com; ${uri}`, 'read'],
    [` ca.example.com\t;${uri}`, 'read'], // blanks around everything
    [`ca.example.com; AccountURI = ${accountUrl} ; POLICY=Wildcard`, 'read below'], // tags in any case, policy too
    [`ca.example.com; ${uri}; policy=wildcards`, 'read'], // a policy that means nothing
    [`ca.example.com; ${uri}; x-1=; persistUntil=1767225600`, 'read until 2026-01-01T00:00:00.000Z'], // an unknown tag
    [`ca.example.com; ${uri}; x=1; x=2`, 'read'], // even twice
    [`ca.example.com; ${uri}; persistUntil=${'9'.repeat(40)}`, 'read until +275760-09-13T00:00:00.000Z'],
    [`ca.example.com; ${uri}; ${uri}`, 'repeatedTag'],
    [`ca.example.com; ${uri}; policy=wildcard; policy=wildcard`, 'repeatedTag'],
    [`ca.example.com; ${uri}; persistUntil=1; PersistUntil=2`, 'repeatedTag'],
    ['ca.example.com', 'noAccount'],
    ['ca.example.com;', 'noAccount'],
    ['ca.example.com; accounturi=', 'noAccount'],
    [`ca.example.com; ${uri};`, 'notTagValue'], // RFC 8659 §4.2: no parameter behind the semicolon
    [`ca.example.com;; ${uri}`, 'notTagValue'],
    [`ca.example.com; ${uri}; policy`, 'notTagValue'],
    [`ca.example.com; ${uri}; a_b=1`, 'badTag'],
    [`ca.example.com; ${uri}; -a=1`, 'badTag'],
    [`ca.example.com; ${uri}; =1`, 'badTag'],
    [`ca.example.com; ${uri} x`, 'badValue'],
    [`ca.example.com; ${uri}; x=ä`, 'badValue'],
    [`ca.example.com; ${uri}\u0000`, 'badValue'],
    [`ca.example.com; ${uri}; persistUntil=`, 'badUntil'],
    [`ca.example.com; ${uri}; persistUntil=-1`, 'badUntil'],
    [`ca.example.com; ${uri}; persistUntil=1e9`, 'badUntil'],
    [`ca.example.com; ${uri}; persistUntil=2026-01-01`, 'badUntil'],
    [`ca.example.com.; ${uri}`, 'badIssuer'],
    [`ca..example.com; ${uri}`, 'badIssuer'],
    [`; ${uri}`, 'badIssuer'],
    ['', 'badIssuer'],
    [`ca.example.com; accounturi=${hashPrefix}sha-256/${former}`, 'read'],
    [`ca.example.com; accounturi=${hashPrefix}sha-512/${former}`, 'badAccountHash'],
    [`ca.example.com; accounturi=${hashPrefix}sha-256/${former}A`, 'badAccountHash'],
    [`ca.example.com; accounturi=${hashPrefix}sha-256/${former.slice(1)}=`, 'badAccountHash'],
    [`ca.example.com; accounturi=${hashPrefix}`, 'badAccountHash'],
    [`ca.example.com;${' '.repeat(65_000)}x`, 'notTagValue'], // blanks that would stall a careless pattern
  ];
  for (const [record, expected] of rows) {
    test(`${JSON.stringify(record.slice(0, 120))}: ${expected}`, () => {
      const found = parsePersistentRecord(record, hashPrefix);
      const text =
        'fault' in found
          ? found.fault
          : `read${found.coversBelow ? ' below' : ''}${found.until === null ? '' : ` until ${found.until.toISOString()}`}`;
      assert.equal(text, expected);
    });
  }
});

const now = new Date('2026-06-01T08:00:00Z');
const seconds = (from: number) => Math.floor(now.getTime() / 1000) + from;

/** Records by their host; `CNAME x` leads on. */
type Zone = Readonly<Record<string, readonly string[]>>;

const own = '_validation-persist.www.example.com';
const parent = '_validation-persist.example.com';

/** The reasons that some test here has seen. */
const seen = new Set<string>();

async function check(
  zone: Zone,
  { name = 'www.example.com', needsAllBelow = false, ttlSeconds = 3600 } = {},
): Promise<CheckResult> {
  const resolver = {
    async query(host: string): Promise<DnsOutcome> {
      const records = [];
      for (let at: string | undefined = host; at !== undefined; ) {
        const texts: readonly string[] = zone[at] ?? [];
        const alias: string | undefined = texts.find((text) => text.startsWith('CNAME '))?.slice(6);
        const common = { name: at, ttlSeconds };
        if (alias !== undefined) records.push({ ...common, type: 'CNAME', data: alias });
        else records.push(...texts.map((data) => ({ ...common, type: 'TXT', data })));
        at = alias;
      }
      const rcode = host in zone ? 'NOERROR' : 'NXDOMAIN';
      return { ok: true, server: '192.0.2.53', rcode, records, authenticated: false };
    },
  };
  const challenge: CheckedChallenge = {
    method: 'dnsPersist',
    binding: 'server',
    hosts: [own, parent],
    issuers: ['ca.example.com', 'ca.example.net'],
    account: { url: accountUrl, hashPrefix, thumbprints: [thumbprint, former] },
    needsAllBelow,
  };
  const unused = () => assert.fail('no other network');
  const checkChallenge = createCheckChallenge({
    clock: { ...createClock(), now: () => now },
    resolver,
    fetchUntrusted: unused,
    handshakeUntrusted: unused,
    publicSuffixes: createPublicSuffixes(),
  });
  const result = await checkChallenge(parseIdentifier(name, 'name'), challenge, new AbortController().signal);
  assert.equal(result.proved, result.problem === undefined);
  assert.equal(result.proved, result.terms !== undefined);
  if (result.problem !== undefined) {
    seen.add(result.problem.key);
    for (const language of ['en', 'zh'] as const) assert.ok(renderReason(result.problem, language).length > 10);
  }
  return result;
}

const verdict = ({ problem, terms }: CheckResult) =>
  problem?.key ?? `${terms?.coversBelow === true ? 'all below' : 'the name'} for ${terms?.forSeconds}`;

const right = `ca.example.com; accounturi=${accountUrl}`;
const hashed = (domain: string, key = thumbprint) =>
  `ca.example.com; accounturi=${hashPrefix}sha-256/${accountHash(domain, key, accountUrl)}`;

describe('the records of a name prove', () => {
  const rows: readonly (readonly [why: string, zone: Zone, expected: string])[] = [
    ['what names the account', { [own]: [right] }, 'the name for 3600'],
    ['beside those of others', { [own]: ['v=spf1 -all', 'other.example; accounturi=x', right] }, 'the name for 3600'],
    ['by any of our names', { [own]: [right.replace('.com;', '.net;')] }, 'the name for 3600'],
    ['in capitals', { [own]: [right.replace('ca.example.com;', 'CA.Example.COM;')] }, 'the name for 3600'],
    ['all below', { [own]: [`${right}; policy=wildcard`] }, 'all below for 3600'],
    ['the widest of several', { [own]: [right, `${right}; policy=wildcard`] }, 'all below for 3600'],
    ['a right one beside a broken one', { [own]: [`${right};`, right] }, 'the name for 3600'],
    ['hashed for the domain', { [own]: [hashed('www.example.com')] }, 'the name for 3600'],
    ['hashed for any domain', { [own]: [hashed('*')] }, 'the name for 3600'],
    ['hashed with a former key', { [own]: [hashed('www.example.com', former)] }, 'the name for 3600'],
    ['until its end', { [own]: [`${right}; persistUntil=${seconds(60)}`] }, 'the name for 60'],
    ['behind a CNAME', { [own]: ['CNAME p.example.net'], 'p.example.net': [right] }, 'the name for 3600'],
    ['at the parent, with its policy', { [parent]: [`${right}; policy=wildcard`] }, 'all below for 3600'],
    ['hashed for the parent', { [parent]: [`${hashed('example.com')}; policy=wildcard`] }, 'all below for 3600'],

    ['nothing', {}, 'dnsNoSuchName'],
    ['nothing without TXT', { [own]: [] }, 'dnsNoRecord'],
    ['nothing for other issuers', { [own]: ['other.example; accounturi=x'] }, 'persistNoIssuer'],
    ['nothing for another account', { [own]: [`${right}d`] }, 'persistOtherAccount'],
    ['nothing in another case', { [own]: [right.replace('/abc', '/ABC')] }, 'persistOtherAccount'],
    ['nothing by another escape', { [own]: [right.replace('/abc', '/%61bc')] }, 'persistOtherAccount'],
    ['nothing hashed for another domain', { [own]: [hashed('example.com')] }, 'persistOtherAccount'],
    ['nothing hashed with another key', { [own]: [hashed('*', 'G'.repeat(43))] }, 'persistOtherAccount'],
    ['nothing after its end', { [own]: [`${right}; persistUntil=${seconds(-1)}`] }, 'persistEnded'],
    ['nothing at its very end', { [own]: [`${right}; persistUntil=${seconds(0)}`] }, 'persistEnded'],
    ['nothing that cannot be read', { [own]: [`${right}; ${right.slice(16)}`] }, 'persistMalformed'],
    ['the broken one to mend first', { [own]: [`${right}d`, `${right};`] }, 'persistMalformed'],
    ['nothing at the parent without its policy', { [parent]: [right] }, 'persistNotBelow'],
    ['nothing of a neighbour', { '_validation-persist.mail.example.com': [right] }, 'dnsNoSuchName'],
  ];
  for (const [why, zone, expected] of rows) {
    test(`${why}: ${expected}`, async () => assert.equal(verdict(await check(zone)), expected));
  }

  test('wildcards only with their policy', async () => {
    const wildcard = { name: '*.www.example.com', needsAllBelow: true };
    assert.equal(verdict(await check({ [own]: [right] }, wildcard)), 'persistNotBelow');
    assert.equal(verdict(await check({ [own]: [`${right}; policy=WILDCARD`] }, wildcard)), 'all below for 3600');
  });

  test('no address', async () => {
    assert.equal(verdict(await check({ [own]: [right] }, { name: '192.0.2.7' })), 'methodNotAllowed');
  });

  test('for as long as they may be cached, and five minutes at least', async () => {
    for (const [ttlSeconds, expected] of [
      [0, 300],
      [301, 301],
      [86_400 * 30, 86_400 * 30],
    ] as const) {
      assert.equal(verdict(await check({ [own]: [right] }, { ttlSeconds })), `the name for ${expected}`);
    }
    const short = { [own]: [`${right}; persistUntil=${seconds(10)}`] };
    assert.equal(verdict(await check(short, { ttlSeconds: 0 })), 'the name for 10');
  });

  test('and show nothing of an internal zone', async () => {
    for (const text of [`${right}d`, `${right};`, `${right}; persistUntil=1`, 'secret.internal; x=y']) {
      const result = await check({ [own]: ['CNAME p.internal'], 'p.internal': [text] });
      const shown = customersCheck(result);
      assert.deepEqual([shown.answer, shown.problem?.key], ['', 'dnsOtherRecord'], text);
    }
  });

  test('with every reason that there is', () => {
    assert.deepEqual(
      Object.keys(dnsPersistReasons).filter((key) => !seen.has(key)),
      [],
    );
  });
});
