/** Master keys in memory, and sealed files that are none: for tests of the core. */
import type { KeySealer } from '../../src/domain/ports/key-sealer.ts';
import type { MasterKeys, SealedFiles } from '../../src/domain/ports/master-keys.ts';
import type { Randomness } from '../../src/domain/ports/system.ts';
import { createKeyring, formerSecret } from '../../src/pki/key-sealer.ts';
import { type MasterKey, masterKeyOf } from '../../src/pki/seal.ts';

export interface MemoryMasterKeys {
  readonly keySealer: KeySealer;
  readonly masterKeys: MasterKeys;
  readonly sealedFiles: SealedFiles;
  /** By name. */
  readonly files: Map<string, Uint8Array>;
}

/** @param keys the one that seals, then those that only open */
export function createMemoryMasterKeys(
  random: Randomness,
  keys: readonly [Uint8Array, ...Uint8Array[]] = [new Uint8Array(32).fill(7)],
): MemoryMasterKeys {
  const keyring = createKeyring(keys, random);
  const files = new Map<string, Uint8Array>();
  let next: MasterKey | undefined;
  return {
    keySealer: keyring,
    files,
    masterKeys: {
      get current() {
        return keyring.current.id;
      },
      get others() {
        return keyring.others.map(({ id }) => id);
      },
      keptIn: null,
      othersKeptIn: [],
      async prepareNext() {
        next ??= masterKeyOf(random.bytes(32));
        return next.id;
      },
      switchToNext() {
        if (next !== undefined) keyring.switchTo(next);
        next = undefined;
      },
      async retireOthers() {
        keyring.forgetOthers();
        return [];
      },
      idOf: (sealed, object) => keyring.keyOf(sealed, object).id,
      formerSecret(keyId, purpose) {
        const key = [keyring.current, ...keyring.others].find(({ id }) => id === keyId);
        if (key === undefined) throw new Error(`there is no master key ${keyId}`);
        return formerSecret(key, purpose);
      },
    },
    sealedFiles: {
      names: async () => [...files.keys()],
      read: async (name) => files.get(name),
      async replace(name, change) {
        const before = files.get(name);
        const after = before && change(before);
        if (after === undefined || after === before) return false;
        files.set(name, after);
        return true;
      },
    },
  };
}
