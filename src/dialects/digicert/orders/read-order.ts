/** Finding orders by what clients call them, and reading what stands beside them. */
import { refuse } from '../../../domain/errors.ts';
import { issuanceSummaryOf } from '../../../domain/issuance.ts';
import { type Order, stateAt } from '../../../domain/order.ts';
import type { IssuanceView, OrderReference, OrderSummary, OrderView } from '../../../domain/ports/orders.ts';
import { findItem, gather, issuancesAtMost, pagesOfIssuances } from '../../kit/pages.ts';
import { readContainers } from '../containers/container-to-wire.ts';
import type { Client } from '../services.ts';
import { createActors } from '../users/people.ts';
import { shownNotes } from './order-notes.ts';
import { orderInfoToWire } from './order-to-wire.ts';
import type { OrderInfo } from './schema.ts';

const numberForm = /^\d{1,10}$/;
const serialForm = /^[0-9a-f]{1,40}$/;
const sha1Length = 40;

/** An order's number; or a serial number or SHA-1 thumbprint of one of its certificates. @throws {CertError} notFound */
export async function findOrder(text: string, client: Client): Promise<OrderView> {
  const { orders } = client.services;
  if (numberForm.test(text)) return orders.get(client.caller, { number: Number(text) });
  const hex = text.replaceAll(':', '').toLowerCase();
  const found = serialForm.test(hex) ? await findByHex(hex, client) : undefined;
  if (found === undefined) throw refuse('notFound', { what: 'order', value: text.slice(0, 80) });
  return orders.get(client.caller, found);
}

async function findByHex(hex: string, client: Client): Promise<OrderReference | undefined> {
  if (hex.length === sha1Length) return findByThumbprint(hex, client);
  const { items } = await client.services.orders.search(client.caller, {
    serials: [fullSerial(hex)],
    limit: 1,
    offset: 0,
  });
  return items[0] === undefined ? undefined : { id: items[0].order.id };
}

/** The order of the certificate with this SHA-1. @param hex lower case */
export async function findByThumbprint(hex: string, { services, caller }: Client): Promise<OrderReference | undefined> {
  const found = await services.certificates.findByThumbprint(caller, hex);
  return found && { id: found.orderId };
}

/** 16 bytes: clients lose leading zeros. */
export function fullSerial(hex: string): string {
  return hex.toLowerCase().padStart(32, '0');
}

/**
 * The order as of the certificate that counts: while a reissue is under way, or after one that failed, that is the one before.
 * The same view where there is none yet.
 */
export async function primaryOf(view: OrderView, client: Client): Promise<OrderView> {
  const primary = await earlierPrimary(view, client);
  if (primary === undefined) return view;
  return client.services.orders.get(client.caller, { issuanceNumber: primary.issuance.number });
}

/** The same for lists. */
export async function primarySummaryOf(view: OrderSummary, client: Client): Promise<OrderSummary> {
  const primary = await earlierPrimary(view, client);
  return primary === undefined ? view : { ...view, ...primary, issuance: issuanceSummaryOf(primary.issuance) };
}

/** Undefined where the view shows it, or there is none. */
async function earlierPrimary(
  { order, certificate }: Pick<OrderView, 'order' | 'certificate'>,
  client: Client,
): Promise<IssuanceView | undefined> {
  if (certificate !== null || order.coverageFrom === null) return undefined;
  return findPrimary(order, client);
}

/** The newest issuance with a certificate, duplicates aside. */
export function findPrimary(
  { id }: Pick<Order, 'id'>,
  { services, caller }: Client,
): Promise<IssuanceView | undefined> {
  return findItem(
    pagesOfIssuances({ id }, services.issuances, caller),
    ({ issuance, certificate }) => certificate !== null && issuance.kind !== 'duplicate',
  );
}

/**
 * All that the information of an order shows.
 * @param asOf the issuance to show as its certificate, where that is not the one that counts
 */
export async function readOrderInfo(view: OrderView, client: Client, asOf?: OrderView): Promise<OrderInfo> {
  const { services, caller } = client;
  const reference = { id: view.order.id };
  const { renewalOf } = view.order;
  const [issuances, requests, notes, containers, user, renewed] = await Promise.all([
    gather(pagesOfIssuances(reference, services.issuances, caller), issuancesAtMost),
    services.approvals.list(caller, { orderNumbers: [view.order.number], limit: 100, offset: 0 }),
    services.notes.list(caller, reference),
    readContainers(client),
    createActors(client).of(view.order.credentialId, view.account),
    renewalOf === null ? undefined : services.orders.get(caller, { id: renewalOf }),
  ]);
  const newest = issuances.find(({ issuance }) => issuance.id === view.order.issuanceId)?.issuance ?? view.issuance;
  const shown = asOf ?? (await primaryOf(view, client));
  return orderInfoToWire(shown, {
    newest,
    issuances,
    requests: requests.items.map(({ approval }) => approval),
    notes: shownNotes(view, { notes, issuances }, client.language),
    renewedNumber: renewed?.order.number,
    container: containers.of(view.order.containerId),
    user,
  });
}

/** @throws {CertError} wrongState for an order that has no certificate in force */
export function requireRunning({ order, now }: OrderView): void {
  const state = stateAt(order, now);
  if (state === 'active') return;
  throw refuse('wrongState', { what: 'order', value: String(order.number), state, needed: 'active' });
}
