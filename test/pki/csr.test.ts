import 'reflect-metadata';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { Pkcs10CertificateRequest } from '@peculiar/x509';
import { csrHashes, keyHashOf, parseCsr, verifyCsr, verifyCsrSync } from '../../src/pki/csr.ts';
import { createCsr } from '../../src/pki/csr-writer.ts';
import { contextPrimitive, tag } from '../../src/pki/der-tag.ts';
import { context, derNull, element, oid, sequence, setOfOne, smallInteger } from '../../src/pki/der-writer.ts';
import { extension, subjectAltName } from '../../src/pki/extension.ts';
import { generateKey, privateKeyPem } from '../../src/pki/key.ts';
import { encodeName, formatName } from '../../src/pki/name.ts';
import { oids } from '../../src/pki/oid.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { keyAlgorithmName } from '../../src/pki/public-key.ts';
import { assembleSigned, signAndAssemble } from '../../src/pki/signature.ts';
import { certError, fixture, keyAlgorithms, names, newSigner, rsaSpki, withOpenSsl } from './support.ts';

const signer = await newSigner();
const { spkiDer } = signer.publicKey;
const threeNames = ['example.com', '*.example.com', '2001:db8::1'];
const der = await createCsr({ subject: { CN: 'example.com' }, names: names(...threeNames), spkiDer }, signer);

test('The sample of the Encryption365 document is read: UTF8String subject, empty attributes, CRLF.', async () => {
  const csr = parseCsr(fixture('encryption365-sample.csr'));
  assert.equal(
    formatName(csr.subject),
    'C=CN, L=西安, O=TRUSTOCEAN LIMITED, OU=IT 部门, CN=trustocean.com, ST=Some-State',
  );
  assert.equal(csr.commonName, 'trustocean.com');
  assert.deepEqual(csr.publicKey.algorithm, { type: 'rsa', bits: 2048 });
  assert.equal(csr.signatureAlgorithm, 'sha256WithRSAEncryption');
  assert.deepEqual(csr.requestedNames, []);
  verifyCsrSync(csr);
  await verifyCsr(csr);
});

test('A key is known by the SHA-256 of its SubjectPublicKeyInfo, whatever else a request says.', async () => {
  const other = await createCsr({ subject: {}, names: names('example.org'), spkiDer }, signer);
  assert.equal(keyHashOf(der), createHash('sha256').update(spkiDer).digest('hex'));
  assert.equal(keyHashOf(other), keyHashOf(der));
});

test('The hashes of that sample are the ones the document shows in its dcv_info.', () => {
  const { md5, sha256 } = csrHashes(parseCsr(fixture('encryption365-sample.csr')).der);
  assert.equal(md5, 'b8ee25a34bc5cd1f4d5dc8c20fd4eeb2');
  assert.equal(sha256, 'fdadae5fbe8fce33026ffa3de7d27f546edc2686259e2ed1d64053aaef156d18');
});

test('The sample of the Racent check is read: P-256, empty attributes.', async () => {
  const csr = parseCsr(fixture('racent-check.csr'));
  assert.equal(csr.commonName, 'a.example.com');
  assert.equal(keyAlgorithmName(csr.publicKey.algorithm), 'P-256');
  await verifyCsr(csr);
});

const opensslKeys: readonly [name: string, genpkey: string[]][] = [
  ['RSA 2048', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048']],
  ['P-256', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256']],
  ['P-384', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384']],
  ['P-521', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-521']],
  ['Ed25519', ['-algorithm', 'ED25519']],
];

for (const [name, genpkey] of opensslKeys) {
  test(`A request that OpenSSL made with a key of type ${name} is read and verifies.`, async () => {
    const pem = withOpenSsl(({ run, read }) => {
      run('genpkey', ...genpkey, '-out', 'key.pem');
      const san = 'subjectAltName=DNS:www.example.com,IP:192.0.2.1,IP:2001:db8::1,email:a@example.com';
      run(
        'req',
        '-new',
        '-key',
        'key.pem',
        '-out',
        'a.csr',
        '-utf8',
        '-subj',
        '/C=CN/O=示例/CN=www.example.com',
        '-addext',
        san,
      );
      return read('a.csr').toString();
    });
    const csr = parseCsr(pem);
    assert.equal(keyAlgorithmName(csr.publicKey.algorithm), name);
    assert.equal(formatName(csr.subject), 'C=CN, O=示例, CN=www.example.com');
    assert.deepEqual(csr.requestedNames, ['www.example.com', '192.0.2.1', '2001:db8::1']);
    assert.deepEqual(csr.otherNameKinds, ['rfc822Name']);
    await verifyCsr(csr);
    verifyCsrSync(csr);
  });
}

for (const algorithm of keyAlgorithms) {
  test(`A request that we made with a key of type ${keyAlgorithmName(algorithm)} verifies in OpenSSL and in @peculiar/x509.`, async () => {
    const own = await newSigner(algorithm);
    const input = { subject: { CN: 'example.com' }, names: names(...threeNames), spkiDer: own.publicKey.spkiDer };
    const made = await createCsr(input, own);
    const text = withOpenSsl(({ write, runAll }) => {
      write('a.der', made);
      return runAll('req', '-inform', 'der', '-in', 'a.der', '-verify', '-noout', '-text');
    });
    assert.match(text, /self-signature verify OK/);
    assert.match(text, /DNS:example\.com, DNS:\*\.example\.com, IP Address:2001:DB8:0:0:0:0:0:1/);
    // WebCrypto in this version of the library knows no P-521 or Ed25519 by these names, so those two are only parsed.
    const read = new Pkcs10CertificateRequest(new Uint8Array(made));
    assert.equal(read.subject, 'CN=example.com');
    if (algorithm.type === 'rsa' || (algorithm.type === 'ec' && algorithm.curve !== 'P-521'))
      assert.equal(await read.verify(), true);
  });
}

test('PEM, base64 without breaks, and DER are the same request.', () => {
  const pem = encodePem('CERTIFICATE REQUEST', der);
  for (const input of [
    pem,
    pem.replaceAll('\n', ''),
    der.toString('base64'),
    der,
    new Uint8Array(der),
    Buffer.from(pem),
  ]) {
    const csr = parseCsr(input);
    assert.deepEqual(csr.requestedNames, threeNames);
    assert.equal(csr.der.equals(der), true);
  }
});

/** A request with a body of our choice, signed by the key. */
const signed = (body: readonly Uint8Array[]) => signAndAssemble(sequence(body), signer);
const version = smallInteger(0);
const noName = encodeName({});
const extensionRequest = (type: string, ...list: Uint8Array[]) => sequence([oid(type), setOfOne(sequence(list))]);
const san = subjectAltName(names('a.example.com'), false);
const bmpName = sequence([
  setOfOne(sequence([oid('2.5.4.3'), element(tag.bmpString, [Buffer.from('00610062', 'hex')])])),
]);
const twoInOne = sequence([
  element(tag.set, [
    sequence([oid('2.5.4.3'), element(tag.printableString, [Buffer.from('*.example.com')])]), // * is not printable
    sequence([oid('2.5.4.10'), element(tag.teletexString, [Buffer.from('Caf\xe9', 'latin1')])]),
  ]),
]);

const quirks: readonly [quirk: string, body: readonly Uint8Array[], subject: string, requested: string[]][] = [
  ['no attributes element (old Java)', [version, noName, spkiDer], '(empty)', []],
  ['empty attributes', [version, noName, spkiDer, context(0, [])], '(empty)', []],
  ['version 1', [smallInteger(1), noName, spkiDer, context(0, [])], '(empty)', []],
  [
    "Microsoft's extensionRequest",
    [version, noName, spkiDer, context(0, [extensionRequest(oids.microsoftExtensionRequest, san)])],
    '(empty)',
    ['a.example.com'],
  ],
  [
    'both of them',
    [
      version,
      noName,
      spkiDer,
      context(0, [extensionRequest(oids.extensionRequest, san), extensionRequest(oids.microsoftExtensionRequest, san)]),
    ],
    '(empty)',
    ['a.example.com'],
  ],
  [
    'a challenge password and no extensions',
    [
      version,
      noName,
      spkiDer,
      context(0, [sequence([oid('1.2.840.113549.1.9.7'), setOfOne(element(tag.utf8String, [Buffer.from('x')]))])]),
    ],
    '(empty)',
    [],
  ],
  [
    'unknown extensions (IIS)',
    [
      version,
      noName,
      spkiDer,
      context(0, [extensionRequest(oids.extensionRequest, extension('1.3.6.1.4.1.311.20.2', false, derNull), san)]),
    ],
    '(empty)',
    ['a.example.com'],
  ],
  ['a BMPString (IIS)', [version, bmpName, spkiDer, context(0, [])], 'CN=ab', []],
  [
    'two attributes in one RDN, a * in a PrintableString, Latin-1',
    [version, twoInOne, spkiDer, context(0, [])],
    'CN=*.example.com, O=Café',
    [],
  ],
];

for (const [quirk, body, subject, requested] of quirks) {
  test(`A request with ${quirk} is read.`, async () => {
    const csr = parseCsr(await signed(body));
    assert.equal(formatName(csr.subject), subject);
    assert.deepEqual(csr.requestedNames, requested);
    await verifyCsr(csr);
  });
}

const badSpki = (algorithm: readonly Uint8Array[], key: Uint8Array) =>
  sequence([sequence(algorithm), element(tag.bitString, [Buffer.of(0), key])]);
const compressed = Buffer.concat([Buffer.of(2), Buffer.alloc(32, 1)]);
const offCurve = Buffer.concat([Buffer.of(4), Buffer.alloc(64, 1)]);
const ec = (curve: string) => [oid(oids.ecPublicKey), oid(curve)];
const badIp = extension(oids.subjectAltName, false, sequence([element(contextPrimitive(7), [Buffer.alloc(5)])]));

const refused: readonly [reason: string, body: readonly Uint8Array[], code: string, message: string | RegExp][] = [
  ['version 9', [smallInteger(9), noName, spkiDer], 'badCsr', /an unknown version at byte \d+$/],
  [
    'something after the attributes',
    [version, noName, spkiDer, context(0, []), derNull],
    'badCsr',
    /2 unexpected bytes at byte \d+$/,
  ],
  [
    'an IP address of 5 bytes',
    [version, noName, spkiDer, context(0, [extensionRequest(oids.extensionRequest, badIp)])],
    'badCsr',
    /an IP address has neither 4 nor 16 bytes at byte \d+$/,
  ],
  [
    'a compressed point',
    [version, noName, badSpki(ec(oids.p256), compressed)],
    'badKey',
    /^compressed points are not accepted as keys of type P-256/,
  ],
  [
    'a point off the curve',
    [version, noName, badSpki(ec(oids.p256), offCurve)],
    'badKey',
    'the public key is not a point on P-256',
  ],
  [
    'secp256k1',
    [version, noName, badSpki(ec('1.3.132.0.10'), offCurve)],
    'badKey',
    /^keys of type EC on secp256k1 are not/,
  ],
  [
    'explicit curve parameters',
    [version, noName, badSpki([oid(oids.ecPublicKey), sequence([])], offCurve)],
    'badKey',
    /^keys of type EC with explicit parameters are not/,
  ],
  ['Ed448', [version, noName, badSpki([oid(oids.ed448)], Buffer.alloc(57))], 'badKey', /^keys of type Ed448 are not/],
  [
    'RSA-PSS',
    [version, noName, badSpki([oid(oids.rsaPss)], Buffer.alloc(9))],
    'badKey',
    /^keys of type RSASSA-PSS are not/,
  ],
  [
    'RSA without NULL',
    [version, noName, badSpki([oid(oids.rsaEncryption)], Buffer.alloc(9))],
    'badCsr',
    /NULL is missing or cut off at byte \d+$/,
  ],
  [
    'RSA of 1024 bits',
    [version, noName, rsaSpki(2n ** 1023n + 1n)],
    'badKey',
    'the RSA key has 1024 bits; 2048 to 4096 are accepted, in steps of 8',
  ],
];

for (const [reason, body, code, message] of refused) {
  test(`A request with ${reason} is refused.`, async () => {
    const made = await signed(body);
    assert.throws(() => parseCsr(made), certError(code, message));
  });
}

test('A request signed with SHA-1 is refused by the name of the algorithm.', () => {
  const sha1 = sequence([oid(oids.ecdsaWithSha1)]);
  const made = sequence([
    sequence([version, noName, spkiDer, context(0, [])]),
    sha1,
    element(tag.bitString, [Buffer.of(0, 1)]),
  ]);
  const message =
    'the CSR is signed with ecdsa-with-SHA1, which is not accepted; sign it with SHA-256 or stronger: accepted are ' +
    'sha256WithRSAEncryption, sha384WithRSAEncryption, sha512WithRSAEncryption, ecdsa-with-SHA256, ecdsa-with-SHA384, ' +
    'ecdsa-with-SHA512, Ed25519';
  assert.throws(() => parseCsr(made), certError('badCsr', message));
});

test('A request cut off anywhere says so, and where.', () => {
  for (let length = 0; length < der.length; length += 1) {
    const message = length === 0 ? /it is empty/ : /cut off (after \d+ )?at byte \d+$|missing or cut off at byte \d+$/;
    assert.throws(() => parseCsr(der.subarray(0, length)), certError('badCsr', message));
  }
  const half = der.subarray(0, 150);
  const message = `the CSR is not valid DER: SEQUENCE of ${der.length - 4} bytes is cut off after 146 at byte 0`;
  assert.throws(() => parseCsr(half.toString('base64')), certError('badCsr', message));
});

test('A changed bit of what was signed, or another key, does not verify.', async () => {
  const flipped = Buffer.from(der);
  const at = flipped.indexOf('example.com');
  flipped[at] = 0x66;
  const csr = parseCsr(flipped);
  assert.equal(csr.commonName, 'fxample.com');
  const invalid = certError('badCsr', "the CSR's signature does not verify with its own public key; make a new CSR");
  await assert.rejects(verifyCsr(csr), invalid);
  assert.throws(() => verifyCsrSync(csr), invalid);
  const swapped = parseCsr(
    await createCsr({ subject: {}, names: [], spkiDer: (await generateKey({ type: 'ed25519' })).spkiDer }, signer),
  );
  await assert.rejects(verifyCsr(swapped), invalid); // an ECDSA signature under an Ed25519 key
  assert.throws(() => verifyCsrSync(swapped), invalid);
  const garbage = parseCsr(assembleSigned(csr.tbs, 'ecdsa-with-SHA256', Buffer.from('not a signature')));
  await assert.rejects(verifyCsr(garbage), invalid);
  assert.throws(() => verifyCsrSync(garbage), invalid);
});

test('1,000 names are read, repeated ones counted once; 1,001 and 10,000 are refused at once.', async () => {
  const many = (count: number) => names(...Array.from({ length: count }, (_, i) => `n${i}.example.com`));
  assert.equal(
    parseCsr(await createCsr({ subject: {}, names: many(1000), spkiDer }, signer)).requestedNames.length,
    1000,
  );
  const twice = [...many(1000), ...many(1000)];
  assert.equal(parseCsr(await createCsr({ subject: {}, names: twice, spkiDer }, signer)).requestedNames.length, 1000);
  const tooMany = await createCsr({ subject: {}, names: many(1001), spkiDer }, signer);
  assert.throws(() => parseCsr(tooMany), certError('badCsr', 'the CSR asks for 1001 names; at most 1000 are accepted'));
  const huge = await createCsr({ subject: {}, names: many(10_000), spkiDer }, signer);
  assert.throws(
    () => parseCsr(huge),
    certError('badCsr', `the CSR has ${huge.length} bytes; at most 65536 are accepted`),
  );
  assert.throws(() => parseCsr(huge.toString('base64')), certError('badCsr', /at most 65536 are accepted/));
});

test('A key made by us goes through OpenSSL into a request that we read.', async () => {
  const { privateKeyPkcs8 } = await generateKey({ type: 'ec', curve: 'P-384' });
  const pem = withOpenSsl(({ write, run }) => {
    write('key.pem', privateKeyPem(privateKeyPkcs8, 'sec1'));
    return run('req', '-new', '-key', 'key.pem', '-subj', '/');
  });
  assert.equal(parseCsr(pem).commonName, undefined);
});
