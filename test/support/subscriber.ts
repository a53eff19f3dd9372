/** Keys and certificate requests of subscribers. */
import { parseIdentifier } from '../../src/domain/identifier.ts';
import { createCsr } from '../../src/pki/csr-writer.ts';
import { createLocalSigner, generateKey } from '../../src/pki/key.ts';
import { encodePem } from '../../src/pki/pem.ts';
import type { KeyAlgorithm } from '../../src/pki/public-key.ts';

const p256: KeyAlgorithm = { type: 'ec', curve: 'P-256' };

export interface Subscriber {
  readonly csrPem: string;
  readonly csrDer: Buffer;
  readonly privateKeyPkcs8: Buffer;
}

export async function createSubscriber(name: string, algorithm: KeyAlgorithm = p256): Promise<Subscriber> {
  const { privateKeyPkcs8, spkiDer } = await generateKey(algorithm);
  const names = [parseIdentifier(name, 'name')];
  const csrDer = await createCsr({ subject: { CN: name }, names, spkiDer }, createLocalSigner(privateKeyPkcs8));
  return { csrPem: encodePem('CERTIFICATE REQUEST', csrDer), csrDer, privateKeyPkcs8 };
}
