/** The meter whose counts are metrics of this process. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { DnsMeter } from '../../domain/ports/dns-server.ts';
import type { JobResult, Meter } from '../../domain/ports/meter.ts';
import { type CountingMetric, type HistogramMetric, helpOf, metrics } from './table.ts';

export interface HttpMetrics {
  observe(mount: string, status: number, durationMs: number): void;
}

const jobResults: Readonly<Record<JobResult, string>> = {
  done: 'done',
  againLater: 'again_later',
  failed: 'failed',
  givenUp: 'given_up',
};

export function createMeter(registry: Registry): Meter & HttpMetrics & DnsMeter {
  const requests = counterOf(registry, metrics.requests);
  const requestDuration = histogramOf(registry, metrics.requestDuration);
  const refusals = counterOf(registry, metrics.refusals);
  const validations = counterOf(registry, metrics.validations);
  const issuanceDuration = histogramOf(registry, metrics.issuanceDuration);
  const upstreamCalls = counterOf(registry, metrics.upstreamCalls);
  const mails = counterOf(registry, metrics.mails);
  const deliveries = counterOf(registry, metrics.deliveries);
  const jobRuns = counterOf(registry, metrics.jobRuns);
  const dnsAnswers = counterOf(registry, metrics.dnsAnswers);
  const dnsDropped = counterOf(registry, metrics.dnsDropped);
  const groupSize = histogramOf(registry, metrics.groupSize);
  const groupWait = histogramOf(registry, metrics.groupWait);
  const clockSteps = counterOf(registry, metrics.clockSteps);
  // What has not happened yet is 0: an alert on an increase misses a series that begins with 1.
  for (const result of ['sent', 'delayed', 'refused']) mails.inc({ result }, 0);
  for (const result of ['delivered', 'refused', 'unanswered']) deliveries.inc({ result }, 0);
  for (const direction of ['forward', 'back']) clockSteps.inc({ direction }, 0);
  refusals.inc({ reason: 'insufficientBalance' }, 0);
  for (const transport of ['udp', 'tcp']) {
    for (const result of ['NOERROR', 'NXDOMAIN', 'SERVFAIL']) dnsAnswers.inc({ transport, result }, 0);
    for (const reason of ['unreadable', 'rate', 'busy']) dnsDropped.inc({ transport, reason }, 0);
  }

  return {
    observe(dialect, status, durationMs) {
      requests.inc({ dialect, status });
      requestDuration.observe({ dialect }, durationMs / 1000);
    },
    checked({ result: { method, proved, problem } }) {
      const result = proved ? 'proved' : problem?.key === 'checkAborted' ? 'aborted' : 'failed';
      validations.inc({ method, result, reason: result === 'failed' ? (problem?.key ?? '') : '' });
    },
    mailed(_, outcome) {
      mails.inc({ result: outcome.ok ? 'sent' : outcome.isFinal ? 'refused' : 'delayed' });
    },
    delivered(_, result) {
      deliveries.inc({ result });
    },
    issued(issuer, durationMs) {
      issuanceDuration.observe({ issuer }, durationMs / 1000);
    },
    upstreamCalled(upstream, result) {
      upstreamCalls.inc({ upstream, result });
    },
    refused(reason) {
      refusals.inc({ reason });
    },
    jobEnded(kind, result) {
      jobRuns.inc({ kind, result: jobResults[result] });
    },
    dnsAnswered(transport, result) {
      dnsAnswers.inc({ transport, result });
    },
    dnsDropped(transport, reason) {
      dnsDropped.inc({ transport, reason });
    },
    committed(transactions, waitMs) {
      groupSize.observe(transactions);
      groupWait.observe(waitMs / 1000);
    },
    clockStepped(byMs) {
      clockSteps.inc({ direction: byMs > 0 ? 'forward' : 'back' });
    },
  };
}

export function counterOf(registry: Registry, metric: CountingMetric): Counter {
  return new Counter({ ...shared(registry, metric) });
}

/** @param count called at each look: what somebody else has counted so far */
export function countOf(registry: Registry, metric: CountingMetric, count: () => number): Counter {
  return new Counter({
    ...shared(registry, metric),
    collect() {
      this.reset();
      this.inc(count());
    },
  });
}

/** @param collect called at each look: sets what the gauge shows */
export function gaugeOf(
  registry: Registry,
  metric: CountingMetric,
  collect: (gauge: Gauge) => void | Promise<void>,
): Gauge {
  return new Gauge({
    ...shared(registry, metric),
    async collect() {
      await collect(this);
    },
  });
}

function histogramOf(registry: Registry, metric: HistogramMetric): Histogram {
  return new Histogram({ ...shared(registry, metric), buckets: [...metric.buckets] });
}

function shared(registry: Registry, metric: CountingMetric | HistogramMetric) {
  return { name: metric.name, help: helpOf(metric), labelNames: [...(metric.labels ?? [])], registers: [registry] };
}
