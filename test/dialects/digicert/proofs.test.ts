/** What proves control of a name, as the vendor's clients place it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  challengesOf,
  dcvMethodOf,
  dcvMethods,
  fileUrlOf,
  newProofReference,
  randomValueOf,
  randomValueUntil,
  validationMethodOf,
} from '../../../src/dialects/digicert/proofs.ts';
import { type Identifier, parseIdentifier } from '../../../src/domain/identifier.ts';
import { createPublicSuffixes } from '../../../src/system/public-suffix.ts';
import { createFakeRandomness } from '../../support/system.ts';

const now = new Date('2026-11-22T08:00:00Z');
const context = { cnameTarget: 'dcv.digicert.com', publicSuffixes: createPublicSuffixes() };
const name = (text: string): Identifier => parseIdentifier(text, 'name');
const reference = newProofReference({ now, random: createFakeRandomness() }, 'dns-txt-token');
const value = randomValueOf(reference, 'dns-txt-token');

const rows: readonly { readonly of: string; readonly txt: readonly string[]; readonly cname: readonly string[] }[] = [
  { of: 'example.com', txt: ['example.com', '_dnsauth.example.com'], cname: ['example.com'] },
  { of: '*.example.com', txt: ['example.com', '_dnsauth.example.com'], cname: ['example.com'] },
  {
    of: 'a.b.example.co.uk', // proved at a parent, but not at a public suffix
    txt: [
      'a.b.example.co.uk',
      '_dnsauth.a.b.example.co.uk',
      'b.example.co.uk',
      '_dnsauth.b.example.co.uk',
      'example.co.uk',
      '_dnsauth.example.co.uk',
    ],
    cname: ['a.b.example.co.uk', 'b.example.co.uk', 'example.co.uk'],
  },
];

describe('proofs of the DigiCert dialect', () => {
  for (const { of, txt, cname } of rows) {
    test(`are looked for at ${of} and its parents`, () => {
      const challenges = challengesOf(reference, name(of), context);
      const hosts = challenges.flatMap((challenge) =>
        'host' in challenge ? [[challenge.method, challenge.host, ...(challenge.alternativeHosts ?? [])]] : [],
      );
      assert.deepEqual(hosts, [
        ['dnsTxt', ...txt],
        ['dnsCname', ...cname.map((host) => `_${value}.${host}`)],
      ]);
      assert.ok(challenges.some((challenge) => challenge.method === 'dnsTxt' && challenge.value === value));
      assert.ok(
        challenges.some((challenge) => challenge.method === 'dnsCname' && challenge.target === 'dcv.digicert.com'),
      );
    });
  }

  test('of an address are files only', () => {
    const methods = challengesOf(reference, name('203.0.113.7'), context).map(({ method }) => method);
    assert.deepEqual(methods, ['httpFile', 'httpsFile', 'httpFile', 'httpsFile']);
  });

  test('hold the same random value for every name, and it is not in the path of its file', () => {
    const files = ['example.com', 'example.org'].flatMap((text) =>
      challengesOf(reference, name(text), context).flatMap((challenge) => ('path' in challenge ? [challenge] : [])),
    );
    assert.equal(files.length, 8);
    for (const { path, content } of files) {
      assert.equal(content, value);
      assert.ok(path.startsWith('/.well-known/pki-validation/') && !path.includes(value), path);
    }
    const paths = new Set(files.map(({ path }) => path));
    assert.equal(paths.size, 2);
    const base = 'http://example.com/.well-known/pki-validation/';
    assert.equal(fileUrlOf(reference, 'http-token', name('*.example.com')), `${base}fileauth.txt`);
    const dynamic = fileUrlOf(reference, 'http-token-dynamic', name('example.com'));
    assert.match(dynamic, /^http:\/\/example\.com\/\.well-known\/pki-validation\/[0-9a-z]{32}\.txt$/);
    assert.ok(paths.has(new URL(dynamic).pathname));
  });

  test('are called what the customer asked for', () => {
    for (const method of dcvMethods) {
      const own = newProofReference({ now, random: createFakeRandomness() }, method);
      assert.equal(dcvMethodOf(validationMethodOf(method), own), method);
    }
  });

  test('serve for 30 days', () => {
    assert.equal(randomValueUntil(reference).toISOString(), '2026-12-22T08:00:00.000Z');
    assert.equal(randomValueUntil('reference000001').toISOString(), '1970-01-31T00:00:00.000Z'); // not one of ours
  });

  test('differ between references', () => {
    const other = newProofReference({ now, random: createFakeRandomness(5) }, 'dns-txt-token');
    assert.notEqual(randomValueOf(other, 'http-token'), randomValueOf(reference, 'http-token'));
  });
});
