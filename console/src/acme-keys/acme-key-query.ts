/** One key of ACME clients, and how they may prove names. */
import { queryOptions } from '@tanstack/react-query';
import { call, type Reply } from '../api/call.ts';

export type AcmeKey = Reply<'acmeKeys', 'show'>;

/** As ACME has them (http-01, dns-01, tls-alpn-01, dns-persist-01). */
export const methodsOfClients = ['httpFile', 'dnsTxt', 'tlsAlpn', 'dnsPersist'] as const;

export const acmeKeyQuery = (reference: string) =>
  queryOptions({
    queryKey: ['acmeKeys', 'one', reference],
    queryFn: ({ signal }) => call('acmeKeys', 'show', { key: reference }, { signal }),
  });
