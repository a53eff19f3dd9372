/** A KeyStore of files: one sealed PKCS#8 key each, opened into memory at its first use. */
import type { Authority, AuthoritySigner, KeyStore } from '../../domain/authority.ts';
import { authorityKeyFile, type KeySealer } from '../../domain/ports/key-sealer.ts';
import { createLocalSigner, type GeneratedKey, generateKey } from '../../pki/key.ts';
import type { KeyAlgorithm } from '../../pki/public-key.ts';

/**
 * Where the sealed bytes lie. `write` is atomic and durable when it resolves; it calls `seal` when its turn has come, so that
 * what is written is under the master key of that moment.
 */
export interface KeyFiles {
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, seal: () => Uint8Array): Promise<void>;
}

export interface SealedKeyStoreOptions {
  readonly files: KeyFiles;
  readonly keySealer: KeySealer;
  readonly newKey?: NewKey | undefined;
}

export type NewKey = (algorithm: KeyAlgorithm) => Promise<GeneratedKey>;

// RSA-3072 is as strong as P-256 (NIST SP 800-57 part 1, table 2): it signs a leaf in about 1.5 ms.
const algorithmOf: Readonly<Record<Authority['keyKind'], KeyAlgorithm>> = {
  rsa: { type: 'rsa', bits: 3072 },
  'P-256': { type: 'ec', curve: 'P-256' },
  'P-384': { type: 'ec', curve: 'P-384' },
};

export function createSealedKeyStore({ files, keySealer, newKey = generateKey }: SealedKeyStoreOptions): KeyStore {
  const signers = new Map<string, Promise<AuthoritySigner>>();
  const nameOf = authorityKeyFile;
  const objectOf = (id: string) => ({ kind: 'authorityKey', id }) as const;

  async function open(keyId: string): Promise<AuthoritySigner> {
    const sealed = await files.read(nameOf(keyId));
    if (sealed === undefined) throw new Error(`the key file ${nameOf(keyId)} is missing`);
    const pkcs8 = keySealer.open(sealed, objectOf(keyId));
    const signer = createLocalSigner(pkcs8);
    pkcs8.fill(0);
    const { algorithm, signParts } = signer;
    if (algorithm === 'sha256WithRSAEncryption') return { algorithm, sign: signer.sign, signParts };
    if (algorithm === 'ecdsa-with-SHA256' || algorithm === 'ecdsa-with-SHA384') {
      // A trip to the thread pool costs as much as the 30 µs that signing with a curve takes.
      return { algorithm, sign: signer.signSync, signParts };
    }
    throw new Error(`the key file ${nameOf(keyId)} holds a key for ${algorithm}, which no authority uses`);
  }

  return {
    async create(keyId, keyKind) {
      if ((await files.read(nameOf(keyId))) !== undefined) throw new Error(`the key ${keyId} exists already`);
      const { privateKeyPkcs8, spkiDer } = await newKey(algorithmOf[keyKind]);
      await files.write(nameOf(keyId), () => keySealer.seal(privateKeyPkcs8, objectOf(keyId)));
      privateKeyPkcs8.fill(0);
      return { spki: spkiDer };
    },

    async has(keyId) {
      return (await files.read(nameOf(keyId))) !== undefined;
    },

    signer(keyId) {
      const known = signers.get(keyId);
      if (known !== undefined) return known;
      const opening = open(keyId);
      signers.set(keyId, opening);
      // A failure is not remembered: the file may be put back.
      opening.catch(() => signers.delete(keyId));
      return opening;
    },
  };
}
