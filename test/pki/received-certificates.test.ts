/** Certificates as vendors send them: in any form and order, with whatever else, and not always whole. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { CertError } from '../../src/domain/errors.ts';
import { parseIdentifier } from '../../src/domain/identifier.ts';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { generateKey } from '../../src/pki/key.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { receivedCertificate } from '../../src/pki/received-certificates.ts';
import { soldCertificate } from '../../src/pki/sold-certificate.ts';
import { createFakeRandomness } from '../support/system.ts';
import { issueLeaf } from '../support/upstream-authority.ts';

let leaf: Buffer;
let strangers: Buffer;
let issuer: Buffer;
let root: Buffer;
let spkiDer: Uint8Array;

before(async () => {
  const names = [parseIdentifier('a.example.com', 'name')];
  const order = { names, now: new Date('2026-06-01T00:00:00Z'), randomness: createFakeRandomness(5) };
  ({ spkiDer } = await generateKey({ type: 'ec', curve: 'P-256' }));
  const issued = await issueLeaf({ ...order, spkiDer });
  [leaf, issuer, root] = [issued.der, ...issued.chain].map((der) => Buffer.from(der)) as [Buffer, Buffer, Buffer];
  strangers = Buffer.from((await issueLeaf({ ...order, spkiDer, misfit: 'anotherKey' })).der);
});

const pem = (...ders: readonly Uint8Array[]) => ders.map((der) => encodePem('CERTIFICATE', der)).join('');
/** PHP's, once too often. */
const escapedTwice = (text: string) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/');

describe('a certificate and its chain are found', () => {
  const forms: readonly (readonly [string, () => readonly (string | undefined)[]])[] = [
    ['in two fields', () => [pem(leaf), pem(issuer, root)]],
    ['in one', () => [pem(leaf, issuer, root)]],
    ['with CRLF', () => [pem(leaf, issuer, root).replaceAll('\n', '\r\n')]],
    ['without line ends', () => [pem(leaf, issuer, root).replaceAll('\n', '')]],
    ['escaped twice, slashes too', () => [escapedTwice(pem(leaf)), escapedTwice(pem(issuer, root))]],
    ['without armour', () => [leaf.toString('base64'), issuer.toString('base64'), root.toString('base64')]],
    ['from the root down', () => [pem(root, issuer, leaf)]],
    ['several times', () => [pem(leaf, leaf), pem(issuer, leaf, issuer, root)]],
    ['beside one for another key', () => [pem(strangers, leaf), pem(issuer, root)]],
    ['with empty fields', () => ['', undefined, ' \n', pem(leaf), pem(issuer, root)]],
    ['with a mark and words around', () => [`\ufeffsubject=CN\n${pem(leaf)}`, `# chain\n${pem(issuer, root)}`]],
    ['beside one that cannot be read', () => [pem(leaf), pem(issuer, Buffer.from('300100', 'hex'), root)]],
    ['beside a field that is none', () => [pem(leaf, issuer, root), '<html>']],
  ];
  for (const [title, texts] of forms) {
    test(title, () => {
      const found = receivedCertificate(texts(), spkiDer) ?? assert.fail('nothing was found');
      assert.deepEqual(Buffer.from(found.der), leaf);
      assert.deepEqual(found.chain.map(Buffer.from), [issuer, root]);
    });
  }
});

test('one for another key is shown as such, and a CA only where there is nothing else', () => {
  const sold = soldCertificate([pem(strangers), pem(issuer, root)], spkiDer);
  assert.ok(sold !== undefined && sold !== 'unreadable');
  assert.equal(sold.isForKey, false);
  const ca = receivedCertificate([pem(issuer, root)], parseCertificate(issuer).spkiDer);
  assert.deepEqual(ca && Buffer.from(ca.der), issuer);
});

describe('where the certificate itself cannot be read', () => {
  for (const [title, texts] of [
    ['it is not taken from the chain', () => [pem(Buffer.from('300100', 'hex')), pem(issuer, root)]],
    ['its armour has no end', () => ['-----BEGIN CERTIFICATE-----\nMIIB', pem(issuer)]],
    ['it is a page', () => ['<html>']],
  ] as const) {
    test(title, () => {
      assert.throws(
        () => receivedCertificate(texts(), spkiDer),
        (thrown) => /^(pem|der)Malformed$/.test((thrown as CertError).reason.key),
      );
      assert.equal(soldCertificate(texts(), spkiDer), 'unreadable');
    });
  }
});
