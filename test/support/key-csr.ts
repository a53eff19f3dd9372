/** Requests for a key that the test holds: as many as it likes, and one for a modulus that nobody should have. */
import { parseIdentifier } from '../../src/domain/identifier.ts';
import { compromiseStatement } from '../../src/domain/key-register.ts';
import { createCsr } from '../../src/pki/csr-writer.ts';
import { createLocalSigner } from '../../src/pki/key.ts';

/** Another request for the same key: other bytes, the same SubjectPublicKeyInfo. */
export function csrOf(pkcs8: Uint8Array, name: string): Promise<Buffer> {
  const signer = createLocalSigner(pkcs8);
  const names = [parseIdentifier(name, 'name')];
  return createCsr({ subject: { CN: name }, names, spkiDer: signer.publicKey.spkiDer }, signer);
}

/** What the holder of a key signs to report it. */
export function reportOf(pkcs8: Uint8Array, statement: string = compromiseStatement): Promise<Buffer> {
  const signer = createLocalSigner(pkcs8);
  return createCsr({ subject: { CN: statement }, names: [], spkiDer: signer.publicKey.spkiDer }, signer);
}
