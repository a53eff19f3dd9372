/** Prometheus metrics: `/metrics`. What they are is in `table.ts`. */
import { collectDefaultMetrics, Registry } from 'prom-client';
import { isInRanges } from '../../domain/address-range.ts';
import { alarmKeys } from '../../domain/alarm.ts';
import type { Alarms } from '../../domain/ports/alarms.ts';
import { type ClockGuard, clockBehindMs } from '../../domain/ports/clock-guard.ts';
import type { DialectServer } from '../../domain/ports/dialect.ts';
import type { DnsMeter } from '../../domain/ports/dns-server.ts';
import type { Meter } from '../../domain/ports/meter.ts';
import { addInstallationMetrics, addWriteCounts, type InstallationSources } from './installation.ts';
import { countOf, createMeter, gaugeOf, type HttpMetrics } from './meter.ts';
import { metrics } from './table.ts';

export type { HttpMetrics } from './meter.ts';

export interface MetricSources extends InstallationSources {
  readonly clockGuard: ClockGuard;
  readonly alarms: Alarms;
  /** What is left of the disk of the data directory. */
  freeBytes(): Promise<number>;
  readonly version: string;
  readonly role: string;
}

export interface Metrics {
  /** Counts from the start on, before there is anything to serve. */
  readonly meter: Meter & HttpMetrics & DnsMeter;
  /** @param allowedFrom ranges that may read the metrics: they show how busy a business is */
  serve(sources: MetricSources, allowedFrom: readonly string[]): DialectServer;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    meter: createMeter(registry),
    serve(sources, allowedFrom) {
      addProcessMetrics(registry, sources);
      addInstallationMetrics(registry, sources);
      return {
        async fetch(_request, peer) {
          if (!isInRanges(peer.address, allowedFrom)) {
            return new Response(`metrics are not for ${peer.address}: see the setting metricsFrom\n`, { status: 403 });
          }
          return new Response(await registry.metrics(), { headers: { 'Content-Type': registry.contentType } });
        },
      };
    },
  };
}

function addProcessMetrics(registry: Registry, sources: MetricSources): void {
  const { database, clock, clockGuard, alarms, version, role } = sources;
  gaugeOf(registry, metrics.info, (gauge) => gauge.set({ version, role }, 1));
  if (database.writeCounts !== null)
    addWriteCounts(registry, () => database.writeCounts ?? { committed: 0, retried: 0, givenUp: 0 });
  gaugeOf(registry, metrics.clockFault, (gauge) => gauge.set(clockGuard.fault() === undefined ? 0 : 1));
  gaugeOf(registry, metrics.clockBehind, (gauge) => gauge.set(clockBehindMs(clockGuard, clock.now()) / 1000));
  gaugeOf(registry, metrics.diskFree, async (gauge) => gauge.set(await sources.freeBytes()));
  gaugeOf(registry, metrics.diskFull, (gauge) => gauge.set(database.isFull ? 1 : 0));
  gaugeOf(registry, metrics.alarm, (gauge) => {
    const raised = new Set(alarms.raised().map(({ key }) => key));
    for (const alarm of alarmKeys) gauge.set({ alarm }, raised.has(alarm) ? 1 : 0);
  });
  countOf(registry, metrics.watchdog, () => alarms.looks());
}
