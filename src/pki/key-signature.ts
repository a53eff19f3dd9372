/** Checks a signature in the form of a JSON Web Signature (RFC 7518 §3.1), in the thread that checks those of requests. */
import type { KeySignature, KeySignatureAlgorithm } from '../domain/key-signature.ts';
import type { Curve, KeyAlgorithm, PublicKey } from './public-key.ts';
import { checkSigned } from './signature.ts';

/** RFC 7518 §3.4: each algorithm names its curve, unlike the signatures of certificates. R and S are as long as a coordinate. */
const ecdsa = {
  ES256: { curve: 'P-256', digest: 'sha256', signatureBytes: 64 },
  ES384: { curve: 'P-384', digest: 'sha384', signatureBytes: 96 },
  ES512: { curve: 'P-521', digest: 'sha512', signatureBytes: 132 },
} as const satisfies Record<
  string,
  { readonly curve: Curve; readonly digest: string; readonly signatureBytes: number }
>;

/** Reports whether a key of this kind makes signatures of this algorithm. */
export function fitsKey(algorithm: KeySignatureAlgorithm, key: KeyAlgorithm): boolean {
  if (algorithm === 'RS256') return key.type === 'rsa';
  if (algorithm === 'EdDSA') return key.type === 'ed25519';
  return key.type === 'ec' && key.curve === ecdsa[algorithm].curve;
}

/** Reports whether the signature is the key's. False too for a form that no signature of the algorithm has. */
export async function isKeySignature(
  publicKey: PublicKey,
  { algorithm, data, signature }: KeySignature,
): Promise<boolean> {
  if (!fitsKey(algorithm, publicKey.algorithm)) return false;
  if (algorithm === 'RS256') return checkSigned({ publicKey, data, signature, digest: 'sha256' });
  if (algorithm === 'EdDSA') return checkSigned({ publicKey, data, signature, digest: null });
  const { digest, signatureBytes } = ecdsa[algorithm];
  if (signature.length !== signatureBytes) return false;
  return checkSigned({ publicKey, data, signature, digest, hasPlainNumbers: true });
}
