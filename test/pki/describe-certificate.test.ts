import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { intermediateTbs } from '../../src/pki/ca-certificate.ts';
import { tag } from '../../src/pki/der-tag.ts';
import { bitString, element, oid, sequence, setOfOne } from '../../src/pki/der-writer.ts';
import { describeCertificate } from '../../src/pki/describe-certificate.ts';
import { createLeafTemplate } from '../../src/pki/leaf-template.ts';
import { encodeName } from '../../src/pki/name.ts';
import { oids } from '../../src/pki/oid.ts';
import { assembleSigned } from '../../src/pki/signature.ts';
import { names, notAfter, notBefore, serial } from './support.ts';

/** A key and a signature that nobody made, so that every byte of the certificates is fixed. */
const spkiDer = sequence([sequence([oid(oids.ed25519)]), bitString(Buffer.alloc(32, 3))]);
const sign = (tbs: Buffer) => assembleSigned(tbs, 'Ed25519', Buffer.alloc(64, 4));
const issuerName = encodeName({ C: 'CN', O: 'Example, Inc.', CN: 'certmux issuer' });
const issuerKeyId = Buffer.alloc(20, 0xab);

test('A leaf is described in aligned lines.', () => {
  const template = createLeafTemplate({
    issuerName,
    issuerKeyId,
    signatureAlgorithm: 'Ed25519',
    validationLevel: 'dv',
    policies: [oids.domainValidated, '1.2.3.4'],
    crlUrl: 'http://pki.example.com/1.crl',
    caIssuersUrl: 'http://pki.example.com/issuer.der',
    ocspUrl: 'http://ocsp.example.com/',
  });
  const list = names('example.com', '*.example.com', '2001:db8::1');
  const der = sign(template.tbs({ serial: serial(1), notBefore, notAfter, spkiDer, names: list }));
  assert.equal(
    describeCertificate(der),
    `Subject      CN=example.com
Issuer       C=CN, O=Example\\, Inc., CN=certmux issuer
Serial       41:01:01:01:01:01:01:01:01:01:01:01:01:01:01:01
Valid        from 2026-11-21 00:00:00 UTC
             to   2027-06-07 23:59:59 UTC (199 days)
Key          Ed25519
Signature    Ed25519
Names        example.com
             *.example.com
             2001:db8::1
Key usage    digitalSignature
Purposes     serverAuth
Policies     2.23.140.1.2.1 (domainValidated)
             1.2.3.4
Subject key  64:8A:A5:C5:79:FB:30:F3:8A:F7:44:D9:7D:6E:C8:40:C7:A9:12:77
Issuer key   ${'AB:'.repeat(19)}AB
CA issuers   http://pki.example.com/issuer.der
OCSP         http://ocsp.example.com/
CRL          http://pki.example.com/1.crl
SHA-1        ${new X509Certificate(der).fingerprint}
SHA-256      ${new X509Certificate(der).fingerprint256}
`,
  );
});

/** A name no CA should sign: a line break and a terminal escape in it. */
const hostileName = sequence([
  setOfOne(sequence([oid('2.5.4.3'), element(tag.utf8String, [Buffer.from('a\nIssuer  CN=Trusted\x1b[2J')])])),
]);

test('A CA is described with what it may sign, and what stands in a name cannot break the lines.', () => {
  const common = { issuerName, issuerKeyId, spkiDer, serial: serial(2), signatureAlgorithm: 'Ed25519' } as const;
  const lasting = { notBefore, notAfter: new Date('2026-11-22T11:59:59Z') };
  const text = describeCertificate(sign(intermediateTbs({ ...common, ...lasting, subjectName: hostileName })));
  assert.equal(text.split('\n')[0], 'Subject      CN=a\\\\u{a}Issuer  CN=Trusted\\\\u{1b}[2J');
  assert.match(text, /^CA {11}yes, at most 0 more below it$/m);
  assert.match(text, /^Key usage {4}digitalSignature, keyCertSign, cRLSign$/m);
  assert.match(text, /\(1\.5 days\)$/m);
});
