/** The row of our account at a CA: each change of it one transaction, and secrets sealed inside of that. */
import {
  type AcmeUpstreamAccount,
  type AcmeUpstreamAccountKey,
  sealedMember,
} from '../../domain/acme-upstream-account.ts';
import type { KeySealer } from '../../domain/ports/key-sealer.ts';
import type { AcmeUpstreamAccountStore } from '../../domain/ports/stores/acme-upstream-accounts.ts';
import { createJwsKey, type JwsKey } from '../../pki/jws-writer.ts';
import { generateKey } from '../../pki/key.ts';
import type { ExternalKey } from './external-key.ts';
import type { AcmeCa } from './presets.ts';

/** A row of which the CA has answered. */
export type Registered = AcmeUpstreamAccount & { readonly url: string };

export function isRegistered(row: AcmeUpstreamAccount): row is Registered {
  return row.url !== null;
}

export interface Registration {
  readonly url: string;
  /** What the CA was sent. */
  readonly contacts: readonly string[];
  readonly externalKey?: ExternalKey | undefined;
}

export interface AccountRow {
  read(): Promise<AcmeUpstreamAccount | undefined>;
  /** The row, made with a fresh key where there is none. `isNew`: the CA cannot know the key. */
  ensure(): Promise<{ readonly row: AcmeUpstreamAccount; readonly isNew: boolean }>;
  keep(row: AcmeUpstreamAccount, registration: Registration): Promise<Registered>;
  keepContacts(contacts: readonly string[]): Promise<void>;
  keepExternalKey(externalKey: ExternalKey): Promise<void>;
  /** A key to change to: the one of a change that was cut off, or a fresh one. */
  ensureNextKey(): Promise<Uint8Array>;
  /** Point of no return: from here on the former key is gone. */
  promoteNextKey(row: Registered, nextSealedKey: Uint8Array): Promise<Registered>;
  dropNextKey(): Promise<void>;
  openKey(sealed: Uint8Array, member: 'sealedKey' | 'nextSealedKey'): JwsKey;
  /** The HMAC key that is kept, if one is. */
  openExternalKey(row: AcmeUpstreamAccount): ExternalKey | undefined;
}

/** Transactions on the store, as the core has them. `write` may run its work several times. */
export interface AcmeAccountRows {
  readonly read: Pick<AcmeUpstreamAccountStore, 'get'>;
  write<T>(work: (accounts: AcmeUpstreamAccountStore) => Promise<T>): Promise<T>;
}

interface AccountRowOptions {
  readonly named: AcmeUpstreamAccountKey;
  readonly ca: Pick<AcmeCa, 'keepsExternalKey'>;
  readonly rows: AcmeAccountRows;
  readonly keySealer: Pick<KeySealer, 'seal' | 'open'>;
  readonly now: () => Date;
}

export function createAccountRow({ named, ca, rows, keySealer, now }: AccountRowOptions): AccountRow {
  const { account, directory } = named;
  const update = (change: () => Partial<AcmeUpstreamAccount>) =>
    rows.write((stored) => stored.update(account, directory, change()));

  /** An HMAC key that worked once is worth nothing to us, and something to a thief. */
  function sealedExternal({ keyId, hmacKey }: ExternalKey) {
    const object = sealedMember(named, 'sealedExternalKey');
    return { externalKeyId: keyId, sealedExternalKey: ca.keepsExternalKey ? sealed(keySealer, hmacKey, object) : null };
  }

  return {
    read: () => rows.read.get(account, directory),

    async ensure() {
      const before = await rows.read.get(account, directory);
      if (before !== undefined) return { row: before, isNew: false };
      const { privateKeyPkcs8 } = await generateKey({ type: 'ec', curve: 'P-256' });
      return rows.write(async (stored) => {
        const other = await stored.get(account, directory);
        if (other !== undefined) return { row: other, isNew: false };
        const row: AcmeUpstreamAccount = {
          ...named,
          sealedKey: sealed(keySealer, privateKeyPkcs8, sealedMember(named, 'sealedKey')),
          nextSealedKey: null,
          url: null,
          contacts: [],
          externalKeyId: null,
          sealedExternalKey: null,
          registeredAt: null,
        };
        await stored.insert(row);
        return { row, isNew: true };
      });
    },

    keep: (row, { url, contacts, externalKey }) =>
      rows.write(async (stored) => {
        const binding = externalKey === undefined ? {} : sealedExternal(externalKey);
        // One that was found where it had been is the same account.
        const registeredAt = row.url === url ? row.registeredAt : now();
        const change = { url, contacts, registeredAt, ...binding };
        await stored.update(account, directory, change);
        return { ...row, ...change };
      }),

    keepContacts: (contacts) => update(() => ({ contacts })),

    keepExternalKey: (externalKey) => update(() => sealedExternal(externalKey)),

    async ensureNextKey() {
      const { privateKeyPkcs8 } = await generateKey({ type: 'ec', curve: 'P-256' });
      return rows.write(async (stored) => {
        const present = await stored.get(account, directory);
        if (present !== undefined && present.nextSealedKey !== null) return present.nextSealedKey;
        const nextSealedKey = sealed(keySealer, privateKeyPkcs8, sealedMember(named, 'nextSealedKey'));
        await stored.update(account, directory, { nextSealedKey });
        return nextSealedKey;
      });
    },

    promoteNextKey(row, nextSealedKey) {
      const pkcs8 = keySealer.open(nextSealedKey, sealedMember(named, 'nextSealedKey'));
      return rows.write(async (stored) => {
        const present = await stored.get(account, directory);
        // Somebody else has ended the change.
        if (present?.nextSealedKey === null) return { ...present, url: row.url };
        const sealedKey = sealed(keySealer, pkcs8, sealedMember(named, 'sealedKey'));
        await stored.update(account, directory, { sealedKey, nextSealedKey: null });
        return { ...row, sealedKey, nextSealedKey: null };
      });
    },

    dropNextKey: () => update(() => ({ nextSealedKey: null })),

    openKey: (value, member) => createJwsKey(keySealer.open(value, sealedMember(named, member))),

    openExternalKey({ externalKeyId: keyId, sealedExternalKey }) {
      if (keyId === null || sealedExternalKey === null) return undefined;
      return { keyId, hmacKey: keySealer.open(sealedExternalKey, sealedMember(named, 'sealedExternalKey')) };
    },
  };
}

/** Not a view of a larger buffer: engines store what is behind it. */
function sealed(keySealer: Pick<KeySealer, 'seal'>, secret: Uint8Array, object: ReturnType<typeof sealedMember>) {
  return Uint8Array.from(keySealer.seal(secret, object));
}
