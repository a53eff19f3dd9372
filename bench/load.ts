/** The load: connections that each place an order, fetch it until it is issued, and begin again. */
import { type HttpConnection, openConnection } from './http-connection.ts';
import { percentile } from './percentile.ts';

export interface LoadOptions {
  readonly url: string;
  readonly connections: number;
  /** Credentials as the request body carries them. */
  readonly credentials: { readonly client_id: string; readonly access_token: string };
  /** The comma-separated names, all authorized already. */
  readonly domains: string;
  /** The next request that was never sent before; undefined ends the load. */
  readonly nextCsr: () => string | undefined;
  readonly durationMs: number;
  /** Orders are begun at this rate, however long earlier ones take; undefined: as fast as replies come. */
  readonly ordersPerSecond?: number;
}

export interface LoadResult {
  readonly orders: number;
  readonly seconds: number;
  readonly ordersPerSecond: number;
  /** From sending `/cert/create` to the reply of `/cert/details` that holds the certificate, ms. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** CPU time of the load generator itself for each order, µs: its share of the machine. */
  readonly clientCpuUs: number;
  /** Replies that were not yet `issued_active`, and so cost one more round trip. */
  readonly extraPolls: number;
}

export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const connections = await Promise.all(Array.from({ length: options.connections }, () => openConnection(options.url)));
  const latencies: number[] = [];
  let extraPolls = 0;
  const startMs = performance.now();
  const startCpu = process.cpuUsage();
  const endMs = startMs + options.durationMs;
  let begun = 0;

  /** When the next order is due; at full speed, now. */
  function nextDueMs(): number {
    const { ordersPerSecond } = options;
    return ordersPerSecond === undefined ? performance.now() : startMs + (begun * 1000) / ordersPerSecond;
  }

  async function work(connection: HttpConnection): Promise<void> {
    for (;;) {
      const dueMs = nextDueMs();
      const csr = dueMs < endMs ? options.nextCsr() : undefined;
      if (csr === undefined) return;
      begun++;
      const waitMs = dueMs - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      if (performance.now() >= endMs) return;
      // From when it was due, not from when a connection was free: a stall must show in the latencies it causes.
      extraPolls += await order(connection, options, csr);
      latencies.push(performance.now() - Math.min(dueMs, performance.now()));
    }
  }
  await Promise.all(connections.map(work));
  const seconds = (performance.now() - startMs) / 1000;
  for (const connection of connections) connection.close();
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
  };
}

/** One order from its request to its certificate. @returns how often it had to be asked for again */
async function order(connection: HttpConnection, { credentials, domains }: LoadOptions, csr: string): Promise<number> {
  const placed = await connection.post(
    '/cert/create',
    JSON.stringify({ ...credentials, pid: 100, csr_code: csr, domains }),
  );
  const details = JSON.stringify({ ...credentials, trustocean_id: field(placed, 'trustocean_id') });
  for (let polls = 0; ; polls++) {
    const reply = await connection.post('/cert/details', details);
    if (field(reply, 'cert_status') === 'issued_active') return polls;
    if (field(reply, 'cert_status') !== 'enroll_caprocessing') throw new Error(`unexpected: ${JSON.stringify(reply)}`);
  }
}

function field(reply: unknown, name: string): unknown {
  const value = typeof reply === 'object' && reply !== null ? Reflect.get(reply, name) : undefined;
  if (value === undefined) throw new Error(`the reply has no ${name}: ${JSON.stringify(reply).slice(0, 300)}`);
  return value;
}
