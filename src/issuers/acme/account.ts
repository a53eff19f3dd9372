/**
 * Our account at an ACME CA: registered once whatever happens in between, found again, kept as the configuration has it.
 *
 * The key is stored before the CA hears of it. A process may be killed at any instant after that: the account, if it was made, is the one
 * of the key, and the key finds it (RFC 8555 §7.3.1). So there is never a second one, whose URL no CAA record names.
 */
import type { AcmeClient, AcmeClientOptions, AcmeRegistration } from '../../dialects/acme/client/face.ts';
import { AcmeFailure, acmeErrorName } from '../../dialects/acme/client/failure.ts';
import { createAcmeClient } from '../../dialects/acme/client.ts';
import { type AcmeUpstreamAccount, sealedMember } from '../../domain/acme-upstream-account.ts';
import { refuse } from '../../domain/errors.ts';
import type { KeySealer } from '../../domain/ports/key-sealer.ts';
import type { AcmeUpstreamAccountStore } from '../../domain/ports/stores/acme-upstream-accounts.ts';
import { createJwsKey, type JwsKey } from '../../pki/jws-writer.ts';
import { generateKey } from '../../pki/key.ts';
import { type ExternalKey, requestExternalKey } from './external-key.ts';
import type { AcmeCa } from './presets.ts';
import { createTurns } from './turns.ts';

/** The binding of the account to one that the CA knows: the operator's, or made by the CA's API for an address. */
export type ExternalKeySource =
  | ({ readonly kind: 'given' } & ExternalKey)
  | { readonly kind: 'byEmail'; readonly email: string };

export interface AcmeAccountSettings {
  /** The name of the upstream account. */
  readonly account: string;
  readonly directory: string;
  /** Addresses of people, without `mailto:`. */
  readonly contacts: readonly string[];
  /** The operator has agreed to the CA's terms of service. Without it nothing is registered where there are any. */
  readonly termsAgreed: boolean;
  readonly externalKey: ExternalKeySource | null;
}

/** Transactions on the store, as the core has them. `write` may run its work several times. */
export interface AcmeAccountRows {
  readonly read: Pick<AcmeUpstreamAccountStore, 'get'>;
  write<T>(work: (accounts: AcmeUpstreamAccountStore) => Promise<T>): Promise<T>;
}

export interface AcmeAccountOptions {
  readonly settings: AcmeAccountSettings;
  readonly ca: AcmeCa;
  readonly rows: AcmeAccountRows;
  readonly keySealer: Pick<KeySealer, 'seal' | 'open'>;
  readonly client: Pick<AcmeClientOptions, 'fetch' | 'clock' | 'onExchange'>;
}

export interface OpenAccount {
  /** For CAA `accounturi` and dns-persist-01. */
  readonly url: string;
  /** Signs with the account's key. The same object as long as key and URL are. */
  readonly client: AcmeClient;
  /** Why the CA did not take the contacts of the configuration, where it did not: orders go on without. */
  readonly contactsFailure: AcmeFailure | null;
}

export interface ReopenedAccount extends OpenAccount {
  /** Differs from `url` where the CA had lost the account: records that name it are to be changed, so the operator is told. */
  readonly formerUrl: string | null;
}

export interface AccountStanding {
  readonly url: string;
  /** `valid`, `deactivated`, `revoked`, or another word of the CA's; null where it does not show accounts. */
  readonly status: string | null;
}

/**
 * All of it may be cut off at any moment, and called again. Calls wait for each other.
 * @throws {AcmeFailure} what the CA refused, or did not answer; {CertError} what the configuration lacks
 */
export interface AcmeAccount {
  /** Registers where that is still to be done, sends contacts that have changed, ends a change of keys that was cut off. Reads the row each time. */
  open(signal: AbortSignal): Promise<OpenAccount>;
  /** After `accountGone`: looks for the account, and registers it again where there is none. */
  registerAgain(signal: AbortSignal): Promise<ReopenedAccount>;
  /** @throws {CertError} unsupported, wrongState where nothing is registered yet */
  changeKey(signal: AbortSignal): Promise<OpenAccount>;
  /** What the CA says of the account. @throws {CertError} wrongState where nothing is registered yet */
  check(signal: AbortSignal): Promise<AccountStanding>;
  /** The stored URL, without asking the CA; null before it has answered. */
  url(): Promise<string | null>;
}

/** A row of which the CA has answered. */
type Registered = AcmeUpstreamAccount & { readonly url: string };

/** Contacts that the CA does not take are sent again after this. */
const contactsAgainMs = 3_600_000;

export function createAcmeAccount({ settings, ca, rows, keySealer, client: shared }: AcmeAccountOptions): AcmeAccount {
  const { account, directory } = settings;
  const named = { account, directory };
  const { clock, fetch } = shared;
  const contacts = settings.contacts.map((address) => `mailto:${address}`);
  const turns = createTurns();
  let open: { readonly sealedKey: Uint8Array; readonly url: string; readonly client: AcmeClient } | undefined;
  let contactsRefused: { readonly failure: AcmeFailure; readonly atMs: number } | undefined;

  const readRow = () => rows.read.get(account, directory);
  const keyIn = (sealed: Uint8Array, member: 'sealedKey' | 'nextSealedKey') =>
    createJwsKey(keySealer.open(sealed, sealedMember(named, member)));
  const clientOf = (key: JwsKey, accountUrl?: string) =>
    createAcmeClient({ ...shared, directoryUrl: directory, key, ...(accountUrl === undefined ? {} : { accountUrl }) });
  const update = (change: Parameters<AcmeUpstreamAccountStore['update']>[2]) =>
    rows.write((stored) => stored.update(account, directory, change));

  /** The row, made with a fresh key where there is none. `isNew`: the CA cannot know the key. */
  async function ensureRow(): Promise<{ readonly row: AcmeUpstreamAccount; readonly isNew: boolean }> {
    const before = await readRow();
    if (before !== undefined) return { row: before, isNew: false };
    const { privateKeyPkcs8 } = await generateKey({ type: 'ec', curve: 'P-256' });
    return rows.write(async (stored) => {
      const other = await stored.get(account, directory);
      if (other !== undefined) return { row: other, isNew: false };
      const row: AcmeUpstreamAccount = {
        ...named,
        sealedKey: keySealer.seal(privateKeyPkcs8, sealedMember(named, 'sealedKey')),
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
  }

  /** The client of the row; the one of the last time where key and URL are the same, with its nonces and its directory. */
  function clientFor({ sealedKey, url }: Registered): AcmeClient {
    if (open !== undefined && open.url === url && isSame(open.sealedKey, sealedKey)) return open.client;
    const client = clientOf(keyIn(sealedKey, 'sealedKey'), url);
    open = { sealedKey, url, client };
    return client;
  }

  /** The account of the key, if there is one (RFC 8555 §7.3.1). */
  async function find(key: JwsKey, signal: AbortSignal): Promise<AcmeRegistration | undefined> {
    try {
      return await clientOf(key).register({ onlyReturnExisting: true }, signal);
    } catch (thrown) {
      if (isUnknown(thrown)) return undefined;
      throw thrown;
    }
  }

  async function ensureRegistered(signal: AbortSignal): Promise<Registered> {
    const { row, isNew } = await ensureRow();
    if (hasUrl(row)) return row;
    // An answer may have been lost. A binding that works once would be refused the second time, so the key is asked about first.
    const found = isNew ? undefined : await find(keyIn(row.sealedKey, 'sealedKey'), signal);
    return found === undefined ? register(row, signal) : keep(row, { url: found.url });
  }

  async function register(row: AcmeUpstreamAccount, signal: AbortSignal): Promise<Registered> {
    const client = clientOf(keyIn(row.sealedKey, 'sealedKey'));
    const { meta } = await client.directory(signal);
    if (meta.termsOfService !== null && !settings.termsAgreed) {
      throw refuse('upstreamTermsNotAgreed', { ...named, terms: meta.termsOfService });
    }
    if (ca.needsContact && contacts.length === 0) throw refuse('upstreamContactMissing', named);
    const externalKey = await externalKeyFor(row, meta.externalAccountRequired || ca.needsExternalKey, signal);
    const binding = externalKey === undefined ? {} : { externalKey };
    const { url } = await client.register({ contact: contacts, ...binding }, signal);
    return keep(row, { url, externalKey, contacts });
  }

  /** The configured one comes first: an operator who enters another has a reason. */
  async function externalKeyFor(
    row: AcmeUpstreamAccount,
    isNeeded: boolean,
    signal: AbortSignal,
  ): Promise<ExternalKey | undefined> {
    const source = settings.externalKey;
    if (source?.kind === 'given') return source;
    const kept = keptKey(row);
    if (kept !== undefined) return kept;
    if (source !== null && ca.externalKeyApi !== null) {
      const made = await requestExternalKey(fetch, { baseUrl: ca.externalKeyApi, email: source.email }, signal);
      await storeExternalKey(made);
      return made;
    }
    if (isNeeded) throw refuse('upstreamBindingMissing', named);
    return undefined;
  }

  function keptKey({ externalKeyId: keyId, sealedExternalKey }: AcmeUpstreamAccount): ExternalKey | undefined {
    if (keyId === null || sealedExternalKey === null) return undefined;
    return { keyId, hmacKey: keySealer.open(sealedExternalKey, sealedMember(named, 'sealedExternalKey')) };
  }

  const storeExternalKey = (externalKey: ExternalKey) =>
    rows.write((stored) => stored.update(account, directory, sealedExternal(externalKey)));

  function sealedExternal({ keyId, hmacKey }: ExternalKey) {
    if (!ca.keepsExternalKey) return { externalKeyId: keyId, sealedExternalKey: null };
    const sealedExternalKey = keySealer.seal(hmacKey, sealedMember(named, 'sealedExternalKey'));
    return { externalKeyId: keyId, sealedExternalKey };
  }

  async function keep(
    row: AcmeUpstreamAccount,
    made: {
      readonly url: string;
      readonly externalKey?: ExternalKey | undefined;
      readonly contacts?: readonly string[];
    },
  ): Promise<Registered> {
    const { url, externalKey } = made;
    // Of an account that was found nobody knows which contacts it has: they are sent next.
    const change = { url, contacts: made.contacts ?? [], registeredAt: clock.now() };
    // Sealed inside: see KeySealer.
    return rows.write(async (stored) => {
      const whole = externalKey === undefined ? change : { ...change, ...sealedExternal(externalKey) };
      await stored.update(account, directory, whole);
      return { ...row, ...whole };
    });
  }

  /** Sends the contacts of the configuration where the CA was sent others. What it does not take holds up no order. */
  async function sendContacts(row: Registered, client: AcmeClient, signal: AbortSignal): Promise<AcmeFailure | null> {
    if (isSameList(row.contacts, contacts) || ca.accountCalls === 'none') return null;
    const nowMs = clock.now().getTime();
    if (contactsRefused !== undefined && nowMs - contactsRefused.atMs < contactsAgainMs) return contactsRefused.failure;
    try {
      await client.updateContacts(contacts, signal);
    } catch (thrown) {
      if (!(thrown instanceof AcmeFailure) || isUnknown(thrown)) throw thrown;
      contactsRefused = { failure: thrown, atMs: nowMs };
      return thrown;
    }
    contactsRefused = undefined;
    await update({ contacts });
    return null;
  }

  async function opened(row: Registered, signal: AbortSignal): Promise<OpenAccount> {
    const client = clientFor(row);
    return { url: row.url, client, contactsFailure: await sendContacts(row, client, signal) };
  }

  /**
   * Ends a change of keys: the CA knows one of the two, and is asked which. With the old one the change is requested, once.
   * @throws {AcmeFailure} after the new key is dropped, where the CA refuses it
   */
  async function endKeyChange(row: Registered, nextSealedKey: Uint8Array, signal: AbortSignal): Promise<Registered> {
    const next = keyIn(nextSealedKey, 'nextSealedKey');
    if (await isKeyOf(row, next, signal)) return promote(row, nextSealedKey);
    try {
      await clientOf(keyIn(row.sealedKey, 'sealedKey'), row.url).changeKey(next, signal);
    } catch (thrown) {
      if (!(thrown instanceof AcmeFailure) || thrown.failed.kind !== 'refused') throw thrown;
      // Another process may have ended it in the meantime, so that the old key was refused.
      if (await isKeyOf(row, next, signal)) return promote(row, nextSealedKey);
      await update({ nextSealedKey: null });
      throw thrown;
    }
    return promote(row, nextSealedKey);
  }

  async function isKeyOf({ url }: Registered, key: JwsKey, signal: AbortSignal): Promise<boolean> {
    return (await find(key, signal))?.url === url;
  }

  /** Point of no return: from here on the old key is gone. */
  function promote(row: Registered, nextSealedKey: Uint8Array): Promise<Registered> {
    const pkcs8 = keySealer.open(nextSealedKey, sealedMember(named, 'nextSealedKey'));
    return rows.write(async (stored) => {
      const sealedKey = keySealer.seal(pkcs8, sealedMember(named, 'sealedKey'));
      const present = await stored.get(account, directory);
      // Somebody else has ended it.
      if (present === undefined || present.nextSealedKey === null) return { ...row, ...present, url: row.url };
      await stored.update(account, directory, { sealedKey, nextSealedKey: null });
      return { ...row, sealedKey, nextSealedKey: null };
    });
  }

  /** One that was cut off and that the CA refuses now leaves the account as it was. */
  async function withoutKeyChange(row: Registered, signal: AbortSignal): Promise<Registered> {
    if (row.nextSealedKey === null) return row;
    try {
      return await endKeyChange(row, row.nextSealedKey, signal);
    } catch (thrown) {
      if (thrown instanceof AcmeFailure && thrown.failed.kind === 'refused') return { ...row, nextSealedKey: null };
      throw thrown;
    }
  }

  async function requireRegistered(): Promise<Registered> {
    const row = await readRow();
    if (row === undefined || !hasUrl(row)) throw refuse('upstreamNotRegistered', named);
    return row;
  }

  return {
    open: (signal) =>
      turns.take(signal, async () => opened(await withoutKeyChange(await ensureRegistered(signal), signal), signal)),

    registerAgain: (signal) =>
      turns.take(signal, async () => {
        const before = await ensureRegistered(signal);
        const row = await withoutKeyChange(before, signal);
        const found = await find(keyIn(row.sealedKey, 'sealedKey'), signal);
        const again = found === undefined ? await register(row, signal) : await keep(row, { url: found.url });
        return { ...(await opened(again, signal)), formerUrl: before.url };
      }),

    changeKey: (signal) =>
      turns.take(signal, async () => {
        const row = await requireRegistered();
        const { keyChange } = await clientFor(row).directory(signal);
        if (!ca.hasKeyChange || keyChange === null) throw refuse('upstreamKeyChangeUnsupported', named);
        const { privateKeyPkcs8 } = await generateKey({ type: 'ec', curve: 'P-256' });
        const nextSealedKey = await rows.write(async (stored) => {
          const present = await stored.get(account, directory);
          // One that was cut off is ended before another begins.
          if (present !== undefined && present.nextSealedKey !== null) return present.nextSealedKey;
          const sealed = keySealer.seal(privateKeyPkcs8, sealedMember(named, 'nextSealedKey'));
          await stored.update(account, directory, { nextSealedKey: sealed });
          return sealed;
        });
        return opened(await endKeyChange(row, nextSealedKey, signal), signal);
      }),

    check: (signal) =>
      turns.take(signal, async () => {
        const row = await requireRegistered();
        const { url } = row;
        if (ca.accountCalls === 'none') return { url, status: null };
        if (ca.accountCalls === 'byUrl') return { url, status: (await clientFor(row).account(signal)).shown.status };
        const found = await clientFor(row).register({ onlyReturnExisting: true }, signal);
        return { url: found.url, status: found.shown.status };
      }),

    url: async () => (await readRow())?.url ?? null,
  };
}

function hasUrl(row: AcmeUpstreamAccount): row is Registered {
  return row.url !== null;
}

function isUnknown(thrown: unknown): boolean {
  return thrown instanceof AcmeFailure && acmeErrorName(thrown.failed.type) === 'accountDoesNotExist';
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
