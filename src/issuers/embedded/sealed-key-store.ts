/**
 * A KeyStore of sealed PKCS#8 keys, each opened into memory at its first use. They lie in the database, so that every node has them;
 * what opens them does not.
 */
import type { AuthoritySigner, KeyStore, OwnKeyKind } from '../../domain/authority.ts';
import type { KeySealer } from '../../domain/ports/key-sealer.ts';
import type { Database } from '../../domain/ports/stores/index.ts';
import type { Clock } from '../../domain/ports/system.ts';
import { createLocalSigner, type GeneratedKey, generateKey } from '../../pki/key.ts';
import type { KeyAlgorithm } from '../../pki/public-key.ts';

/**
 * Where sealed bytes lie. `write` is atomic and durable when it resolves; it calls `seal` when its turn has come, so that
 * what is written is under the master key of that moment.
 */
export interface SealedPlace {
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, seal: () => Uint8Array): Promise<void>;
}

/** The table of the authorities' keys, by the id of the authority. */
export function keysInDatabase({
  database,
  clock,
}: {
  readonly database: Database;
  readonly clock: Clock;
}): SealedPlace {
  return {
    read: (id) => database.read.authorities.sealedKey(id),
    write: (id, seal) => database.write((tx) => tx.authorities.insertKey(id, seal(), clock.now())),
  };
}

export interface SealedKeyStoreOptions {
  readonly place: SealedPlace;
  readonly keySealer: KeySealer;
  readonly newKey?: NewKey | undefined;
}

export type NewKey = (algorithm: KeyAlgorithm) => Promise<GeneratedKey>;

// RSA-3072 is as strong as P-256 (NIST SP 800-57 part 1, table 2): it signs a leaf in about 1.5 ms.
const algorithmOf: Readonly<Record<OwnKeyKind, KeyAlgorithm>> = {
  rsa: { type: 'rsa', bits: 3072 },
  'P-256': { type: 'ec', curve: 'P-256' },
  'P-384': { type: 'ec', curve: 'P-384' },
};

export function createSealedKeyStore({ place, keySealer, newKey = generateKey }: SealedKeyStoreOptions): KeyStore {
  const signers = new Map<string, Promise<AuthoritySigner>>();
  const objectOf = (id: string) => ({ kind: 'authorityKey', id }) as const;

  async function open(keyId: string): Promise<AuthoritySigner> {
    const sealed = await place.read(keyId);
    if (sealed === undefined) throw new Error(`the key of the authority ${keyId} is missing`);
    const pkcs8 = keySealer.open(sealed, objectOf(keyId));
    const signer = createLocalSigner(pkcs8);
    pkcs8.fill(0);
    const { algorithm, signParts } = signer;
    if (algorithm === 'sha256WithRSAEncryption') return { algorithm, sign: signer.sign, signParts };
    if (algorithm === 'ecdsa-with-SHA256' || algorithm === 'ecdsa-with-SHA384') {
      // A trip to the thread pool costs as much as the 30 µs that signing with a curve takes.
      return { algorithm, sign: signer.signSync, signParts };
    }
    throw new Error(`the key of the authority ${keyId} is one for ${algorithm}, which no authority uses`);
  }

  return {
    async create(keyId, keyKind) {
      if ((await place.read(keyId)) !== undefined) throw new Error(`the key ${keyId} exists already`);
      const { privateKeyPkcs8, spkiDer } = await newKey(algorithmOf[keyKind]);
      await place.write(keyId, () => keySealer.seal(privateKeyPkcs8, objectOf(keyId)));
      privateKeyPkcs8.fill(0);
      return { spki: spkiDer };
    },

    async has(keyId) {
      return (await place.read(keyId)) !== undefined;
    },

    signer(keyId) {
      const known = signers.get(keyId);
      if (known !== undefined) return known;
      const opening = open(keyId);
      signers.set(keyId, opening);
      // A failure is not remembered: the key may be put back.
      opening.catch(() => signers.delete(keyId));
      return opening;
    },

    forget(keyId) {
      signers.delete(keyId);
    },
  };
}
