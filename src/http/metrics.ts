/** Prometheus metrics: `/metrics`. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { isInRanges } from '../domain/address-range.ts';
import type { DialectServer } from '../domain/dialect.ts';
import type { Database } from '../domain/stores.ts';

export interface HttpMetrics {
  observe(mount: string, status: number, durationMs: number): void;
}

export interface Metrics extends HttpMetrics {
  readonly server: DialectServer;
}

/** @param allowedFrom ranges that may read the metrics: they tell how busy a business is */
export function createMetrics(database: Database, allowedFrom: readonly string[]): Metrics {
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
