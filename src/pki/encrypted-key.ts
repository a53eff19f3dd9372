/** PKCS#8 keys encrypted under a passphrase (RFC 5958 §3), which OpenSSL and every other tool opens. */
import { createPrivateKey } from 'node:crypto';
import type { Randomness } from '../domain/ports/system.ts';
import { octetString, sequence } from './der-writer.ts';
import { encryptPbes2 } from './pbes2.ts';
import { decodePemBundle, encodePem } from './pem.ts';

/** OWASP's figure of 2023 for PBKDF2-HMAC-SHA-256: half a second for whoever guesses, once for whoever knows. */
export const passphraseIterations = 600_000;

export async function encryptedPkcs8(
  pkcs8: Uint8Array,
  { passphrase, random }: { readonly passphrase: string; readonly random: Randomness },
): Promise<Buffer> {
  const { algorithm, ciphertext } = await encryptPbes2(pkcs8, {
    password: passphrase,
    iterations: passphraseIterations,
    random,
  });
  return sequence([algorithm, octetString([ciphertext])]);
}

export function encryptedKeyPem(der: Uint8Array): string {
  return encodePem('ENCRYPTED PRIVATE KEY', der);
}

/** PKCS#8 DER of the first key of a PEM text, encrypted or not; undefined where the passphrase is wrong, or there is none for it. @throws {CertError} pemMalformed */
export function openKeyPem(pem: string, passphrase: string | undefined): Buffer | undefined {
  const block = decodePemBundle(pem, 'the key file').find(({ label }) => label.endsWith('PRIVATE KEY'));
  if (block === undefined) return undefined;
  try {
    const key = createPrivateKey({
      key: encodePem(block.label, block.der),
      format: 'pem',
      ...(passphrase === undefined ? {} : { passphrase }),
    });
    return key.export({ format: 'der', type: 'pkcs8' });
  } catch {
    return undefined;
  }
}
