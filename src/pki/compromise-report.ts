/** What the holder of a key signs to report it: a request that asks for no certificate, only says that it is compromised. */
import { compromiseStatement } from '../domain/ports/key-register.ts';
import { createCsr } from './csr-writer.ts';
import { createLocalSigner } from './key.ts';

/** The DER of the request. */
export function compromiseReport(
  privateKeyPkcs8: Uint8Array,
  statement: string = compromiseStatement,
): Promise<Buffer> {
  const signer = createLocalSigner(privateKeyPkcs8);
  return createCsr({ subject: { CN: statement }, names: [], spkiDer: signer.publicKey.spkiDer }, signer);
}
