/** The key, made on this machine and sent nowhere, and the request that it signs. */

import type { KeyType } from '../cli/get-request.ts';
import { identifierOf } from '../domain/identifier.ts';
import { createCsr } from '../pki/csr-writer.ts';
import { createLocalSigner, generateKey, parsePrivateKeyPem, privateKeyPem } from '../pki/key.ts';
import { encodePem } from '../pki/pem.ts';
import type { KeyAlgorithm } from '../pki/public-key.ts';

const algorithms: Readonly<Record<KeyType, KeyAlgorithm>> = {
  ec256: { type: 'ec', curve: 'P-256' },
  ec384: { type: 'ec', curve: 'P-384' },
  rsa2048: { type: 'rsa', bits: 2048 },
  rsa3072: { type: 'rsa', bits: 3072 },
  rsa4096: { type: 'rsa', bits: 4096 },
};

/** PKCS#8 as PEM. */
export async function newKeyPem(type: KeyType): Promise<string> {
  return privateKeyPem((await generateKey(algorithms[type])).privateKeyPkcs8, 'pkcs8');
}

/** Another one each time, since the signature is: whoever repeats an order keeps the first. */
export async function csrPemOf(keyPem: string, names: readonly string[]): Promise<string> {
  const signer = createLocalSigner(parsePrivateKeyPem(keyPem));
  const { spkiDer } = signer.publicKey;
  // Without a subject: the names are in the subjectAltName, and a common name could be too long for one.
  return encodePem(
    'CERTIFICATE REQUEST',
    await createCsr({ subject: {}, names: names.map(identifierOf), spkiDer }, signer),
  );
}
