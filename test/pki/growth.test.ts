/** The time of every parser of encodings grows with the length of its input, whatever it is made of. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CertError } from '../../src/domain/errors.ts';
import { parseCertificate, parseCertificateBundle } from '../../src/pki/certificate.ts';
import { crlTbs } from '../../src/pki/crl.ts';
import { parseCrl } from '../../src/pki/crl-reader.ts';
import { parseCsr } from '../../src/pki/csr.ts';
import { tag } from '../../src/pki/der-tag.ts';
import { context, element, oid, sequence, setOfOne, smallInteger } from '../../src/pki/der-writer.ts';
import { describeCertificate } from '../../src/pki/describe-certificate.ts';
import { extension } from '../../src/pki/extension.ts';
import { encodeName } from '../../src/pki/name.ts';
import { oids } from '../../src/pki/oid.ts';
import { decodePem, decodePemBundle, encodePem } from '../../src/pki/pem.ts';
import { parsePublicKey } from '../../src/pki/public-key.ts';
import { signAndAssemble } from '../../src/pki/signature.ts';
import { assertLinear } from '../support/growth.ts';
import { createAuthority, issueLeaf, notAfter, notBefore, serial } from './support.ts';

const authority = await createAuthority();
const leaf = await issueLeaf(authority);
const { spkiDer } = authority.signer.publicKey;

/** Refused or read; how long it takes is the question. */
function attempt(parse: () => unknown): void {
  try {
    parse();
  } catch (thrown) {
    assert.ok(thrown instanceof CertError && thrown.code !== 'internal', String(thrown));
  }
}

const repeat = (count: number, item: Uint8Array) => Array.from({ length: count }, () => item);
const requestWith = (attributes: readonly Uint8Array[]) =>
  sequence([
    sequence([smallInteger(0), encodeName({}), spkiDer, context(0, attributes)]),
    sequence([oid(oids.ecdsaWithSha256)]),
    element(tag.bitString, [Buffer.alloc(71)]),
  ]);
const asking = (...extensions: Uint8Array[]) => sequence([oid(oids.extensionRequest), setOfOne(sequence(extensions))]);
const namesOf = (count: number, name: (index: number) => string) =>
  sequence(Array.from({ length: count }, (_, index) => element(0x82, [Buffer.from(name(index))])));

function nested(depth: number): Buffer {
  let value = sequence([]);
  for (let level = 0; level < depth; level++) value = sequence([value]);
  return value;
}

const der: readonly (readonly [what: string, count: number, make: (count: number) => Uint8Array])[] = [
  ['levels', 300, nested],
  ['SEQUENCEs of no length', 4000, (count) => Buffer.from('3080'.repeat(count), 'hex')],
  ['attributes', 300, (count) => requestWith(repeat(count, asking()))],
  [
    'names, each another',
    400,
    (count) =>
      requestWith([
        asking(
          extension(
            oids.subjectAltName,
            false,
            namesOf(count, (index) => `${index}.example`),
          ),
        ),
      ]),
  ],
  [
    'lists of names',
    100,
    (count) =>
      requestWith([
        asking(
          ...repeat(
            count,
            extension(
              oids.subjectAltName,
              false,
              namesOf(1, () => 'a'),
            ),
          ),
        ),
      ]),
  ],
  ['arcs of an OID', 4000, (count) => requestWith([sequence([element(tag.oid, [Buffer.alloc(count, 0x01)])])])],
  [
    'zeros of a key',
    4000,
    (count) => sequence([sequence([oid(oids.rsaEncryption)]), element(tag.bitString, [Buffer.alloc(count)])]),
  ],
];

describe('DER of many', () => {
  for (const [what, count, make] of der) {
    test(what, () => {
      assertLinear(count, make, (bytes) => {
        attempt(() => parseCsr(bytes));
        attempt(() => parseCertificate(bytes));
        attempt(() => describeCertificate(bytes));
        attempt(() => parseCrl(bytes));
        attempt(() => parsePublicKey(bytes));
      });
    });
  }
});

test('a list of many revoked certificates', async () => {
  const { issuerName, issuerKeyId, signatureAlgorithm } = authority.profile;
  const listOf = (count: number) => {
    const entries = Array.from(
      { length: count },
      (_, n) => ({ serial: serial(n + 1), revokedAt: notBefore, reason: 'superseded' }) as const,
    );
    const about = {
      issuerName,
      issuerKeyId,
      signatureAlgorithm,
      number: 1,
      thisUpdate: notBefore,
      nextUpdate: notAfter,
    };
    return signAndAssemble(crlTbs({ ...about, entries, shardUrl: 'http://a.example/' }), authority.signer);
  };
  const lists = new Map([
    [500, await listOf(500)],
    [4000, await listOf(4000)],
  ]);
  assertLinear(500, (count) => lists.get(count) ?? new Uint8Array(), parseCrl);
});

const texts: readonly (readonly [what: string, make: (count: number) => string])[] = [
  ['blanks', (count) => ' '.repeat(count)],
  ['backslashes', (count) => '\\'.repeat(count)],
  ['escaped line breaks', (count) => '\\n'.repeat(count / 2)],
  ['beginnings', (count) => '-----BEGIN '.repeat(count / 11)],
  ['dashes', (count) => `-----BEGIN A-----${'-'.repeat(count)}`],
  ['empty blocks', (count) => '-----BEGIN A----------END A-----'.repeat(count / 33)],
  ['blocks without an end', (count) => '-----BEGIN A-----'.repeat(count / 18)],
  ['ends that are nearly its own', (count) => `-----BEGIN A-----${'-----END B-----'.repeat(count / 15)}`],
  ['letters in a label', (count) => `-----BEGIN ${'a'.repeat(count / 2)}-----${'a'.repeat(count / 2)}`],
  ['certificates', (count) => encodePem('CERTIFICATE', leaf).repeat(count / 700)],
  ['equals signs', (count) => '='.repeat(count)],
  [
    'lines of base64',
    (count) => `-----BEGIN CERTIFICATE-----\n${'AAAA\r\n'.repeat(count / 6)}-----END CERTIFICATE-----`,
  ],
];

describe('PEM of many', () => {
  for (const [what, make] of texts) {
    test(what, () => {
      assertLinear(40_000, make, (text) => {
        attempt(() => decodePem(text, { what: 'the CSR', labels: ['CERTIFICATE REQUEST'] }));
        attempt(() => decodePemBundle(text, 'the file'));
        attempt(() => parseCertificateBundle(text));
        attempt(() => parseCsr(text));
      });
    });
  }
});
