import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { challengesOf, newProofReference } from '../../../src/dialects/native/proofs.ts';
import { parseIdentifier } from '../../../src/domain/identifier.ts';
import { parseCsr } from '../../../src/pki/csr.ts';
import { createPublicSuffixes } from '../../../src/system/public-suffix.ts';
import { createFakeRandomness } from '../../support/system.ts';
import { seedCsr } from './session.ts';

// The hashes of the CSR in the vendor's document, which shows them: the construction is the same.
const md5 = 'b8ee25a34bc5cd1f4d5dc8c20fd4eeb2';
const sha256 = 'fdadae5fbe8fce33026ffa3de7d27f546edc2686259e2ed1d64053aaef156d18';

const challengesFor = challengesOf({
  csr: parseCsr(seedCsr).der,
  proofReference: 'ref1',
  publicSuffixes: createPublicSuffixes(),
});
const of = (name: string) => challengesFor(parseIdentifier(name, 'names'));

test('a name is proved by a file over HTTP or HTTPS, by DNS, or by mail', () => {
  const path = `/.well-known/pki-validation/${md5.toUpperCase()}.txt`;
  const content = `${sha256}\ncertmux.invalid\nref1`;
  assert.deepEqual(of('example.com'), [
    { method: 'httpFile', binding: 'server', path, content },
    { method: 'httpsFile', binding: 'server', path, content },
    {
      method: 'dnsCname',
      binding: 'server',
      host: `_${md5}.example.com`,
      alternativeHosts: [],
      target: `${sha256.slice(0, 32)}.${sha256.slice(32)}.ref1.certmux.invalid`,
    },
    {
      method: 'dnsTxt',
      binding: 'server',
      host: '_certmux-challenge.example.com',
      alternativeHosts: [],
      value: `${sha256}.ref1`,
    },
    {
      method: 'email',
      binding: 'server',
      addresses: ['admin', 'administrator', 'hostmaster', 'postmaster', 'webmaster'].map((box) => `${box}@example.com`),
    },
  ]);
});

test('an address has no DNS proof', () => {
  for (const address of ['192.0.2.1', '2001:db8::1']) {
    assert.deepEqual(
      of(address).map(({ method }) => method),
      ['httpFile', 'httpsFile'],
    );
  }
});

describe('where the CNAME may stand', () => {
  const rows: readonly (readonly [name: string, hosts: readonly string[]])[] = [
    ['example.com', ['example.com']],
    ['*.example.com', ['example.com']],
    ['a.b.example.com', ['a.b.example.com', 'b.example.com', 'example.com']],
    ['*.a.example.co.uk', ['a.example.co.uk', 'example.co.uk']],
    ['www.example.github.io', ['www.example.github.io', 'example.github.io']], // never at the suffix itself
  ];
  for (const [name, hosts] of rows) {
    test(name, () => {
      for (const [method, label] of [
        ['dnsCname', `_${md5}`],
        ['dnsTxt', '_certmux-challenge'],
      ] as const) {
        const proof = of(name).find((challenge) => challenge.method === method);
        assert.ok(proof !== undefined && 'host' in proof);
        assert.deepEqual(
          [proof.host, ...(proof.alternativeHosts ?? [])],
          hosts.map((host) => `${label}.${host}`),
        );
      }
    });
  }
});

test('a reference is a DNS label and never the same twice', () => {
  const random = createFakeRandomness();
  const references = Array.from({ length: 100 }, () => newProofReference(random));
  assert.equal(new Set(references).size, 100);
  for (const reference of references) assert.match(reference, /^[0-9a-z]{26}$/);
});
