/** The load: connections that each place an order, fetch it until it is issued, and begin again. */
import type { Customer } from './customers/customer.ts';
import { type HttpConnection, openConnection } from './http-connection.ts';
import { percentile } from './percentile.ts';

export interface LoadOptions {
  /** Connections are distributed among them. */
  readonly urls: readonly string[];
  /** Of a server over TLS. */
  readonly roots?: string;
  readonly connections: number;
  readonly customer: Customer;
  /** The number of the next order that was never placed before; undefined ends the load. */
  readonly nextOrder: () => number | undefined;
  readonly durationMs: number;
  /** Orders that are not over so long after the last was begun are given up; by default they are waited for. */
  readonly patienceMs?: number;
  /** Orders are begun at this rate, however long earlier ones take; undefined: as fast as replies come. */
  readonly ordersPerSecond?: number;
}

export interface LoadResult {
  readonly orders: number;
  readonly seconds: number;
  readonly ordersPerSecond: number;
  /** From sending the first call of an order to the reply that holds the certificate, ms. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** CPU time of the load generator itself for each order, µs: its share of the machine. */
  readonly clientCpuUs: number;
  /** Replies that had no certificate yet, and so cost one more round trip. */
  readonly extraPolls: number;
  /** Orders that were given up. */
  readonly unanswered: number;
}

/** The longest that a timer can wait. */
const longestTimerMs = 2 ** 31 - 1;

export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const connections = await Promise.all(
    Array.from({ length: options.connections }, (_, index) => {
      const { urls, roots } = options;
      return openConnection(urls[index % urls.length] ?? '', roots);
    }),
  );
  const latencies: number[] = [];
  let extraPolls = 0;
  const startMs = performance.now();
  const startCpu = process.cpuUsage();
  const endMs = startMs + options.durationMs;
  let begun = 0;
  let isGivenUp = false;
  let unanswered = 0;
  let endedMs = startMs;

  /** When the next order is due; at full speed, now. */
  function nextDueMs(): number {
    const { ordersPerSecond } = options;
    return ordersPerSecond === undefined ? performance.now() : startMs + (begun * 1000) / ordersPerSecond;
  }

  async function work(connection: HttpConnection): Promise<void> {
    for (;;) {
      const dueMs = nextDueMs();
      const index = dueMs < endMs ? options.nextOrder() : undefined;
      if (index === undefined) return;
      begun++;
      const waitMs = dueMs - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      if (performance.now() >= endMs) return;
      // From when it was due, not from when a connection was free: a stall must show in the latencies it causes.
      const placed = await options.customer.place(connection, index).catch((thrown) => {
        if (!isGivenUp) throw thrown;
      });
      if (placed === undefined) {
        unanswered++;
        return;
      }
      extraPolls += placed.calls - options.customer.calls;
      endedMs = performance.now();
      latencies.push(performance.now() - Math.min(dueMs, performance.now()));
    }
  }
  const close = () => {
    for (const connection of connections) connection.close();
  };
  const timer = setTimeout(
    () => {
      isGivenUp = true;
      close();
    },
    // Without a limit, one that no load reaches.
    options.patienceMs === undefined ? longestTimerMs : options.durationMs + options.patienceMs,
  );
  try {
    await Promise.all(connections.map(work));
  } finally {
    clearTimeout(timer);
    close();
  }
  // What was waited for in vain is no time in which anything was done.
  const seconds = (endedMs - startMs) / 1000;
  const cpu = process.cpuUsage(startCpu);
  return {
    orders: latencies.length,
    seconds,
    ordersPerSecond: latencies.length / seconds,
    p50Ms: percentile(latencies, 50),
    p99Ms: percentile(latencies, 99),
    maxMs: Math.max(...latencies),
    clientCpuUs: (cpu.user + cpu.system) / latencies.length,
    extraPolls,
    unanswered,
  };
}
