/** The issuers of the section `issuers`, with what they are made of. Nothing is called: a CA that is away does not keep a server from starting. */
import { type AppContext, createPreparations } from '../app/index.ts';
import type { ConfigFile } from '../config/schema.ts';
import type { Issuer, IssuerPool, UpstreamIssuer } from '../domain/ports/issuer.ts';
import { createAcmeIssuers } from '../issuers/acme/index.ts';
import { acmeCa } from '../issuers/registry.ts';
import { createFetchUpstream, type UpstreamFetcher } from '../system/index.ts';
import { type AcmeIssuerSettings, issuerSettings, type PoolSettings } from './issuer-settings.ts';

export interface UpstreamIssuers {
  /** Pools last. */
  readonly issuers: readonly Issuer[];
  /** Closes the connections that are kept. */
  close(): void;
}

/** @throws {CertError} for a secret that others can read; {Error} for a file that is missing or not what it should be */
export async function openUpstreamIssuers(
  config: Pick<ConfigFile, 'issuers'>,
  context: AppContext,
): Promise<UpstreamIssuers> {
  const settings = await issuerSettings(config);
  const single = settings.filter((one): one is AcmeIssuerSettings => one.kind === 'acme');
  const fetchers: UpstreamFetcher[] = [];
  const made = createAcmeIssuers(
    single.map((one) => {
      const { caPem, proxyUrl } = one;
      const fetcher = createFetchUpstream({ caPem, proxyUrl });
      fetchers.push(fetcher);
      const { directory } = one.account;
      return { settings: { ...one, ca: acmeCa(one.ca), directory }, fetch: fetcher.fetch };
    }),
    { ...context, preparations: createPreparations(context) },
  );
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
