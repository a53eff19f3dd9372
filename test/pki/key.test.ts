import assert from 'node:assert/strict';
import { createPrivateKey, verify } from 'node:crypto';
import { test } from 'node:test';
import {
  createLocalSigner,
  generateKey,
  parsePrivateKeyPem,
  privateKeyPem,
  publicKeyOf,
  traditionalFormat,
} from '../../src/pki/key.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { keyAlgorithmName } from '../../src/pki/public-key.ts';
import {
  digestOf,
  isSignedBy,
  isSignedBySync,
  signatureAlgorithmOf,
  signatureAlgorithms,
} from '../../src/pki/signature.ts';
import { certError, keyAlgorithms, withOpenSsl } from './support.ts';

const labels = { pkcs8: 'PRIVATE KEY', sec1: 'EC PRIVATE KEY', pkcs1: 'RSA PRIVATE KEY' } as const;
const algorithmsMade = [
  'ecdsa-with-SHA256',
  'ecdsa-with-SHA384',
  'ecdsa-with-SHA512',
  'Ed25519',
  'sha256WithRSAEncryption',
];

for (const [index, algorithm] of keyAlgorithms.entries()) {
  const name = keyAlgorithmName(algorithm);

  test(`A key of type ${name} is exported in its formats, and OpenSSL and we read them back.`, async () => {
    const { privateKeyPkcs8, spkiDer } = await generateKey(algorithm);
    assert.deepEqual(publicKeyOf(privateKeyPkcs8).spkiDer, spkiDer);
    for (const format of new Set(['pkcs8', traditionalFormat(algorithm)] as const)) {
      const pem = privateKeyPem(privateKeyPkcs8, format);
      assert.equal(pem.startsWith(`-----BEGIN ${labels[format]}-----\n`), true);
      assert.equal(parsePrivateKeyPem(pem).equals(privateKeyPkcs8), true);
      const publicPem = withOpenSsl(({ write, run }) => {
        write('key.pem', pem);
        return run('pkey', '-in', 'key.pem', '-pubout');
      });
      assert.equal(publicPem, encodePem('PUBLIC KEY', spkiDer));
    }
  });

  test(`A local signer of type ${name} signs with ${algorithmsMade[index]}, both ways.`, async () => {
    const { privateKeyPkcs8 } = await generateKey(algorithm);
    const signer = createLocalSigner(privateKeyPkcs8);
    assert.equal(signer.algorithm, algorithmsMade[index]);
    const data = Buffer.from('to be signed');
    for (const signature of [signer.signSync(data), await signer.sign(data)]) {
      assert.equal(
        verify(digestOf(signer.algorithm), data, createPrivateKey(privateKeyPem(privateKeyPkcs8, 'pkcs8')), signature),
        true,
      );
      const signed = { algorithm: signer.algorithm, publicKey: signer.publicKey, data, signature };
      assert.equal(isSignedBySync(signed), true);
      assert.equal(await isSignedBy(signed), true);
      assert.equal(await isSignedBy({ ...signed, data: Buffer.from('something else') }), false);
    }
  });
}

test('A signer may be given another hash than its key suggests.', async () => {
  const { privateKeyPkcs8 } = await generateKey({ type: 'ec', curve: 'P-256' });
  const signer = createLocalSigner(privateKeyPkcs8, 'ecdsa-with-SHA512');
  const data = Buffer.from('x');
  assert.equal(await isSignedBy({ ...signer, data, signature: await signer.sign(data) }), true);
});

test('Every signature algorithm has its own OID.', () => {
  assert.equal(signatureAlgorithms().length, 7);
  assert.equal(signatureAlgorithmOf('1.2.840.113549.1.1.11'), 'sha256WithRSAEncryption');
  assert.equal(signatureAlgorithmOf('1.2.840.113549.1.1.5'), undefined); // SHA-1
});

const refused: readonly [what: string, pem: string, message: string][] = [
  [
    'a certificate',
    encodePem('CERTIFICATE', Buffer.of(0x30, 0)),
    'the private key is neither PEM nor base64: it holds no unencrypted private key',
  ],
  [
    'an encrypted key',
    encodePem('ENCRYPTED PRIVATE KEY', Buffer.of(0x30, 0)),
    'the private key is neither PEM nor base64: it holds no unencrypted private key',
  ],
  [
    'rubbish in the right frame',
    encodePem('PRIVATE KEY', Buffer.of(0x30, 0)),
    'the private key is neither PEM nor base64: the PRIVATE KEY inside cannot be read',
  ],
];

for (const [what, pem, message] of refused) {
  test(`A private key is not read from ${what}.`, () => {
    assert.throws(() => parsePrivateKeyPem(pem), certError('badCsr', message));
  });
}
