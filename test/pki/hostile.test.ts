/** Whatever bytes are thrown at a parser, it answers with a value or a CertError, and soon. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CertError } from '../../src/domain/errors.ts';
import { parseCertificate, parseCertificateBundle, parseCertificatePem } from '../../src/pki/certificate.ts';
import { crlTbs } from '../../src/pki/crl.ts';
import { parseCrl } from '../../src/pki/crl-reader.ts';
import { parseCsr, verifyCsrSync } from '../../src/pki/csr.ts';
import { createCsr } from '../../src/pki/csr-writer.ts';
import { tag } from '../../src/pki/der-tag.ts';
import { context, element, oid, sequence, setOfOne, smallInteger } from '../../src/pki/der-writer.ts';
import { describeCertificate } from '../../src/pki/describe-certificate.ts';
import { extension } from '../../src/pki/extension.ts';
import { parsePrivateKeyPem } from '../../src/pki/key.ts';
import { checkPublicKey } from '../../src/pki/key-check.ts';
import { encodeName } from '../../src/pki/name.ts';
import { oids } from '../../src/pki/oid.ts';
import { decodePemBundle, encodePem } from '../../src/pki/pem.ts';
import { parsePublicKey } from '../../src/pki/public-key.ts';
import { signAndAssemble } from '../../src/pki/signature.ts';
import { cpuMs } from '../support/cpu-time.ts';
import { createAuthority, fixture, issueLeaf, names, notAfter, notBefore, serial } from './support.ts';

const authority = await createAuthority();
const { spkiDer } = authority.signer.publicKey;
const csr = await createCsr(
  { subject: { C: 'CN', CN: 'a.example.com' }, names: names('a.example.com', '192.0.2.1'), spkiDer },
  authority.signer,
);
const rsaCsr = parseCsr(fixture('encryption365-sample.csr'));
const leaf = await issueLeaf(authority);
const { issuerName, issuerKeyId, signatureAlgorithm } = authority.profile;
const entries = [1, 2, 3].map((n) => ({ serial: serial(n), revokedAt: notBefore, reason: 'superseded' }) as const);
const crl = await signAndAssemble(
  crlTbs({
    issuerName,
    issuerKeyId,
    signatureAlgorithm,
    number: 1,
    thisUpdate: notBefore,
    nextUpdate: notAfter,
    entries,
    shardUrl: 'http://a.example/',
  }),
  authority.signer,
);

interface Target {
  readonly name: string;
  readonly parse: (bytes: Uint8Array) => unknown;
  readonly valid: readonly Uint8Array[];
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const pem = (label: string, der: Uint8Array) => Buffer.from(encodePem(label, der));

const targets: readonly Target[] = [
  { name: 'parseCsr of DER', parse: (bytes) => verifyCsrSync(parseCsr(bytes)), valid: [csr, rsaCsr.der] },
  { name: 'parseCsr of text', parse: (bytes) => parseCsr(text(bytes)), valid: [pem('CERTIFICATE REQUEST', csr)] },
  { name: 'parseCertificate', parse: parseCertificate, valid: [leaf, authority.root] },
  {
    name: 'parseCertificatePem',
    parse: (bytes) => parseCertificatePem(text(bytes)),
    valid: [pem('CERTIFICATE', leaf)],
  },
  {
    name: 'parseCertificateBundle',
    parse: (bytes) => parseCertificateBundle(text(bytes)),
    valid: [Buffer.concat([pem('CERTIFICATE', leaf), pem('CERTIFICATE', authority.root)])],
  },
  { name: 'describeCertificate', parse: describeCertificate, valid: [leaf, authority.intermediate] },
  { name: 'parseCrl', parse: parseCrl, valid: [crl] },
  {
    name: 'parsePublicKey',
    parse: (bytes) => checkPublicKey(parsePublicKey(bytes)),
    valid: [spkiDer, rsaCsr.publicKey.spkiDer],
  },
  { name: 'decodePemBundle', parse: (bytes) => decodePemBundle(text(bytes), 'the file'), valid: [pem('X', leaf)] },
  {
    name: 'parsePrivateKeyPem',
    parse: (bytes) => parsePrivateKeyPem(text(bytes)),
    valid: [pem('PRIVATE KEY', spkiDer)],
  },
];

/** Runs the parser; anything thrown but a CertError of few words with a code of its own fails the test. */
function survive(target: Target, bytes: Uint8Array): void {
  const before = Buffer.from(bytes);
  try {
    target.parse(bytes);
  } catch (error) {
    assert.ok(
      error instanceof CertError && error.code !== 'internal' && error.message.length < 300,
      `${target.name} threw ${String(error)} on ${before.toString('hex')}`,
    );
  }
  assert.equal(before.equals(bytes), true, 'the input was changed');
}

type Mutation = { readonly at: number; readonly kind: 'set' | 'cut' | 'drop' | 'double'; readonly value: number };

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat({ max: 0xffff }),
  kind: fc.constantFrom('set', 'set', 'set', 'cut', 'drop', 'double'),
  value: fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0x00, 0x7f, 0x80, 0x81, 0x84, 0xff, 0x30, 0x31, 0xa0)),
});

function mutate(bytes: Uint8Array, { at, kind, value }: Mutation): Uint8Array {
  const place = at % Math.max(bytes.length, 1);
  if (kind === 'cut') return bytes.slice(0, place);
  if (kind === 'drop') return Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + 1 + (value & 3))]);
  if (kind === 'double') return Buffer.concat([bytes.subarray(0, place + 1), bytes.subarray(place)]);
  const changed = Buffer.from(bytes);
  changed[place] = value;
  return changed;
}

for (const target of targets) {
  test(`${target.name} survives random bytes.`, () => {
    const header = fc.constantFrom('', '30', '3082', '30820100', '3080', '3084ffffffff', '30818030', '-----BEGIN ');
    const bytes = fc.tuple(header, fc.uint8Array({ maxLength: 200 }));
    const run = ([start, rest]: [string, Uint8Array]) => {
      const prefix = start.startsWith('-') ? Buffer.from(start) : Buffer.from(start, 'hex');
      survive(target, Buffer.concat([prefix, rest]));
    };
    fc.assert(fc.property(bytes, run), { numRuns: 300 });
  });

  test(`${target.name} survives valid input with a few bytes changed, lost or doubled.`, () => {
    const input = fc.tuple(fc.constantFrom(...target.valid), fc.array(mutation, { minLength: 1, maxLength: 3 }));
    const run = ([valid, mutations]: [Uint8Array, Mutation[]]) => survive(target, mutations.reduce(mutate, valid));
    fc.assert(fc.property(input, run), { numRuns: 700 });
  });

  test(`${target.name} survives every single byte of a valid input being 00, 80 or FF.`, () => {
    const [valid] = target.valid;
    assert.ok(valid);
    for (let at = 0; at < valid.length; at += 1) {
      for (const value of [0x00, 0x80, 0xff]) survive(target, mutate(valid, { at, kind: 'set', value }));
    }
  });
}

let nested: Buffer = sequence([]);
for (let level = 0; level < 15_000; level += 1) nested = sequence([nested]);

/** A request of nearly 64 KiB with this list of attributes. */
const requestWith = (attributes: readonly Uint8Array[]) =>
  sequence([
    sequence([smallInteger(0), encodeName({}), spkiDer, context(0, attributes)]),
    sequence([oid(oids.ecdsaWithSha256)]),
    element(tag.bitString, [Buffer.alloc(71)]),
  ]);
const repeat = (count: number, item: Uint8Array) => Array.from({ length: count }, () => item);
const sanOf = (count: number, name: Uint8Array) => extension(oids.subjectAltName, false, sequence(repeat(count, name)));
const asking = (...extensions: Uint8Array[]) => sequence([oid(oids.extensionRequest), setOfOne(sequence(extensions))]);
const shortName = element(0x82, [Buffer.from('a')]);
const email = element(0x81, []);

const bombs: readonly [what: string, bytes: Uint8Array][] = [
  ['15,000 levels', nested],
  ['64 KiB of opening SEQUENCEs', Buffer.from('3080'.repeat(32_000), 'hex')],
  ['20,000 one-letter names', requestWith([asking(sanOf(20_000, shortName))])],
  ['30,000 empty e-mail addresses', requestWith([asking(sanOf(30_000, email))])],
  [
    '1,500 lists of names after a long one',
    requestWith([asking(sanOf(900, shortName)), asking(...repeat(1500, sanOf(1, email)))]),
  ],
  ['2,500 attributes', requestWith(repeat(2500, asking()))],
  [
    '15,000 empty values of one attribute',
    requestWith([sequence([oid(oids.extensionRequest), element(tag.set, repeat(15_000, sequence([])))])]),
  ],
  ['an OID of 60 KiB', requestWith([sequence([element(tag.oid, [Buffer.alloc(60_000, 0x81)])])])],
  ['a megabyte of blanks as text', Buffer.alloc(1_000_000, 0x20)],
  ['a megabyte of BEGIN', Buffer.from('-----BEGIN '.repeat(90_000))],
  ['a megabyte of empty blocks', Buffer.from('-----BEGIN A----------END A-----'.repeat(30_000))],
  ['a megabyte of blocks without end', Buffer.from('-----BEGIN A-----'.repeat(60_000))],
  ['a megabyte of backslashes', Buffer.from('\\'.repeat(1_000_000))],
];

for (const [what, bytes] of bombs) {
  test(`${what}: every parser answers within two seconds, in few words.`, () => {
    for (const target of targets) {
      const start = cpuMs();
      survive(target, bytes);
      assert.ok(cpuMs() - start < 10_000, `${target.name} took ${cpuMs() - start} ms`);
    }
  });
}
