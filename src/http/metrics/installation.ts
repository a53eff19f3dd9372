/**
 * Metrics of the whole installation, read from its database: counters, ends of indexes and bounded counts, never a large table. A look
 * stands for some seconds, so that it costs the same however many scrape.
 */
import type { Gauge, Registry } from 'prom-client';
import { endsSoon, publishesLists } from '../../domain/authority.ts';
import { lastBackupKey, lastBackupOf } from '../../domain/backup.ts';
import { sharedLanes } from '../../domain/job.ts';
import { toMajor } from '../../domain/money.ts';
import type { Database, WriteCounts } from '../../domain/ports/stores/index.ts';
import type { Totals } from '../../domain/ports/stores/totals.ts';
import type { Clock } from '../../domain/ports/system.ts';
import type { UpstreamSummary } from '../../domain/ports/upstreams.ts';
import type { Profile } from '../../domain/profile.ts';
import { type OrderState, orderTransitions } from '../../domain/states.ts';
import { countOf, gaugeOf } from './meter.ts';
import { type CountingMetric, metrics } from './table.ts';

export interface InstallationSources {
  readonly database: Database;
  readonly clock: Clock;
  readonly profiles: ReadonlyMap<string, Profile>;
  /** How our accounts at upstreams stand. */
  upstreams(): Promise<readonly UpstreamSummary[]>;
}

const dayMs = 86_400_000;
const queueStandsMs = 5_000;
const totalsStandMs = 60_000;
const upstreamsStandMs = 60_000;

/** A row, and the last day that belongs to it; days before today are `ended`. */
const endBuckets = [
  ['0-1', 1],
  ['2-7', 7],
  ['8-14', 14],
  ['15-30', 30],
  ['31-60', 60],
  ['61-90', 90],
  ['91+', Number.POSITIVE_INFINITY],
] as const;

export function addInstallationMetrics(registry: Registry, sources: InstallationSources): void {
  const { database, clock, profiles } = sources;
  const { read } = database;
  const add = (metric: CountingMetric, collect: (gauge: Gauge) => void | Promise<void>) =>
    gaugeOf(registry, metric, collect);

  const totals = standing(clock, totalsStandMs, () => read.totals.get());
  // Before the projection is there, there is nothing to show; what was shown before stays.
  add(metrics.orders, async (gauge) => {
    const found = await totals();
    if (found === undefined) return;
    for (const state of Object.keys(orderTransitions) as OrderState[])
      gauge.set({ state }, found.orders.get(state) ?? 0);
  });
  add(metrics.certificates, async (gauge) => {
    const found = await totals();
    if (found === undefined) return;
    for (const [days, certificates] of endsInDays(found, clock.now())) gauge.set({ ends_in_days: days }, certificates);
  });

  add(metrics.jobs, async (gauge) => {
    for (const [state, count] of Object.entries(await jobs())) gauge.set({ state }, count);
  });
  const jobs = standing(clock, queueStandsMs, () => read.jobs.count());
  const due = standing(clock, queueStandsMs, () => read.jobs.due(clock.now()));
  const lanes = ['local', ...Object.keys(sharedLanes)];
  add(metrics.jobsDue, async (gauge) => {
    gauge.reset();
    for (const lane of lanes) gauge.set({ lane }, 0);
    for (const one of await due()) gauge.set({ lane: one.lane }, one.jobs);
  });
  add(metrics.jobsOldestDue, async (gauge) => {
    gauge.reset();
    for (const lane of lanes) gauge.set({ lane }, 0);
    for (const { lane, since } of await due()) gauge.set({ lane }, secondsSince(since, clock.now()));
  });
  const retried = standing(clock, queueStandsMs, () => read.jobs.countRetried());
  add(metrics.jobsRetried, async (gauge) => {
    gauge.reset();
    for (const [kind, count] of await retried()) gauge.set({ kind }, count);
  });

  const authorities = standing(clock, queueStandsMs, async () =>
    Promise.all(
      (await read.authorities.list()).map(async (authority) => ({
        authority,
        // Of a last list nobody expects another.
        updates: publishesLists(authority) ? await read.crls.updatesOf(authority.id) : undefined,
      })),
    ),
  );
  add(metrics.crlAge, async (gauge) => {
    for (const { authority, updates } of await authorities())
      if (updates !== undefined) gauge.set({ authority: authority.id }, secondsSince(updates.thisUpdate, clock.now()));
  });
  add(metrics.crlEnd, async (gauge) => {
    for (const { authority, updates } of await authorities())
      if (updates !== undefined) gauge.set({ authority: authority.id }, updates.nextUpdate.getTime() / 1000);
  });
  add(metrics.authorityEnd, async (gauge) => {
    for (const { authority } of await authorities())
      gauge.set({ authority: authority.id, role: authority.role }, authority.notAfter.getTime() / 1000);
  });
  add(metrics.authorityEndsSoon, async (gauge) => {
    for (const { authority } of await authorities()) {
      const isSoon = authority.retiredAt === null && endsSoon(authority, profiles.values(), clock.now());
      gauge.set({ authority: authority.id, role: authority.role }, isSoon ? 1 : 0);
    }
  });

  const upstreams = standing(clock, upstreamsStandMs, () => sources.upstreams());
  add(metrics.upstreamBreaker, async (gauge) => {
    for (const { account } of await upstreams())
      gauge.set({ upstream: account.account }, account.openUntil === null ? 0 : 1);
  });
  add(metrics.upstreamBudget, async (gauge) => {
    gauge.reset();
    for (const { account, budgets } of await upstreams()) {
      for (const { budget, left } of budgets)
        gauge.set({ upstream: account.account, budget: budget.name }, left / budget.limit);
    }
  });
  add(metrics.upstreamBalance, async (gauge) => {
    gauge.reset();
    for (const { account, balance } of await upstreams()) {
      if (balance === null) continue;
      const { minor, currency } = balance.amount;
      gauge.set({ upstream: account.account, currency }, toMajor(minor, currency));
    }
  });
  add(metrics.upstreamOrders, async (gauge) => {
    gauge.reset();
    for (const { account, orders } of await upstreams()) {
      for (const { state, count } of orders) gauge.set({ upstream: account.account, state }, count);
    }
  });

  add(metrics.backupAge, async (gauge) => {
    const at = lastBackupOf(await read.settings.get(lastBackupKey));
    if (at !== undefined) gauge.set(secondsSince(at, clock.now()));
  });
}

/** Counters of the engine itself, read when they are asked for. */
export function addWriteCounts(registry: Registry, counts: () => WriteCounts): void {
  countOf(registry, metrics.transactions, () => counts().committed);
  countOf(registry, metrics.retries, () => counts().retried);
  countOf(registry, metrics.givenUp, () => counts().givenUp);
}

/** The same answer for so long, also to those who ask while it is looked for. A failure stands for nobody. */
function standing<T>(clock: Clock, forMs: number, look: () => Promise<T>): () => Promise<T> {
  let last: { readonly atMs: number; readonly found: Promise<T> } | undefined;
  return () => {
    const atMs = clock.monotonicMs();
    if (last === undefined || atMs - last.atMs >= forMs) {
      const found = look();
      const mine = { atMs, found };
      last = mine;
      found.catch(() => {
        if (last === mine) last = undefined;
      });
    }
    return last.found;
  };
}

function endsInDays({ certificateEnds }: Totals, now: Date): ReadonlyMap<string, number> {
  const today = Math.floor(now.getTime() / dayMs);
  const counts = new Map<string, number>([['ended', 0], ...endBuckets.map(([label]): [string, number] => [label, 0])]);
  for (const [day, certificates] of certificateEnds) {
    const ahead = day - today;
    const label = ahead < 0 ? 'ended' : (endBuckets.find(([, last]) => ahead <= last)?.[0] ?? 'ended');
    counts.set(label, (counts.get(label) ?? 0) + certificates);
  }
  return counts;
}

function secondsSince(at: Date, now: Date): number {
  return Math.max(0, (now.getTime() - at.getTime()) / 1000);
}
