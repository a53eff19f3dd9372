/** The master keys behind the port of those who need what they do and must never hold them. */

import { hkdfSync } from 'node:crypto';
import { type KeySealer, sealingContext } from '../domain/ports/key-sealer.ts';
import type { Randomness } from '../domain/ports/system.ts';
import { type MasterKey, masterKeyOf, seal, sealedUnder, unseal } from './seal.ts';

const secretBytes = 32;

export interface Keyring extends KeySealer {
  readonly current: MasterKey;
  /** Those that only open. */
  readonly others: readonly MasterKey[];
  /** From here on this key seals, and the one before only opens. */
  switchTo(key: MasterKey): void;
  forgetOthers(): void;
  /** The key that sealed the value. @throws as `open` */
  keyOf(sealed: Uint8Array, object: Parameters<KeySealer['open']>[1]): MasterKey;
}

/** @param keys the one that seals, then those that only open: 32 bytes each */
export function createKeyring(keys: readonly [Uint8Array, ...Uint8Array[]], random: Randomness): Keyring {
  let [current, ...others] = unique(keys.map(masterKeyOf));
  const opened = (sealed: Uint8Array, object: Parameters<KeySealer['open']>[1]) =>
    unseal(sealed, { masterKeys: [current, ...others], context: sealingContext(object) });
  const sealed = (secret: Uint8Array, object: Parameters<KeySealer['seal']>[1]) =>
    seal(secret, { masterKey: current, context: sealingContext(object), nonce: random.bytes(12) });

  return {
    get current() {
      return current;
    },
    get others() {
      return others;
    },
    switchTo(key) {
      [current, ...others] = unique([key, current, ...others]);
    },
    forgetOthers() {
      others = [];
    },
    seal: sealed,
    open: (value, object) => opened(value, object).secret,
    renew(value, object) {
      if (sealedUnder(value) === current.id) return value;
      const { secret } = opened(value, object);
      const renewed = sealed(secret, object);
      secret.fill(0);
      return renewed;
    },
    keyOf: (value, object) => {
      const { secret, masterKey } = opened(value, object);
      secret.fill(0);
      return masterKey;
    },
  };
}

function unique(keys: readonly MasterKey[]): readonly [MasterKey, ...MasterKey[]] {
  const [first, ...rest] = new Map(keys.map((key) => [key.id, key])).values();
  if (first === undefined) throw new Error('there is no master key');
  return [first, ...rest];
}

/**
 * What servers before the stored secrets used (RFC 5869). The salt kept it apart from the master key's use as an AES key. It is
 * the first value of those secrets, so that nothing that customers have from before changes.
 */
export function formerSecret(key: MasterKey, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key.bytes, 'certmux derived secret', purpose, secretBytes));
}
