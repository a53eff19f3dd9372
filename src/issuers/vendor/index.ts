/** Issuers that buy from vendors, put together from their settings. */
import type { Preparations } from '../../domain/ports/preparations.ts';
import type { Database } from '../../domain/ports/stores/index.ts';
import type { Clock, Log, PublicSuffixes } from '../../domain/ports/system.ts';
import type { UpstreamMaker, VendorMode } from '../../domain/ports/upstream.ts';
import type { UpstreamTerms } from '../../domain/upstream-account.ts';
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
  readonly mapping: VendorMapping;
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
  return issuers.map(({ settings: { credentials, ...settings }, maker, fetch }) => {
    const { baseUrl } = settings;
    const upstream = maker.create({ baseUrl, fetch, credentials, clock, publicSuffixes });
    return createVendorIssuer({ ...settings, upstream, rows, preparations, clock, log });
  });
}
