/** How the order went from one server to the other, by the audit logs of both. */
import type { NativeClient } from '../dialects/native/client.ts';
import type { WireEvent } from '../dialects/native/schema.ts';
import type { Upstream } from './upstream.ts';

export interface UpstreamStory {
  /** Who issued it, line by line. */
  readonly facts: readonly (readonly [label: string, text: string])[];
  /** In the order of time. */
  readonly logged: readonly Logged[];
}

export interface Logged {
  readonly server: 'certmux' | 'upstream';
  readonly kind: string;
  readonly detail: string;
}

/** @param operator of the server that ordered there */
export async function tellStory(upstream: Upstream, operator: NativeClient): Promise<UpstreamStory> {
  const logs = await Promise.all([eventsOf(operator, 'certmux'), eventsOf(upstream.service.operator, 'upstream')]);
  const logged = logs.flat().toSorted((one, other) => one.at.localeCompare(other.at));
  return { facts: await upstream.facts(operator), logged };
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
  // The answer repeats the type of what was asked for. What an upstream checked has none of these.
  'authorization.proved': ({ name, checkedBy, asked, answer }) =>
    checkedBy === undefined ? `${String(asked).split(' ')[0]} ${answer}` : `${name}, checked by ${checkedBy}`,
  'certificate.issued': ({ serial }) => `serial ${serial}`,
};
