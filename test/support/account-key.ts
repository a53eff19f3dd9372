/** The key of an ACME client, as it signs with it. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { KeySignature, KeySignatureAlgorithm } from '../../src/domain/key-signature.ts';

export interface AccountKey {
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  readonly pkcs8: Uint8Array;
  sign(text: string, algorithm?: KeySignatureAlgorithm): KeySignature;
}

const digests = { RS256: 'sha256', ES256: 'sha256', ES384: 'sha384', ES512: 'sha512', EdDSA: null } as const;

const curves = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' } as const;

function pairFor(
  algorithm: KeySignatureAlgorithm,
  { modulusLength }: RsaSize,
): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  if (algorithm === 'RS256') return generateKeyPairSync('rsa', { modulusLength });
  if (algorithm === 'EdDSA') return generateKeyPairSync('ed25519');
  return generateKeyPairSync('ec', { namedCurve: curves[algorithm] });
}

interface RsaSize {
  readonly modulusLength: number;
}

export function createAccountKey(
  own: KeySignatureAlgorithm = 'ES256',
  size: RsaSize = { modulusLength: 2048 },
): AccountKey {
  const { publicKey, privateKey } = pairFor(own, size);
  return {
    publicKey: Uint8Array.from(publicKey.export({ format: 'der', type: 'spki' })),
    pkcs8: Uint8Array.from(privateKey.export({ format: 'der', type: 'pkcs8' })),
    sign(text, algorithm = own) {
      const data = Buffer.from(text);
      const signature = sign(digests[algorithm], data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
      return { algorithm, data: Uint8Array.from(data), signature: Uint8Array.from(signature) };
    },
  };
}
