/**
 * Our account at an ACME CA: registered once whatever happens in between, found again, kept as the configuration has it.
 *
 * The key is stored before the CA hears of it. A process may be killed at any instant after that: the account, if it was made, is the one
 * of the key, and the key finds it (RFC 8555 §7.3.1). So there is never a second one, whose URL no CAA record names.
 */
import type { AcmeClient, AcmeClientOptions, AcmeRegistration } from '../../dialects/acme/client/face.ts';
import { AcmeFailure } from '../../dialects/acme/client/failure.ts';
import { createAcmeClient } from '../../dialects/acme/client.ts';
import type { AcmeUpstreamAccount } from '../../domain/acme-upstream-account.ts';
import { refuse } from '../../domain/errors.ts';
import type { KeySealer } from '../../domain/ports/key-sealer.ts';
import type { JwsKey } from '../../pki/jws-writer.ts';
import { type AcmeAccountRows, createAccountRow, isRegistered, type Registered } from './account-row.ts';
import { type ExternalKey, requestExternalKey } from './external-key.ts';
import { createKeyChange, isUnknown } from './key-change.ts';
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
  /** When the CA gave it this URL. What was ordered before belongs to an account that the CA has lost. */
  readonly registeredAt: Date | null;
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

/** Contacts that the CA does not take are sent again after this. */
const contactsAgainMs = 3_600_000;

export function createAcmeAccount(options: AcmeAccountOptions): AcmeAccount {
  const { settings, ca, client: shared } = options;
  const { account, directory } = settings;
  const named = { account, directory };
  const contacts = settings.contacts.map((address) => `mailto:${address}`);
  const row = createAccountRow({ ...options, named, now: () => shared.clock.now() });
  const turns = createTurns();
  let known: { readonly sealedKey: Uint8Array; readonly url: string; readonly client: AcmeClient } | undefined;
  let contactsRefused: { readonly failure: AcmeFailure; readonly atMs: number } | undefined;

  const clientOf = (key: JwsKey, accountUrl?: string) =>
    createAcmeClient({ ...shared, directoryUrl: directory, key, ...(accountUrl === undefined ? {} : { accountUrl }) });
  const keyChange = createKeyChange({ row, clientOf, find });

  /** The client of the row; the one of the last time where key and URL are the same, with its nonces and its directory. */
  function clientFor({ sealedKey, url }: Registered): AcmeClient {
    if (known !== undefined && known.url === url && Buffer.compare(known.sealedKey, sealedKey) === 0)
      return known.client;
    const client = clientOf(row.openKey(sealedKey, 'sealedKey'), url);
    known = { sealedKey, url, client };
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

  const ownKey = ({ sealedKey }: AcmeUpstreamAccount) => row.openKey(sealedKey, 'sealedKey');

  async function ensureRegistered(signal: AbortSignal): Promise<Registered> {
    const { row: stored, isNew } = await row.ensure();
    if (isRegistered(stored)) return stored;
    // An answer may have been lost. A binding that works once would be refused the second time, so the key is asked about first.
    const found = isNew ? undefined : await find(ownKey(stored), signal).catch(unlessRefused);
    return found === undefined ? register(stored, signal) : adopt(stored, found);
  }

  /** Nobody knows which contacts an account has that was found: they are sent next. */
  function adopt(stored: AcmeUpstreamAccount, { url }: AcmeRegistration): Promise<Registered> {
    return row.keep(stored, { url, contacts: [] });
  }

  async function register(stored: AcmeUpstreamAccount, signal: AbortSignal): Promise<Registered> {
    const client = clientOf(ownKey(stored));
    const { meta } = await client.directory(signal);
    if (meta.termsOfService !== null && !settings.termsAgreed) {
      throw refuse('upstreamTermsNotAgreed', { ...named, terms: meta.termsOfService });
    }
    if (ca.needsContact && contacts.length === 0) throw refuse('upstreamContactMissing', named);
    const externalKey = await externalKeyFor(stored, meta.externalAccountRequired || ca.needsExternalKey, signal);
    const binding = externalKey === undefined ? {} : { externalKey };
    const { url } = await client.register({ contact: contacts, ...binding }, signal);
    return row.keep(stored, { url, contacts, externalKey });
  }

  /** The configured one comes first: an operator who enters another has a reason. */
  async function externalKeyFor(
    stored: AcmeUpstreamAccount,
    isNeeded: boolean,
    signal: AbortSignal,
  ): Promise<ExternalKey | undefined> {
    const source = settings.externalKey;
    if (source?.kind === 'given') return source;
    const kept = row.openExternalKey(stored);
    if (kept !== undefined) return kept;
    if (source !== null && ca.externalKeyApi !== null) {
      const request = { baseUrl: ca.externalKeyApi, email: source.email };
      const made = await requestExternalKey(shared.fetch, request, signal);
      await row.keepExternalKey(made);
      return made;
    }
    if (isNeeded) throw refuse('upstreamBindingMissing', named);
    return undefined;
  }

  /** Sends the contacts of the configuration where the CA was sent others. What it does not take holds up no order. */
  async function sendContacts(
    stored: Registered,
    client: AcmeClient,
    signal: AbortSignal,
  ): Promise<AcmeFailure | null> {
    if (isSameList(stored.contacts, contacts) || ca.accountCalls === 'none') return null;
    const nowMs = shared.clock.now().getTime();
    if (contactsRefused !== undefined && nowMs - contactsRefused.atMs < contactsAgainMs) return contactsRefused.failure;
    try {
      await client.updateContacts(contacts, signal);
    } catch (thrown) {
      if (!(thrown instanceof AcmeFailure) || isUnknown(thrown)) throw thrown;
      contactsRefused = { failure: thrown, atMs: nowMs };
      return thrown;
    }
    contactsRefused = undefined;
    await row.keepContacts(contacts);
    return null;
  }

  async function opened(stored: Registered, signal: AbortSignal): Promise<OpenAccount> {
    const client = clientFor(stored);
    const { url, registeredAt } = stored;
    return { url, client, registeredAt, contactsFailure: await sendContacts(stored, client, signal) };
  }

  async function requireRegistered(): Promise<Registered> {
    const stored = await row.read();
    if (stored === undefined || !isRegistered(stored)) throw refuse('upstreamNotRegistered', named);
    return stored;
  }

  return {
    open: (signal) =>
      turns.take(signal, async () => opened(await keyChange.endCutOff(await ensureRegistered(signal), signal), signal)),

    registerAgain: (signal) =>
      turns.take(signal, async () => {
        const before = await ensureRegistered(signal);
        const stored = await keyChange.endCutOff(before, signal);
        const found = await find(ownKey(stored), signal);
        const again = found === undefined ? await register(stored, signal) : await adopt(stored, found);
        return { ...(await opened(again, signal)), formerUrl: before.url };
      }),

    changeKey: (signal) =>
      turns.take(signal, async () => {
        const stored = await requireRegistered();
        const { keyChange: url } = await clientFor(stored).directory(signal);
        if (!ca.hasKeyChange || url === null) throw refuse('upstreamKeyChangeUnsupported', named);
        return opened(await keyChange.end(stored, await row.ensureNextKey(), signal), signal);
      }),

    check: (signal) =>
      turns.take(signal, async () => {
        const stored = await requireRegistered();
        const { url } = stored;
        if (ca.accountCalls === 'none') return { url, status: null };
        const client = clientFor(stored);
        const { shown } = await (ca.accountCalls === 'byUrl'
          ? client.account(signal)
          : client.register({ onlyReturnExisting: true }, signal));
        return { url, status: shown.status };
      }),

    url: async () => (await row.read())?.url ?? null,
  };
}

/** What a CA with bindings makes of a look-up without one is its own business: a registration finds the account as well (RFC 8555 §7.3). */
function unlessRefused(thrown: unknown): undefined {
  const { kind, status } = thrown instanceof AcmeFailure ? thrown.failed : { kind: undefined, status: null };
  if (kind !== 'refused' || status === null || status === 429 || status >= 500) throw thrown;
  return undefined;
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
