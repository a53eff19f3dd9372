/**
 * What finalizing an ACME order makes: while an order for the same names under the same key is covered, one more certificate of that,
 * which costs nothing; else a new order. Clients know nothing of orders that last: they only ask again.
 */
import { hash } from 'node:crypto';
import type { AcmeOrder } from '../../domain/acme-order.ts';
import type { ExternalAccountKey } from '../../domain/external-account-key.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { AccountId, ProductId } from '../../domain/ids.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { renewalWindowOf } from '../../domain/renewal.ts';
import { isUnderWay } from '../issuing/end-issuance.ts';
import { carriedOverMs, dayMs } from './coverage.ts';
import { lastIssued } from './reissue-order.ts';

/** An earlier order of the same names under the same terms. */
export interface Earlier {
  readonly acmeOrder: AcmeOrder;
  readonly issuance: Issuance;
  readonly order: Order;
}

export type Route =
  | { readonly kind: 'new'; readonly renewed: Order | null }
  | { readonly kind: 'reissue' | 'duplicate'; readonly order: Order }
  /** The same client waits for approval of the same: its request goes on with the newer CSR. */
  | ({ readonly kind: 'join' } & Earlier)
  /** The order has an issuance under way. */
  | { readonly kind: 'wait'; readonly order: Order };

/** A client without an external account key shares the coverage of its account. */
export function termsHashOf(terms: {
  readonly key: ExternalAccountKey | null;
  readonly accountId: AccountId;
  readonly productId: ProductId;
  readonly names: readonly Identifier[];
}): string {
  const { key, accountId, productId, names } = terms;
  const sorted = names.map(({ value }) => value).toSorted();
  return hash('sha256', [key?.id ?? accountId, productId, ...sorted].join('\n'), 'hex');
}

/** Orders that are looked at: the newest of them nearly always decides. */
const ordersAtMost = 20;

/** What was placed for the same names under the same terms, newest first. */
export async function earlierOf(
  stores: Stores,
  { termsHash }: Pick<AcmeOrder, 'termsHash'>,
): Promise<readonly Earlier[]> {
  const found: Earlier[] = [];
  for (const acmeOrder of await stores.acmeOrders.listOfTerms(termsHash, ordersAtMost)) {
    const { issuanceId } = acmeOrder;
    const issuance = issuanceId === null ? undefined : await stores.issuances.get(issuanceId);
    const order = issuance && (await stores.orders.get(issuance.orderId));
    if (issuance !== undefined && order !== undefined) found.push({ acmeOrder, issuance, order });
  }
  return found;
}

/**
 * A duplicate ends when the newest certificate does. A client that renews would have the same end again, and again the next day: it has a
 * reissue; and where even that could last no longer, near the end of the coverage, a new order, to which the rest is added.
 */
export async function routeWithin(
  stores: Stores,
  { order, replaces, now }: Pick<AcmeOrder, 'replaces'> & { readonly order: Order; readonly now: Date },
): Promise<Route> {
  const newest = await stores.issuances.get(order.issuanceId);
  const issued = await lastIssued(stores, order);
  if (newest === undefined || isUnderWay(newest) || issued?.certificateId == null) return { kind: 'wait', order };
  const certificate = await stores.certificates.get(issued.certificateId);
  if (certificate === undefined) return { kind: 'reissue', order };
  const { notBefore, notAfter, state } = certificate;
  const isToBeRenewed = renewalWindowOf(certificate, now).start <= now;
  if (isToBeRenewed && state === 'valid' && lastsAsLongAs(order, notAfter) && endsSoon(order, now)) {
    return { kind: 'new', renewed: order };
  }
  const isPastHalf = now.getTime() - notBefore.getTime() > (notAfter.getTime() - notBefore.getTime()) / 2;
  const isReplaced = replaces !== null && (await isOfOrder(stores, replaces, order));
  return { kind: isToBeRenewed || isPastHalf || isReplaced ? 'reissue' : 'duplicate', order };
}

function lastsAsLongAs({ coverageUntil }: Order, notAfter: Date): boolean {
  return coverageUntil !== null && coverageUntil.getTime() - notAfter.getTime() < dayMs;
}

function endsSoon({ coverageUntil }: Order, now: Date): boolean {
  return coverageUntil !== null && coverageUntil.getTime() - now.getTime() <= carriedOverMs;
}

async function isOfOrder(
  stores: Stores,
  id: NonNullable<AcmeOrder['replaces']>,
  { id: orderId }: Order,
): Promise<boolean> {
  return (await stores.certificates.get(id))?.orderId === orderId;
}
