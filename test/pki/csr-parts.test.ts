/** What of a CSR is looked at, what is not, and how a refusal names the part that it is about. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseCsr, verifyCsr } from '../../src/pki/csr.ts';
import { contextPrimitive, tag } from '../../src/pki/der-tag.ts';
import {
  bitString,
  context,
  derNull,
  element,
  octetString,
  oid,
  sequence,
  setOfOne,
  smallInteger,
} from '../../src/pki/der-writer.ts';
import { extension, subjectAltName } from '../../src/pki/extension.ts';
import { encodeName, formatName } from '../../src/pki/name.ts';
import { oids } from '../../src/pki/oid.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { signAndAssemble } from '../../src/pki/signature.ts';
import { certError, createAuthority, names, newSigner } from './support.ts';

const signer = await newSigner();
const { spkiDer } = signer.publicKey;
const version = smallInteger(0);
const noName = encodeName({});
const none = context(0, []);
const san = subjectAltName(names('a.example.com'), false);
const text = (kind: number, value: string | Uint8Array) => element(kind, [Buffer.from(value)]);
const attribute = (type: Uint8Array, value: Uint8Array) => setOfOne(sequence([type, value]));
/** 2.25 and a UUID: an arc of 128 bits. */
const uuidOid = element(tag.oid, [Buffer.from('6983a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6e77f', 'hex')]);
const asks = (...extensions: Uint8Array[]) =>
  context(0, [sequence([oid(oids.extensionRequest), setOfOne(sequence(extensions))])]);
const other = (type: Uint8Array, ...values: Uint8Array[]) => sequence([type, element(tag.set, values)]);

type Body = readonly Uint8Array[];

const accepted: readonly (readonly [what: string, body: Body, subject?: string])[] = [
  ...(
    [
      ['NumericString', 0x12, 'O=123'],
      ['TeletexString', 0x14, 'O=123'],
      ['VideotexString', 0x15, 'O=123'],
      ['GraphicString', 0x19, 'O=123'],
      ['VisibleString', 0x1a, 'O=123'],
      ['GeneralString', 0x1b, 'O=123'],
      ['an OCTET STRING', 0x04, 'O=#0403313233'],
      ['a tag that nobody knows', 0x5d, 'O=#5d03313233'],
    ] as const
  ).map(
    ([what, kind, subject]) =>
      [
        `${what} in the subject`,
        [version, sequence([attribute(oid('2.5.4.10'), text(kind, '123'))]), spkiDer, none],
        subject,
      ] as const,
  ),
  [
    'UTF-8 that is none',
    [version, sequence([attribute(oid('2.5.4.10'), text(tag.utf8String, Buffer.of(0xff)))]), spkiDer, none],
    'O=#0c01ff',
  ],
  [
    'half a BMPString',
    [version, sequence([attribute(oid('2.5.4.10'), text(tag.bmpString, 'abc'))]), spkiDer, none],
    'O=#1e03616263',
  ],
  [
    'a UniversalString beyond Unicode',
    [version, sequence([attribute(oid('2.5.4.10'), text(tag.universalString, Buffer.alloc(4, 0xff)))]), spkiDer, none],
    'O=#1c04ffffffff',
  ],
  [
    'an attribute with a UUID as its type',
    [version, sequence([attribute(uuidOid, derNull)]), spkiDer, none],
    '#6983a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6e77f=#0500',
  ],
  [
    'an attribute without a value',
    [version, sequence([setOfOne(sequence([oid('2.5.4.10')]))]), spkiDer, none],
    '(empty)',
  ],
  ['a subject that is no list of sets', [version, sequence([derNull]), spkiDer, none], '(empty)'],
  [
    'a length in the subject that is not minimal',
    [version, element(tag.sequence, [Buffer.from('318103020100', 'hex')]), spkiDer, none],
    '(empty)',
  ],
  ['no attributes', [version, noName, spkiDer]],
  ['empty attributes', [version, noName, spkiDer, none]],
  ['version 1, as some count', [smallInteger(1), noName, spkiDer, none]],
  [
    'a challenge password',
    [version, noName, spkiDer, context(0, [other(oid('1.2.840.113549.1.9.7'), text(tag.printableString, 'secret'))])],
  ],
  [
    'what IIS says of itself',
    [
      version,
      noName,
      spkiDer,
      context(0, [
        other(oid('1.3.6.1.4.1.311.13.2.3'), text(tag.ia5String, '10.0.17763.2')),
        other(oid('1.3.6.1.4.1.311.21.20'), sequence([smallInteger(5)])),
        other(oid('1.3.6.1.4.1.311.13.2.2'), sequence([smallInteger(1), text(tag.bmpString, '')])),
      ]),
    ],
  ],
  ['an attribute with a UUID, without values', [version, noName, spkiDer, context(0, [sequence([uuidOid])])]],
  [
    'an extension with a UUID, and what is no DER in it',
    [version, noName, spkiDer, asks(sequence([uuidOid, octetString([Buffer.of(0xff)])]), san)],
  ],
  [
    'TRUE as BER writes it',
    [
      version,
      noName,
      spkiDer,
      asks(sequence([oid('1.2.3'), element(tag.boolean, [Buffer.of(1)]), octetString([derNull])]), san),
    ],
  ],
  ['key usages that cannot be read', [version, noName, spkiDer, asks(extension(oids.keyUsage, true, derNull))]],
];

describe('a CSR is read that has', () => {
  for (const [what, body, subject = '(empty)'] of accepted) {
    test(what, async () => {
      const csr = parseCsr(await signAndAssemble(sequence(body), signer));
      assert.equal(formatName(csr.subject), subject);
      await verifyCsr(csr);
    });
  }
});

const badIp = extension(oids.subjectAltName, false, sequence([element(contextPrimitive(7), [Buffer.alloc(5)])]));
const cutSan = extension(oids.subjectAltName, false, Buffer.from('300a820361', 'hex'));
const extraSan = extension(oids.subjectAltName, false, Buffer.concat([sequence([]), derNull]));
const indefinite = (inner: Uint8Array) => Buffer.concat([Buffer.of(0x30, 0x80), inner, Buffer.of(0, 0)]);

const refused: readonly (readonly [what: string, body: Body, message: RegExp])[] = [
  [
    'version 9',
    [smallInteger(9), noName, spkiDer, none],
    /^the CSR's version cannot be read: an unknown version at byte \d+$/,
  ],
  [
    'a version of two bytes for one',
    [Buffer.from('02020000', 'hex'), noName, spkiDer, none],
    /^the CSR's version is BER, not DER: INTEGER is not minimal at byte \d+$/,
  ],
  [
    'no version',
    [noName, spkiDer, none],
    /^the CSR's version cannot be read: SEQUENCE instead of INTEGER at byte \d+$/,
  ],
  [
    'a subject that is no SEQUENCE',
    [version, derNull, spkiDer, none],
    /^the CSR's subject cannot be read: NULL instead of SEQUENCE at byte \d+$/,
  ],
  [
    'a subject of indefinite length',
    [version, indefinite(Buffer.alloc(0)), spkiDer, none],
    /^the CSR's subject is BER, not DER: indefinite length at byte \d+$/,
  ],
  [
    'a key that is none',
    [version, noName, sequence([derNull]), none],
    /^the CSR's subjectPKInfo cannot be read: NULL instead of SEQUENCE at byte \d+$/,
  ],
  [
    'attributes that are none',
    [version, noName, spkiDer, context(0, [derNull])],
    /^the CSR's attributes cannot be read: NULL instead of SEQUENCE at byte \d+$/,
  ],
  [
    'something behind the attributes',
    [version, noName, spkiDer, none, derNull],
    /^the CSR's attributes cannot be read: 2 unexpected bytes at byte \d+$/,
  ],
  [
    'a request of extensions that is none',
    [version, noName, spkiDer, context(0, [sequence([oid(oids.extensionRequest), derNull])])],
    /^the CSR's extensionRequest cannot be read: NULL instead of SET at byte \d+$/,
  ],
  [
    'an address of 5 bytes',
    [version, noName, spkiDer, asks(badIp)],
    /^the CSR's subjectAltName cannot be read: an IP address has neither 4 nor 16 bytes at byte \d+$/,
  ],
  [
    'a list of names that is cut off',
    [version, noName, spkiDer, asks(cutSan)],
    /^the CSR's subjectAltName cannot be read: SEQUENCE of 10 bytes is cut off after 3 at byte \d+$/,
  ],
  [
    'something behind the names',
    [version, noName, spkiDer, asks(extraSan)],
    /^the CSR's subjectAltName cannot be read: 2 unexpected bytes at byte \d+$/,
  ],
  [
    'an element that is longer than what holds it',
    [version, noName, spkiDer, Buffer.from('a0033005ff', 'hex')],
    /^the CSR's attributes is not valid DER: SEQUENCE of 5 bytes is cut off after 1 at byte \d+$/,
  ],
];

describe('a CSR is refused by its part that has', () => {
  for (const [what, body, message] of refused) {
    test(what, async () => {
      const made = await signAndAssemble(sequence(body), signer);
      assert.throws(() => parseCsr(made), certError('badCsr', message));
    });
  }

  test('the outer length written too long, or not at all', async () => {
    const made = await signAndAssemble(sequence([version, noName, spkiDer, none]), signer);
    const inner = made.subarray(made[1] === 0x81 ? 3 : 4);
    const long = Buffer.concat([Buffer.of(0x30, 0x84, 0, 0, inner.length >> 8, inner.length & 0xff), inner]);
    const message = (detail: string) => certError('badCsr', `the CSR is BER, not DER: ${detail} at byte 0`);
    for (const input of [long, encodePem('CERTIFICATE REQUEST', long)]) {
      assert.throws(() => parseCsr(input), message('length is not minimal'));
    }
    assert.throws(() => parseCsr(indefinite(inner)), message('indefinite length'));
  });
});

const algorithms: readonly (readonly [name: string, identifier: Uint8Array])[] = [
  ['md5WithRSAEncryption', sequence([oid(oids.md5WithRSAEncryption), derNull])],
  ['sha1WithRSAEncryption', sequence([oid(oids.sha1WithRSAEncryption), derNull])],
  ['ecdsa-with-SHA1', sequence([oid(oids.ecdsaWithSha1)])],
  ['RSASSA-PSS', sequence([oid(oids.rsaPss), sequence([])])],
  ['Ed448', sequence([oid(oids.ed448)])],
  ['sha3-256WithRSAEncryption', sequence([oid('2.16.840.1.101.3.4.3.14'), derNull])],
  ['1.2.3.4', sequence([oid('1.2.3.4')])],
  ['SM2-with-SM3', sequence([oid('1.2.156.10197.1.501')])],
];

describe('a CSR is refused by the algorithm of its signature, with those that are accepted', () => {
  for (const [name, identifier] of algorithms) {
    test(name, () => {
      const made = sequence([sequence([version, noName, spkiDer, none]), identifier, bitString(Buffer.of(1))]);
      const message = new RegExp(
        `^the CSR is signed with ${name.replaceAll('.', '\\.')}, which is not accepted; .*sha256WithRSAEncryption.*ecdsa-with-SHA512, Ed25519$`,
      );
      assert.throws(() => parseCsr(made), certError('badCsr', message));
    });
  }
});

test('What is valid DER and no CSR is called by its name.', async () => {
  const { root } = await createAuthority();
  const rows = [
    [root, 'the CSR is a certificate, not a CSR (PKCS#10)'],
    [spkiDer, 'the CSR is a public key, not a CSR (PKCS#10)'],
    [sequence([oid(oids.pkcs7SignedData), context(0, [sequence([])])]), 'the CSR is PKCS#7, not a CSR (PKCS#10)'],
    [sequence([smallInteger(3), sequence([oid(oids.pkcs7Data)])]), 'the CSR is PKCS#12, not a CSR (PKCS#10)'],
    [sequence([derNull]), 'the CSR cannot be read: NULL instead of SEQUENCE at byte 2'],
  ] as const;
  for (const [der, message] of rows) {
    assert.throws(() => parseCsr(der), certError('badCsr', message));
    assert.throws(() => parseCsr(Buffer.from(der).toString('base64')), certError('badCsr', message));
  }
});
