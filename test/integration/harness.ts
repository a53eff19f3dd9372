/** What the tests of the Encryption365 front door share: requests as they go over the wire, and orders as clients place them. */
import assert from 'node:assert/strict';
import type { DetailsReply, PlacedReply } from '../../src/dialects/encryption365/replies.ts';
import type { Customer } from '../support/customer.ts';
import { createSubscriber, type Subscriber } from '../support/subscriber.ts';
import { until } from '../support/system.ts';
import { countRows } from '../support/tables.ts';
import type { World } from '../support/world.ts';

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A request as it goes over the wire; a body that is text is sent as it is. */
export async function post(world: World, path: string, body: unknown): Promise<Reply> {
  const response = await fetch(world.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const contentType = response.headers.get('content-type') ?? '';
  return { status: response.status, contentType, body: (await response.json()) as Reply['body'] };
}

export function credentialsOf(customer: Customer): { readonly client_id: string; readonly access_token: string } {
  return { client_id: customer.clientId, access_token: customer.accessToken };
}

let subscriber: Promise<Subscriber> | undefined;

/** One key for every order that is not about keys. */
export function anySubscriber(): Promise<Subscriber> {
  subscriber ??= createSubscriber('subscriber.example');
  return subscriber;
}

export async function place(
  customer: Customer,
  names: readonly string[],
  change: { pid?: string; renewalOf?: number; organization?: Record<string, string>; csrPem?: string } = {},
): Promise<PlacedReply> {
  const { pid = '100', csrPem = (await createSubscriber('order.example')).csrPem, ...rest } = change;
  return customer.client.placeOrder({ pid, csrPem, names, ...rest });
}

/** Asks for a check and polls until the condition holds, as an impatient client does. */
export async function pollUntil(
  customer: Customer,
  number: number,
  isDone: (details: DetailsReply) => boolean,
  what: string,
): Promise<DetailsReply> {
  let details = await customer.client.order(number);
  let polls = 0;
  await until(async () => {
    if (isDone(details)) return true;
    if (polls++ % 50 === 0) await customer.client.recheck(number).catch(() => undefined);
    details = await customer.client.order(number);
    return isDone(details);
  }, what);
  return details;
}

export function pollUntilIssued(customer: Customer, number: number): Promise<DetailsReply> {
  return pollUntil(customer, number, ({ cert_status }) => cert_status === 'issued_active', 'the order is issued');
}

/** Nothing of the start is under way any more that would write by itself. */
export function settled(world: World): Promise<void> {
  return until(() => countRows(world.databasePath).crls === 4, 'every CRL is published');
}

/** An error as this vendor's clients read one: status 200, both marks, a message. */
export function assertRefused(reply: Reply, message: RegExp): void {
  assert.equal(reply.status, 200);
  assert.match(reply.contentType, /^application\/json/);
  assert.deepEqual(Object.keys(reply.body), ['result', 'status', 'message']);
  assert.deepEqual([reply.body.result, reply.body.status], ['error', 'error']);
  assert.match(String(reply.body.message), message);
}
