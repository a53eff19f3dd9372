/** Prometheus metrics: `/metrics`. */

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { isInRanges } from '../domain/address-range.ts';
import { endsSoon } from '../domain/authority.ts';
import type { ClockGuard } from '../domain/ports/clock-guard.ts';
import type { DialectServer } from '../domain/ports/dialect.ts';
import type { Database, WriteCounts } from '../domain/ports/stores/index.ts';
import type { Clock } from '../domain/ports/system.ts';
import type { Profile } from '../domain/profile.ts';

export interface HttpMetrics {
  observe(mount: string, status: number, durationMs: number): void;
}

export interface Metrics extends HttpMetrics {
  readonly server: DialectServer;
}

/** Counters of the engine itself, read when they are asked for. */
function addWriteCounts(registry: Registry, database: Database): void {
  const counters: readonly (readonly [key: keyof WriteCounts, name: string, help: string])[] = [
    ['committed', 'certmux_database_transactions_total', 'Transactions that this process has committed'],
    [
      'retried',
      'certmux_database_retries_total',
      'Runs of transactions that were undone and run again, since another was in the way or the connection was lost',
    ],
    ['givenUp', 'certmux_database_given_up_total', 'Transactions that were given up, and refused as unavailable'],
  ];
  for (const [key, name, help] of counters) {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(database.writeCounts?.[key] ?? 0);
      },
    });
  }
}

/** @param allowedFrom ranges that may read the metrics: they show how busy a business is */
export function createMetrics(
  {
    database,
    clockGuard,
    profiles,
    clock,
  }: {
    readonly database: Database;
    readonly clockGuard: ClockGuard;
    readonly profiles: ReadonlyMap<string, Profile>;
    readonly clock: Clock;
  },
  allowedFrom: readonly string[],
): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'certmux_http_requests_total',
    help: 'Requests answered, by front door and HTTP status',
    labelNames: ['dialect', 'status'],
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'certmux_http_request_duration_seconds',
    help: 'Time from the first byte of a request to its answer, by front door',
    labelNames: ['dialect'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  new Gauge({
    name: 'certmux_jobs',
    help: 'Jobs in the queue by state; failed ones were given up and need a look',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      for (const [state, count] of Object.entries(await database.read.jobs.count())) this.set({ state }, count);
    },
  });

  if (database.writeCounts !== null) addWriteCounts(registry, database);
  new Gauge({
    name: 'certmux_clock_fault',
    help: '1 while the clock is known to be wrong and nothing is signed',
    registers: [registry],
    collect() {
      this.set(clockGuard.fault() === undefined ? 0 : 1);
    },
  });
  const authorityLabels = ['authority', 'role'] as const;
  new Gauge({
    name: 'certmux_authority_end_seconds',
    help: 'When each authority ends, in Unix time',
    labelNames: authorityLabels,
    registers: [registry],
    async collect() {
      for (const { id, role, notAfter } of await database.read.authorities.list()) {
        this.set({ authority: id, role }, notAfter.getTime() / 1000);
      }
    },
  });
  new Gauge({
    name: 'certmux_authority_ends_soon',
    help: '1 for an authority that is to be replaced now, years before its end',
    labelNames: authorityLabels,
    registers: [registry],
    async collect() {
      for (const authority of await database.read.authorities.list()) {
        const { id, role } = authority;
        this.set({ authority: id, role }, endsSoon(authority, profiles.values(), clock.now()) ? 1 : 0);
      }
    },
  });

  return {
    observe(dialect, status, durationMs) {
      requests.inc({ dialect, status });
      duration.observe({ dialect }, durationMs / 1000);
    },
    server: {
      async fetch(_request, peer) {
        if (!isInRanges(peer.address, allowedFrom)) {
          return new Response(`metrics are not for ${peer.address}: see the setting metricsFrom\n`, { status: 403 });
        }
        return new Response(await registry.metrics(), { headers: { 'Content-Type': registry.contentType } });
      },
    },
  };
}
