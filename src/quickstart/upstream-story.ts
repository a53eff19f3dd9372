/** How the order went from one server to the other, by the audit logs of both. */
import type { NativeClient } from '../dialects/native/client.ts';
import type { WireEvent } from '../dialects/native/schema.ts';
import { type AcmeUpstream, issuerId, zoneName } from './acme-upstream.ts';

export interface UpstreamStory {
  /** As the configuration names it. */
  readonly issuer: string;
  readonly directoryUrl: string;
  readonly zone: string;
  /** TXT records that the CA found in the zone. */
  readonly found: number;
  /** In the order of time. */
  readonly logged: readonly Logged[];
}

export interface Logged {
  readonly server: 'certmux' | 'upstream';
  readonly kind: string;
  readonly detail: string;
}

/** @param operator of the server that ordered there */
export async function tellStory(
  { service, directoryUrl, looked }: AcmeUpstream,
  operator: NativeClient,
): Promise<UpstreamStory> {
  const logs = await Promise.all([eventsOf(operator, 'certmux'), eventsOf(service.operator, 'upstream')]);
  const logged = logs.flat().toSorted((one, other) => one.at.localeCompare(other.at));
  const found = new Set(looked.filter(({ texts }) => texts.length > 0).map(({ name }) => name)).size;
  return { issuer: issuerId, directoryUrl, zone: zoneName, found, logged };
}

/** Of what a server did for the order; both servers are new, and have no other. */
async function eventsOf(
  operator: NativeClient,
  server: Logged['server'],
): Promise<readonly (Logged & { readonly at: string })[]> {
  const { items } = await operator.events.list({ limit: 100 });
  return items.toReversed().flatMap(({ at, kind, data }) => {
    const detail = details[kind]?.(data);
    return detail === undefined ? [] : [{ at, server, kind, detail }];
  });
}

type Data = WireEvent['data'];

const details: Readonly<Record<string, (data: Data) => string>> = {
  'order.placed': ({ names }) => (Array.isArray(names) ? `${names.length} names` : ''),
  // The answer repeats the type of what was asked for.
  'authorization.proved': ({ asked, answer }) => `${String(asked).split(' ')[0]} ${answer}`,
  'certificate.issued': ({ serial }) => `serial ${serial}`,
};
