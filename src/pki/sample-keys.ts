/** Public keys of the right form that belong to nobody, one of each kind: for certificates that are linted and never signed. */
import type { KeyKind } from '../domain/profile.ts';
import { bitString, derNull, oid, sequence, unsignedInteger } from './der-writer.ts';
import { oids } from './oid.ts';

const curves = {
  'P-256': { curve: oids.p256, fieldSize: 32 },
  'P-384': { curve: oids.p384, fieldSize: 48 },
  'P-521': { curve: oids.p521, fieldSize: 66 },
} as const;

/** The SubjectPublicKeyInfo, as DER. */
export function sampleKey(kind: KeyKind): Buffer {
  if (kind === 'rsa') {
    const modulus = Buffer.alloc(256, 0xff);
    const exponent = Buffer.from([1, 0, 1]);
    const key = sequence([unsignedInteger(modulus), unsignedInteger(exponent)]);
    return sequence([sequence([oid(oids.rsaEncryption), derNull]), bitString(key)]);
  }
  if (kind === 'Ed25519') return sequence([sequence([oid(oids.ed25519)]), bitString(Buffer.alloc(32, 1))]);
  const { curve, fieldSize } = curves[kind];
  const point = Buffer.concat([Buffer.from([4]), Buffer.alloc(2 * fieldSize, 1)]);
  return sequence([sequence([oid(oids.ecPublicKey), oid(curve)]), bitString(point)]);
}
