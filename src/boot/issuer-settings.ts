/** The section `issuers` as what is built from it takes it: defaults of the CA filled in, files read. Nothing is called: a CA that is away does not keep a server from starting. */
import { directoryOf, isHmacKey } from '../config/issuer-problems.ts';
import { type AcmeIssuerSection, isVendorSection } from '../config/issuers.ts';
import type { ConfigFile } from '../config/schema.ts';
import type { Phrase } from '../domain/messages/expectations.ts';
import type { AcmeMode } from '../domain/relay.ts';
import type { UpstreamTerms } from '../domain/upstream-account.ts';
import type { UpstreamBudget } from '../domain/upstream-budget.ts';
import { type AcmeCaId, acmeCa } from '../issuers/registry.ts';
import { fileRefusal, privateText, readText } from './configured-files.ts';
import { type VendorSettings, vendorSettings } from './vendor-settings.ts';

export interface AcmeIssuerSettings {
  readonly kind: 'acme';
  readonly id: string;
  readonly ca: AcmeCaId;
  readonly mode: AcmeMode;
  readonly account: {
    readonly account: string;
    readonly directory: string;
    readonly contacts: readonly string[];
    readonly termsAgreed: boolean;
    readonly externalKey:
      | { readonly kind: 'given'; readonly keyId: string; readonly hmacKey: Uint8Array }
      | { readonly kind: 'byEmail'; readonly email: string }
      | null;
  };
  readonly terms: UpstreamTerms;
  /** PEM; undefined: the public roots. */
  readonly caPem: string | undefined;
  readonly proxyUrl: string | undefined;
  readonly profile: { readonly name: string; readonly isMandatory: boolean } | null;
  /** The name of a root, or its SHA-256 fingerprint. */
  readonly preferredChain: string | null;
}

export interface PoolSettings {
  readonly kind: 'pool';
  readonly id: string;
  /** Ids of issuers that stand before it. */
  readonly members: readonly [string, ...string[]];
}

export type IssuerSettings = AcmeIssuerSettings | VendorSettings | PoolSettings;

/**
 * Pools come last.
 * @throws {CertError} for a secret that others can read, and for a file that is missing or not what it should be
 */
export async function issuerSettings({ issuers }: Pick<ConfigFile, 'issuers'>): Promise<readonly IssuerSettings[]> {
  const single: (AcmeIssuerSettings | VendorSettings)[] = [];
  const pools: PoolSettings[] = [];
  for (const [id, section] of Object.entries(issuers)) {
    if (isVendorSection(section)) {
      single.push(await vendorSettings(id, section));
      continue;
    }
    if (section.kind === 'acme') {
      single.push(await acmeSettings(id, section));
      continue;
    }
    const [first, ...others] = section.members;
    if (first !== undefined) pools.push({ kind: 'pool', id, members: [first, ...others] });
  }
  return [...single, ...pools];
}

async function acmeSettings(id: string, section: AcmeIssuerSection): Promise<AcmeIssuerSettings> {
  const { ca, mode, account = id, contacts, termsAgreed, caFile, proxy, profile, preferredChain } = section;
  const directory = directoryOf(section);
  if (directory === undefined) throw new Error(`the settings of the issuer ${id} were not checked`);
  const { deadlineHours, afterDeadline, concurrency } = section;
  return {
    kind: 'acme',
    id,
    ca,
    mode,
    account: { account, directory, contacts, termsAgreed, externalKey: await externalKeyOf(id, section) },
    terms: { account, deadlineHours, afterDeadline, concurrency, budgets: budgetsOf(section) },
    caPem: caFile === undefined ? undefined : await readText(`issuers.${id}.caFile`, caFile),
    proxyUrl: proxy,
    profile: profile === undefined ? null : { name: profile.name, isMandatory: profile.mandatory },
    preferredChain: preferredChain ?? null,
  };
}

async function externalKeyOf(
  id: string,
  { externalKey }: AcmeIssuerSection,
): Promise<AcmeIssuerSettings['account']['externalKey']> {
  if (externalKey === undefined) return null;
  const { keyId, hmacKey, hmacKeyFile, zerosslEmail } = externalKey;
  if (zerosslEmail !== undefined) return { kind: 'byEmail', email: zerosslEmail };
  const setting = `issuers.${id}.externalKey.hmacKeyFile`;
  const text = hmacKeyFile === undefined ? hmacKey : await hmacKeyText(setting, hmacKeyFile);
  if (keyId === undefined || text === undefined) throw new Error(`the external key of ${id} was not checked`);
  return { kind: 'given', keyId, hmacKey: new Uint8Array(Buffer.from(text, 'base64url')) };
}

/** The key of an external account, as it stands in a file. @throws {CertError} */
export async function hmacKeyText(setting: string, path: string): Promise<string> {
  const text = await privateText(setting, path);
  if (!isHmacKey(text)) throw fileRefusal(setting, path, notBase64url);
  return text;
}

const notBase64url: Phrase = {
  en: 'is not base64url; copy the HMAC key again as the CA shows it',
  zh: '的内容不是 base64url，请从 CA 的页面重新复制 HMAC 密钥',
};

/** What the CA is known to take, with what the configuration says otherwise. */
function budgetsOf({ ca, budgets }: AcmeIssuerSection): readonly UpstreamBudget[] {
  if (Array.isArray(budgets))
    return budgets.map(({ windowHours, ...rest }) => ({ ...rest, windowSeconds: windowHours * 3600 }));
  return acmeCa(ca).budgets.flatMap(({ counts, ...known }) => {
    const budget: UpstreamBudget = { ...known, counts: counts === 'newOrder' ? 'order' : counts };
    const change = budgets?.[known.name];
    if (change === 'off') return [];
    const { limit = budget.limit, windowHours, isExemptForRenewal = budget.isExemptForRenewal } = change ?? {};
    const windowSeconds = windowHours === undefined ? budget.windowSeconds : windowHours * 3600;
    return [{ ...budget, limit, windowSeconds, isExemptForRenewal }];
  });
}
