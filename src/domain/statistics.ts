/**
 * What is counted of the audit log, by day: which events count, and as what. Counters of all accounts together stand beside those of each
 * account, so that neither has to be added up.
 */
import type { Certificate } from './certificate.ts';
import type { Event, EventKind } from './event.ts';
import type { AccountId } from './ids.ts';

/**
 * `issuance`: orders placed, certificates issued and revoked. `failures`: what came to nothing, by the reason. `issuers`: certificates of
 * each issuer. `authorities`: certificates issued and revoked of each of our authorities, in all.
 */
export const statisticSeries = ['issuance', 'failures', 'issuers', 'authorities'] as const;
export type StatisticSeries = (typeof statisticSeries)[number];

/** `all`: every account together. */
export type StatisticScope = AccountId | 'all';

export interface StatisticCount {
  readonly series: StatisticSeries;
  readonly scope: StatisticScope;
  /** Counted from 1970, in UTC; 0 of what is counted in all. */
  readonly day: number;
  readonly key: string;
  readonly total: number;
  /** When the last of them happened. */
  readonly lastAt: Date;
}

export type CertificateIssuer = Pick<Certificate, 'issuerId' | 'authorityId'>;

/** What is counted of an event. */
export type CountedEvent = Pick<Event, 'sequence' | 'kind' | 'accountId' | 'at'> & {
  /** Of the kinds whose data are read; null of others. */
  readonly data: Event['data'] | null;
};

const dayMs = 86_400_000;

export function dayOf(at: Date): number {
  return Math.floor(at.getTime() / dayMs);
}

export function startOfDay(day: number): Date {
  return new Date(day * dayMs);
}

/** The day of what is counted in all. */
export const inAll = 0;

const keysOfIssuance: { readonly [K in EventKind]?: string } = {
  'order.placed': 'orders',
  'certificate.issued': 'certificates',
  'certificate.revoked': 'revocations',
};

const failures: ReadonlySet<EventKind> = new Set<EventKind>([
  'issuance.failed',
  'order.reissueFailed',
  'order.renewalFailed',
  'authorization.failed',
]);

const ofCertificates: ReadonlySet<EventKind> = new Set<EventKind>(['certificate.issued', 'certificate.revoked']);

/** Kinds of events whose data say what they count as. */
export const kindsWithData: readonly EventKind[] = [...failures, ...ofCertificates];

/**
 * The counts of some events, added up.
 * @param issuers of the certificates that the events are about
 */
export function countEvents(
  events: readonly CountedEvent[],
  issuers: ReadonlyMap<string, CertificateIssuer>,
): readonly StatisticCount[] {
  const counts = new Map<string, StatisticCount>();
  for (const { kind, accountId, at, data } of events) {
    const day = dayOf(at);
    const add = (count: Omit<StatisticCount, 'total' | 'lastAt'>) => {
      const name = `${count.series} ${count.scope} ${count.day} ${count.key}`;
      counts.set(name, { ...count, total: (counts.get(name)?.total ?? 0) + 1, lastAt: at });
    };
    const scopes: readonly StatisticScope[] = accountId === null ? ['all'] : ['all', accountId];
    const issued = keysOfIssuance[kind];
    for (const scope of scopes) {
      if (issued !== undefined) add({ series: 'issuance', scope, day, key: issued });
      if (failures.has(kind)) add({ series: 'failures', scope, day, key: reasonKeyIn(data) });
    }
    const issuer = ofCertificates.has(kind) ? issuers.get(certificateIn(data)) : undefined;
    if (issuer === undefined) continue;
    const { issuerId: key, authorityId } = issuer;
    if (authorityId !== null)
      add({ series: 'authorities', scope: 'all', day: inAll, key: authorityKey(authorityId, kind) });
    if (kind !== 'certificate.issued') continue;
    add({ series: 'issuers', scope: 'all', day, key });
    add({ series: 'issuers', scope: 'all', day: inAll, key });
  }
  return [...counts.values()];
}

/** The key of what was counted of one of our authorities. */
export function authorityKey(authorityId: string, kind: EventKind): string {
  return `${authorityId} ${kind}`;
}

/** The id of the certificate that the event is about; empty where it names none. */
export function certificateIn(data: Event['data'] | null): string {
  const { certificate } = data ?? {};
  return typeof certificate === 'string' ? certificate : '';
}

/** Why it failed, as the catalogue of messages calls it. Events of other versions may say less. */
function reasonKeyIn(data: Event['data'] | null): string {
  const { reason, problem } = data ?? {};
  const found: unknown = reason ?? problem;
  if (typeof found !== 'object' || found === null || !('key' in found)) return 'unknown';
  return typeof found.key === 'string' && found.key !== '' ? found.key : 'unknown';
}
