/** Issuers that buy from vendors, put together from their settings. */
import type { Money } from '../../domain/money.ts';
import type { Preparations } from '../../domain/ports/preparations.ts';
import type { Database } from '../../domain/ports/stores/index.ts';
import type { Clock, Log, PublicSuffixes } from '../../domain/ports/system.ts';
import type { UpstreamMaker, VendorMode } from '../../domain/ports/upstream.ts';
import type { UpstreamTerms } from '../../domain/upstream-account.ts';
import { withDefined } from '../../domain/with-defined.ts';
import type { VendorMapping } from './context.ts';
import { createVendorIssuer, type VendorIssuer } from './issuer.ts';

/** One issuer of the configuration, with what its files contain. */
export interface VendorIssuerSettings {
  readonly id: string;
  readonly terms: UpstreamTerms;
  readonly mode: VendorMode;
  /** Without a trailing slash. */
  readonly baseUrl: string;
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
  readonly log: Log;
}

export type { VendorIssuer } from './issuer.ts';

export function createVendorIssuers(
  issuers: readonly {
    readonly settings: VendorIssuerSettings;
    readonly maker: UpstreamMaker;
    readonly fetch: (request: Request) => Promise<Response>;
  }[],
  { database, preparations, publicSuffixes, clock, log }: VendorServices,
): readonly VendorIssuer[] {
  const rows = {
    read: database.read,
    write: <T>(work: Parameters<typeof database.write<T>>[0]) => database.write(work),
  };
  return issuers.map(({ settings: { credentials, currency, balanceWarning = null, ...settings }, maker, fetch }) => {
    const { baseUrl } = settings;
    const options = { baseUrl, fetch, credentials, clock, publicSuffixes, ...withDefined({ currency }) };
    const upstream = maker.create(options);
    return createVendorIssuer({ ...settings, balanceWarning, upstream, rows, preparations, clock, log });
  });
}
