/**
 * CAA through a resolver that validates (unbound), as a CA that takes DNSSEC seriously looks it up: zones that are signed, whose
 * signatures are broken or ran out, below them one that is not signed, and servers that are lame or silent (BR §3.2.2.8).
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createLookUpCaa } from '../../src/dcv/caa.ts';
import { type CaaSubject, caaVerdict } from '../../src/domain/caa-check.ts';
import { renderReason } from '../../src/domain/errors.ts';
import { parseIdentifier } from '../../src/domain/identifier.ts';
import { createRandomness, createResolver } from '../../src/system/index.ts';
import { type NastyDns, nasty, startNastyDns } from '../support/nasty-dns.ts';
import { type ServedZones, type SignedZone, serveZones } from '../support/signed-zones.ts';
import { startUnbound, type Unbound } from '../support/unbound.ts';

const accountUrl = 'https://ca.example/acct/1';
const identity = { domains: ['ca.example'], accountUrl };
const now = new Date('2026-06-01T08:00:00Z');
const never = new AbortController().signal;

const zones: readonly SignedZone[] = [
  {
    name: 'signed.test',
    signing: {},
    records: [
      '@ CAA 0 issue "ca.example"',
      'deny CAA 0 issue "other.example"',
      'nobody CAA 0 issue ";"',
      'empty CAA 0 issue ""',
      'wild CAA 0 issue "ca.example"',
      'wild CAA 0 issuewild ";"',
      `account CAA 0 issue "ca.example; accounturi=${accountUrl}"`,
      'stranger CAA 0 issue "ca.example; accounturi=https://ca.example/acct/2"',
      'method CAA 0 issue "ca.example; validationmethods=dns-01"',
      'critical CAA 0 issue "ca.example"',
      'critical CAA 128 future "x"',
      'alias CNAME deny',
      'www.below.deny A 192.0.2.1',
      'dname DNAME target',
      'www.target CAA 0 issue "other.example"',
      '*.star CAA 0 issue "other.example"',
      ...Array.from({ length: 1001 }, (_, i) => `many CAA 0 issue "ca${i}.other.example"`),
      // Delegations: one to a zone that is not signed, the others to servers that do not answer for it.
      'plain NS ns',
      'lame NS ns',
      'silent NS ns',
    ],
  },
  { name: 'plain.signed.test', records: ['@ A 192.0.2.1', 'deny CAA 0 issue "other.example"'] },
  {
    name: 'broken.test',
    // The owner allows somebody else; whoever stands between changed that into us.
    signing: { after: (zone) => zone.replace('"other.example"', '"ca.example"') },
    records: ['changed CAA 0 issue "other.example"', 'whole CAA 0 issue "ca.example"'],
  },
  {
    name: 'expired.test',
    signing: { from: '20200101', until: '20200201' },
    records: ['@ CAA 0 issue "ca.example"'],
  },
];

let served: ServedZones;
let lame: NastyDns;
let silent: NastyDns;
let unbound: Unbound;
before(async () => {
  [served, lame, silent] = await Promise.all([
    serveZones(zones),
    startNastyDns(nasty.refused),
    startNastyDns(nasty.silent),
  ]);
  const stubs = Object.fromEntries(zones.map(({ name }) => [name, served.port]));
  const others = { 'lame.signed.test': lame.port, 'silent.signed.test': silent.port };
  unbound = await startUnbound({ ...stubs, ...others }, 'signed.test', served.anchors);
});
after(async () => {
  await unbound?.close();
  await Promise.all([served?.close(), lame?.close(), silent?.close()]);
});

const byHttp = { provedBy: 'httpFile', challenges: [{ method: 'httpFile', token: 'x' }] };
const byDns = { provedBy: 'dnsTxt', challenges: [{ method: 'dnsTxt', token: 'x' }] };

/** What is decided about the name by what stands in DNS, as before a certificate is signed. */
async function verdictOn(text: string, authorization: object = byHttp) {
  const servers = [unbound.endpoint];
  const resolver = createResolver({ servers, timeoutMs: 4000, attempts: 1, random: createRandomness() });
  const identifier = parseIdentifier(text, 'name');
  const name = identifier.kind === 'wildcard' ? identifier.value.slice(2) : identifier.value;
  const outcome = await createLookUpCaa(resolver)(name, never);
  const subjects = [{ identifier, authorization }] as readonly CaaSubject[];
  const verdict = caaVerdict(subjects, {
    checks: [{ name, outcome, firstAt: now, checkedAt: now, count: 1 }],
    identity,
    now,
  });
  return 'reason' in verdict
    ? ([verdict.kind, renderReason(verdict.reason, 'en')] as const)
    : ([verdict.kind, ''] as const);
}

describe('a signed zone', () => {
  const rows: readonly (readonly [name: string, verdict: string, why: string, authorization?: object])[] = [
    ['signed.test', 'allowed', 'names the CA'],
    ['www.signed.test', 'allowed', 'names it for what is below, proved not to have records of its own'],
    ['a.b.c.signed.test', 'allowed', 'however far below'],
    ['deny.signed.test', 'forbidden', 'names another CA'],
    ['www.below.deny.signed.test', 'forbidden', 'names another CA above the name'],
    ['nobody.signed.test', 'forbidden', 'names nobody'],
    ['empty.signed.test', 'forbidden', 'names nobody, without a semicolon'],
    ['wild.signed.test', 'allowed', 'rules wildcards otherwise'],
    ['*.wild.signed.test', 'forbidden', 'has nobody certify wildcards'],
    ['account.signed.test', 'allowed', 'names our account'],
    ['stranger.signed.test', 'forbidden', 'names the account of somebody else'],
    ['method.signed.test', 'allowed', 'names the method', byDns],
    ['method.signed.test', 'forbidden', 'names another method', byHttp],
    ['critical.signed.test', 'forbidden', 'has a critical tag that nobody knows'],
    ['alias.signed.test', 'forbidden', 'has an alias of a name that names another CA'],
    ['www.dname.signed.test', 'forbidden', 'has an alias of a whole subtree'],
    ['any.star.signed.test', 'forbidden', 'has a wildcard record'],
    ['many.signed.test', 'forbidden', 'has 1001 records, which come over TCP'],
    ['plain.signed.test', 'allowed', 'delegates to a zone that is not signed, and proves that'],
    ['deny.plain.signed.test', 'forbidden', 'delegates to a zone that is not signed, whose records count'],
    ['whole.broken.test', 'allowed', 'has one record that was changed: the others count'],
  ];
  for (const [name, expected, why, authorization] of rows) {
    test(`${why}: ${name} is ${expected}`, async () => {
      const [kind, text] = await verdictOn(name, authorization);
      assert.equal(kind, expected, text);
    });
  }
});

describe('what cannot be believed or had', () => {
  const rows: readonly (readonly [name: string, why: string, text: RegExp])[] = [
    ['changed.broken.test', 'was changed after it was signed', /SERVFAIL/],
    ['expired.test', 'has signatures that ran out', /SERVFAIL/],
    ['www.lame.signed.test', 'is delegated to a server that does not know it', /SERVFAIL/],
    ['www.silent.signed.test', 'is delegated to a server that says nothing', /SERVFAIL|did not answer/],
  ];
  for (const [name, why, text] of rows) {
    test(`${why}: nothing is signed for ${name}, and the reason says so`, async () => {
      const [kind, said] = await verdictOn(name);
      assert.equal(kind, 'unknown', said);
      assert.match(said, new RegExp(RegExp.escape(name)));
      assert.match(said, text);
    });
  }
});
