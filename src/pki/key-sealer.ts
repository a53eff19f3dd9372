/** The master key behind the port of those who need what it does and must never hold it. */
import { hkdfSync } from 'node:crypto';
import type { KeySealer } from '../domain/key-sealer.ts';
import type { Randomness } from '../domain/system.ts';
import { seal, unseal } from './seal.ts';

const derivedBytes = 32;

export function createKeySealer(masterKey: Uint8Array, random: Randomness): KeySealer {
  return {
    seal: (secret, context) => seal(secret, { masterKey, context, nonce: random.bytes(12) }),
    open: (sealed, context) => unseal(sealed, { masterKey, context }),
    // RFC 5869. The salt keeps what is derived apart from the master key's use as an AES key.
    derive: (purpose) => new Uint8Array(hkdfSync('sha256', masterKey, 'certmux derived secret', purpose, derivedBytes)),
  };
}
