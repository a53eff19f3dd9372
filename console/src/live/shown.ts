/** Which questions of a page a change may have another answer to, by the first part of their keys. */
import type { Query, QueryClient } from '@tanstack/react-query';
import type { Change } from './change.ts';

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: {
      /** How old an answer may become while the stream is not heard; default: 30 s. */
      readonly againMs?: number;
      /** True: also while it is heard, since what it shows changes without an event. */
      readonly isAlwaysAsked?: boolean;
    };
  }
}

/** Of questions about whatever is called like their topic there is no line. */
const topicsOfKey: Readonly<Record<string, readonly string[]>> = {
  order: ['orders', 'approvals', 'authorizations', 'certificates', 'organizations'],
  home: ['accounts', 'approvals', 'authorizations', 'certificates', 'deliveries', 'jobs', 'orders', 'organizations'],
  statistics: ['certificates', 'orders'],
  orders: ['orders', 'approvals', 'authorizations', 'certificates'],
  certificates: ['certificates', 'orders'],
  approvals: ['approvals', 'orders'],
  domains: ['domains', 'authorizations'],
  organizations: ['organizations', 'orders'],
  prices: ['accounts', 'products'],
  issuers: ['authorities', 'upstreams'],
  webhooks: ['webhooks', 'deliveries'],
  me: ['accounts', 'users', 'roleGrants'],
};

/** What is asked for once, by somebody who types. */
const neverLive: readonly string[] = ['dryRun', 'search', 'shared'];

/** What is counted over everything is asked for less often, however much happens. */
const restMsOfKey: Readonly<Record<string, number>> = { home: 5000, statistics: 30_000, events: 5000 };

/** How old the answer to a question is at least before a change has it asked again. */
export function restMs({ queryKey: [key] }: Query): number {
  return restMsOfKey[String(key)] ?? 1000;
}

export function concerns(queries: QueryClient, query: Query, { topic, id }: Change): boolean {
  const [key, part] = query.queryKey;
  if (typeof key !== 'string' || neverLive.includes(key)) return false;
  if (key === 'events') return true;
  if (!(topicsOfKey[key] ?? [key]).includes(topic)) return false;
  if (id === null) return true;
  // One object, or what belongs to one: only if it says anything of what has changed. Who proved a name is not in an order.
  if (key === 'order') return topic === 'authorizations' || mentions(queries.getQueryData(['order', part]), id);
  if (part === 'one') return topic === 'authorizations' || mentions(query.state.data, id);
  return true;
}

function mentions(data: unknown, id: string): boolean {
  return data === undefined || (JSON.stringify(data) ?? '').includes(id);
}
