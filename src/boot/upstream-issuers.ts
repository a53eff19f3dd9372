/** The issuers of the section `issuers`, with what they are made of. Nothing is called: an upstream that is away does not keep a server from starting. */
import { type AppContext, createPreparations } from '../app/index.ts';
import type { ConfigFile } from '../config/schema.ts';
import { vendorOf } from '../dialects/registry.ts';
import type { Issuer, IssuerPool, UpstreamIssuer } from '../domain/ports/issuer.ts';
import { createAcmeIssuers } from '../issuers/acme/index.ts';
import { acmeCa } from '../issuers/registry.ts';
import { createVendorIssuers } from '../issuers/vendor/index.ts';
import { createFetchUpstream, type UpstreamFetcher } from '../system/index.ts';
import { issuerSettings, type PoolSettings } from './issuer-settings.ts';

export interface UpstreamIssuers {
  /** Pools last. */
  readonly issuers: readonly Issuer[];
  /** Closes the connections that are kept. */
  close(): void;
}

/** Certificates and their chains, and lists of some thousand orders. */
const vendorReplyLimitBytes = 4 << 20;
/** Some sign while the caller waits. */
const vendorTimeoutMs = 60_000;

/** @throws {CertError} for a secret that others can read; {Error} for a file that is missing or not what it should be */
export async function openUpstreamIssuers(
  config: Pick<ConfigFile, 'issuers'>,
  context: AppContext,
): Promise<UpstreamIssuers> {
  const settings = await issuerSettings(config);
  const fetchers: UpstreamFetcher[] = [];
  const services = { ...context, preparations: createPreparations(context) };

  function fetcherFor(options: Parameters<typeof createFetchUpstream>[0]): UpstreamFetcher {
    const fetcher = createFetchUpstream(options);
    fetchers.push(fetcher);
    return fetcher;
  }

  const acme = settings.flatMap((one) => {
    if (one.kind !== 'acme') return [];
    const { caPem, proxyUrl } = one;
    const { directory } = one.account;
    return [{ settings: { ...one, ca: acmeCa(one.ca), directory }, fetch: fetcherFor({ caPem, proxyUrl }).fetch }];
  });
  const bought = settings.flatMap((one) => {
    if (one.kind !== 'vendor') return [];
    const { caPem, proxyUrl, dialect } = one;
    const limits = { timeoutMs: vendorTimeoutMs, replyLimitBytes: vendorReplyLimitBytes };
    const fetcher = fetcherFor({ caPem, proxyUrl, ...limits });
    return [{ settings: one, maker: vendorOf(dialect), fetch: (request: Request) => fetcher.fetch(request) }];
  });
  const made = [...createAcmeIssuers(acme, services), ...createVendorIssuers(bought, services)];
  const pools = settings.flatMap((one) => (one.kind === 'pool' ? [poolOf(one, made)] : []));
  return {
    issuers: [...made, ...pools],
    close() {
      for (const fetcher of fetchers) fetcher.close();
    },
  };
}

function poolOf({ id, members: ids }: PoolSettings, made: readonly UpstreamIssuer[]): IssuerPool {
  const members = ids.map((member) => {
    const found = made.find((one) => one.id === member);
    if (found === undefined) throw new Error(`the members of the pool ${id} were not checked`);
    return found;
  });
  const [first, ...others] = members;
  if (first === undefined) throw new Error(`the members of the pool ${id} were not checked`);
  return { id, members: [first, ...others] };
}
