/** An honest tenant: places its record and asks for a check, or asks for a mail; measures how long each takes. */
import type { NativeClient } from '../../src/dialects/native/client.ts';
import { CertError } from '../../src/domain/errors.ts';
import type { LoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import type { MailServer } from '../../test/support/mail-server.ts';

export interface HonestTenant {
  /** From "check now", with the record in place, to the certificate, ms; longer than the patience where none came. */
  proof(): Promise<number>;
  /** From the choice of an address to the arrival of the mail, ms. */
  mail(): Promise<number>;
  /** How long each request about a proof took since they were last taken, ms: what is left of a proof waited for jobs. */
  takeRequests(): Readonly<Record<'place' | 'check' | 'show', readonly number[]>>;
}

export interface HonestOptions {
  readonly client: NativeClient;
  readonly csrPem: string;
  readonly dns: LoopbackDns;
  readonly mailServer: MailServer;
  readonly patienceMs: number;
}

function requireState(thrown: unknown): void {
  if (!(thrown instanceof CertError && thrown.code === 'wrongState')) throw thrown;
}

const everyMs = 20;
const productCode = 'encryption365:100';

export function createHonestTenant({ client, csrPem, dns, mailServer, patienceMs }: HonestOptions): HonestTenant {
  let orders = 0;
  let requests = noRequests();

  async function timed<T>(what: keyof typeof requests, request: Promise<T>): Promise<T> {
    const startMs = performance.now();
    try {
      return await request;
    } finally {
      requests[what].push(performance.now() - startMs);
    }
  }

  async function waited(isThere: () => boolean | Promise<boolean>): Promise<number> {
    const startMs = performance.now();
    while (performance.now() - startMs < patienceMs && !(await isThere())) {
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
    return performance.now() - startMs;
  }

  return {
    async proof() {
      orders++;
      const names = [`www.honest-${orders}.example`];
      const order = await timed('place', client.orders.place({ productCode, csr: csrPem, names }));
      const record = order.names[0]?.proofs.find(({ method }) => method === 'dnsCname');
      if (record === undefined || !('target' in record)) throw new Error('no CNAME proves the name');
      dns.set(record.host, 'CNAME', record.target);
      // The look that began with the order may have found it already; then there is nothing left to check.
      await timed('check', client.orders.check({ order: order.id })).catch((thrown) => requireState(thrown));
      return waited(async () => (await timed('show', client.orders.show({ order: order.id }))).certificate !== null);
    },
    async mail() {
      orders++;
      const name = `mail-${orders}.example`;
      const order = await client.orders.place({ productCode, csr: csrPem, names: [name] });
      const address = `admin@${name}`;
      await client.orders.chooseMethod({ order: order.id, name, method: 'email', address });
      return waited(() => mailServer.received.some(({ to }) => to.includes(address)));
    },
    takeRequests() {
      const taken = requests;
      requests = noRequests();
      return taken;
    },
  };
}

function noRequests(): Record<'place' | 'check' | 'show', number[]> {
  return { place: [], check: [], show: [] };
}
