/** Takes names out of an issuance, and gives back what they cost. */
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import type { Issuance, IssuanceName } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { type Product, pricedFor, priceOfNames } from '../../domain/product.ts';
import type { AppContext } from '../context.ts';
import { giveBack } from './charging.ts';
import { recordChange } from './order-event.ts';
import { dearestNames } from './reissue-order.ts';

/**
 * Takes the names out and refunds them, in the caller's transaction.
 * @param removed names of the issuance as it is stored now, not all of them
 * @param caller null: the platform, once an upstream has taken them out
 * @returns the names that stay
 */
export async function takeOutNames(
  context: AppContext,
  tx: Stores,
  caller: Caller | null,
  {
    order,
    issuance,
    removed,
  }: { readonly order: Order; readonly issuance: Issuance; readonly removed: readonly IssuanceName[] },
): Promise<readonly IssuanceName[]> {
  const [account, sold] = await Promise.all([tx.accounts.get(order.accountId), tx.products.get(order.productId)]);
  if (account === undefined || sold === undefined) {
    throw refuse('internal', {}, { cause: new Error(`order ${order.id} lacks its account or product`) });
  }
  const product = pricedFor(account, sold);
  const kept = issuance.names.filter((name) => !removed.includes(name));
  const refundMinor = shareOf(issuance, { removed, product, paid: await paidBefore(tx, order) });
  const now = context.clock.now();
  await tx.issuances.reduce(issuance.id, { names: kept, chargedMinor: issuance.chargedMinor - refundMinor });
  await tx.orders.updateIssuance(order.id, order.issuanceId, -refundMinor);
  const values = removed.map(({ identifier }) => identifier.value);
  const note = `removed ${values.join(', ')}`.slice(0, 200);
  const refundedMinor = await giveBack(context, tx, { order, amountMinor: refundMinor, note });
  await recordChange(tx, caller, 'order.namesRemoved', order, { now, names: values, refundedMinor });
  return kept;
}

/** A reissue charged only the names that were not paid for before. */
async function paidBefore(tx: Stores, order: Order): Promise<ReadonlySet<string>> {
  return new Set((await dearestNames(tx, order)).map(({ value }) => value));
}

/**
 * Price of the removed names: their share of the charge, for all of its periods. Prices may have changed since, and no more than was paid
 * may come back.
 */
function shareOf(
  { names, chargedMinor }: Issuance,
  {
    removed,
    product,
    paid,
  }: { readonly removed: readonly IssuanceName[]; readonly product: Product; readonly paid: ReadonlySet<string> },
): number {
  const price = (some: readonly IssuanceName[]) => {
    const charged = some.map(({ identifier }) => identifier).filter(({ value }) => !paid.has(value));
    return priceOfNames(product, charged, 1).minor;
  };
  const whole = price(names);
  return whole === 0 ? 0 : Math.floor((chargedMinor * price(removed)) / whole);
}
