/** Tenants that order for names whose zone never answers, as fast as the server takes the orders. */
import { type HttpConnection, openConnection } from '../http-connection.ts';

export interface Attack {
  readonly url: string;
  /** One token of the native API for each tenant. */
  readonly tokens: readonly string[];
  readonly csrPem: string;
  readonly orders: number;
  readonly namesPerOrder: number;
  /** Sends no more after so long. */
  readonly seconds: number;
}

export interface AttackResult {
  readonly admitted: number;
  readonly refused: number;
  /** The first refusal as its sender reads it. */
  readonly refusal: string | undefined;
  readonly seconds: number;
}

/** No DNS server answers for names below these; each tenant has a zone of their own. */
export const deadZone = (tenant: number) => `dead-${tenant}.example`;

export const isDead = (name: string) => /(^|\.)dead-\d+\.example$/.test(name);

const connectionsPerTenant = 4;

export async function attack({ url, tokens, csrPem, orders, namesPerOrder, seconds }: Attack): Promise<AttackResult> {
  const startMs = performance.now();
  let admitted = 0;
  let refused = 0;
  let refusal: string | undefined;

  async function send(connection: HttpConnection, tenant: number, order: number): Promise<void> {
    const names = Array.from({ length: namesPerOrder }, (_, i) => `n${i}.o${order}.${deadZone(tenant)}`);
    const reply = await connection.send({
      method: 'POST',
      path: '/api/v1/orders',
      headers: { authorization: `Bearer ${tokens[tenant] ?? ''}` },
      body: JSON.stringify({ productCode: 'encryption365:100', csr: csrPem, names }),
    });
    if (reply.status < 300) {
      admitted++;
      return;
    }
    refused++;
    refusal ??= reply.body.slice(0, 400);
  }

  async function work(tenant: number, next: () => number): Promise<void> {
    const connection = await openConnection(url);
    const isOver = () => performance.now() - startMs > 1000 * seconds;
    for (let order = next(); order < orders && !isOver(); order = next()) await send(connection, tenant, order);
    connection.close();
  }

  await Promise.all(
    tokens.flatMap((_, tenant) => {
      let order = 0;
      return Array.from({ length: connectionsPerTenant }, () => work(tenant, () => order++));
    }),
  );
  return { admitted, refused, refusal, seconds: (performance.now() - startMs) / 1000 };
}
