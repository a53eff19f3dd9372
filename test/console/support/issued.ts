/** Orders and certificates for screens that show them: validated over the loopback DNS, as a customer does it. */
import { checkNow } from '../../support/check-now.ts';
import { createSubscriber } from '../../support/subscriber.ts';
import type { ConsoleWorld } from './console-world.ts';
import { until } from './until.ts';

export interface Wanted {
  readonly name: string;
  readonly account: string;
  /** Default: one with a key of its own. */
  readonly csr?: string;
  readonly validityDays?: number;
}

/** The number of an order whose names wait to be proved. */
export async function placeOrder(
  { client }: ConsoleWorld,
  { name, account, csr, validityDays }: Wanted,
): Promise<string> {
  const csrPem = csr ?? (await createSubscriber(name)).csrPem;
  const order = await client.orders.place({
    productCode: 'tls-dv',
    csr: csrPem,
    names: [name],
    method: 'dnsTxt',
    account,
    ...(validityDays === undefined ? {} : { validityDays }),
  });
  return String(order.number);
}

/** Places what the names of an order need, and has it checked. */
export async function proveOrder({ client, world }: ConsoleWorld, order: string): Promise<void> {
  const { names } = await client.orders.show({ order });
  for (const proof of names.flatMap(({ proofs }) => proofs))
    if (proof.method === 'dnsTxt') world.dns.set(proof.host, 'TXT', proof.value);
  await checkNow(client, order);
}

export interface Issued {
  readonly order: string;
  readonly certificate: string;
}

/** The numbers of an order and of its certificate. */
export async function issueCertificate(here: ConsoleWorld, wanted: Wanted): Promise<Issued> {
  const order = await placeOrder(here, wanted);
  await proveOrder(here, order);
  return { order, certificate: await certificateOf(here, order) };
}

/** Waits for the certificate of an order. */
export async function certificateOf({ client }: ConsoleWorld, order: string): Promise<string> {
  let number: number | undefined;
  await until(async () => {
    number = (await client.orders.show({ order })).certificate?.number;
    return number !== undefined;
  });
  return String(number);
}
