/** Requests for a key that the test holds: as many as it likes. */
import { parseIdentifier } from '../../src/domain/identifier.ts';
import { createCsr } from '../../src/pki/csr-writer.ts';
import { createLocalSigner } from '../../src/pki/key.ts';

/** Another request for the same key: other bytes, the same SubjectPublicKeyInfo. */
export function csrOf(pkcs8: Uint8Array, name: string): Promise<Buffer> {
  const signer = createLocalSigner(pkcs8);
  const names = [parseIdentifier(name, 'name')];
  return createCsr({ subject: { CN: name }, names, spkiDer: signer.publicKey.spkiDer }, signer);
}
