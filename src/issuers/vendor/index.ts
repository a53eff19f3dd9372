/** Issuers that buy from vendors, put together from their settings. */
import type { Money } from '../../domain/money.ts';
import type { Preparations } from '../../domain/ports/preparations.ts';
import type { Database } from '../../domain/ports/stores/index.ts';
import type { Clock, Log, PublicSuffixes, Randomness } from '../../domain/ports/system.ts';
import type { UpstreamMaker, VendorMode } from '../../domain/ports/upstream.ts';
import type { UpstreamTerms } from '../../domain/upstream-account.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { createEvidence, type Evidence } from '../evidence.ts';
import type { VendorMapping } from './context.ts';
import { createExchangeLog } from './evidence.ts';
import { createVendorIssuer, type VendorIssuer } from './issuer.ts';
import { recordedIssuer } from './recorded-issuer.ts';
import { createRedaction } from './redaction.ts';

/** One issuer of the configuration, with what its files contain. */
export interface VendorIssuerSettings {
  readonly id: string;
  readonly terms: UpstreamTerms;
  readonly mode: VendorMode;
  /** The API that is spoken there, such as `racent`. */
  readonly dialect: string;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** Addresses that the same service had before; none by default. */
  readonly formerUrls?: readonly string[];
  readonly credentials: Readonly<Record<string, string>>;
  /** Of our account there (ISO 4217), for a vendor whose prices are bare numbers; undefined: those are not read. */
  readonly currency: string | undefined;
  readonly mapping: VendorMapping;
  /** A balance below it raises an alarm; null: never. */
  readonly balanceWarning?: Money | null;
}

export interface VendorServices {
  readonly database: Pick<Database, 'read' | 'write'>;
  readonly preparations: Preparations;
  readonly publicSuffixes: PublicSuffixes;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly log: Log;
}

export type { VendorIssuer } from './issuer.ts';

export interface VendorToMake {
  readonly settings: VendorIssuerSettings;
  readonly maker: UpstreamMaker;
  readonly fetch: (request: Request) => Promise<Response>;
}

/** Issuers of the same account share what is kept of its exchanges. */
export function createVendorIssuers(
  issuers: readonly VendorToMake[],
  services: VendorServices,
): readonly VendorIssuer[] {
  const kept = new Map<string, Evidence>();
  return issuers.map((one) => {
    const { account } = one.settings.terms;
    const evidence = kept.get(account) ?? createEvidence({ ...services, account, write: services.database.write });
    kept.set(account, evidence);
    return recordedIssuer(vendorIssuer(one, services, evidence), evidence);
  });
}

function vendorIssuer(
  { settings, maker, fetch: send }: VendorToMake,
  { database, preparations, publicSuffixes, clock, log }: VendorServices,
  evidence: Evidence,
): VendorIssuer {
  const { id, terms, mode, dialect, baseUrl, formerUrls = [] } = settings;
  const { credentials, currency, mapping, balanceWarning = null } = settings;
  const secret = maker.credentials.flatMap(({ name, isSecret }) => (isSecret ? [name] : []));
  const secrets = Object.fromEntries(secret.map((name) => [name, credentials[name] ?? '']));
  const exchanges = createExchangeLog({ fetch: send, clock, evidence, redact: createRedaction({ secrets }) });
  const { fetch } = exchanges;
  const made = maker.create({ baseUrl, fetch, credentials, clock, publicSuffixes, ...withDefined({ currency }) });
  const rows = {
    read: database.read,
    write: <T>(work: Parameters<typeof database.write<T>>[0]) => database.write(work),
  };
  const upstream = exchanges.watch(made);
  return createVendorIssuer({
    id,
    terms,
    mode,
    dialect,
    baseUrl,
    formerUrls,
    mapping,
    balanceWarning,
    upstream,
    rows,
    preparations,
    clock,
    log,
  });
}
