/** Taking names out of an order that is not issued yet, so that the others need not wait for them. */
import type { Caller } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { Issuance, IssuanceName } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { type Product, pricedFor, priceOfNames } from '../../domain/product.ts';
import { issuanceTransitions, statesAccepting } from '../../domain/states.ts';
import type { AppContext } from '../context.ts';
import { missingProofs } from '../proving/proof.ts';
import { queueValidation } from '../proving/queue-validation.ts';
import { type FoundOrder, newestIssuance } from '../scope.ts';
import { giveBack } from './charging.ts';
import { termsOfIssuance } from './key-terms.ts';
import { recordChange } from './order-event.ts';
import { proofsOf } from './order-view.ts';
import { dearestNames } from './reissue-order.ts';

export async function removeNames(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  input: FoundOrder & { readonly names: readonly Identifier[] | 'unproved' },
): Promise<void> {
  const { order, issuance } = await newestIssuance(tx, input.order, input.issuanceId);
  await requireNamesRemovable(tx, order, issuance);
  const removed = input.names === 'unproved' ? await unprovedOf(context, tx, issuance) : namedOf(issuance, input.names);
  const kept = issuance.names.filter((name) => !removed.includes(name));
  if (removed.length === 0) throw refuse('nothingToRemove', {});
  if (kept.length === 0) throw refuse('lastName', {});

  const [account, sold] = await Promise.all([tx.accounts.get(order.accountId), tx.products.get(order.productId)]);
  if (account === undefined || sold === undefined) {
    throw refuse('internal', {}, { cause: new Error(`order ${order.id} lacks its account or product`) });
  }
  const product = pricedFor(account, sold);
  const refundMinor = shareOf(issuance, { removed, product, paid: await paidBefore(tx, order) });
  const now = context.clock.now();
  await tx.issuances.reduce(issuance.id, { names: kept, chargedMinor: issuance.chargedMinor - refundMinor });
  await tx.orders.updateIssuance(order.id, order.issuanceId, -refundMinor);
  const values = removed.map(({ identifier }) => identifier.value);
  const note = `removed ${values.join(', ')}`.slice(0, 200);
  const refundedMinor = await giveBack(context, tx, { order, amountMinor: refundMinor, note });
  await recordChange(tx, caller, 'order.namesRemoved', order, { now, names: values, refundedMinor });
  // The remaining names may all be proved.
  if (issuance.state === 'awaitingValidation') await queueValidation(context, tx, { ...issuance, names: kept }, now);
}

/** @throws {CertError} wrongState once it is being signed, or where an upstream has the names */
export async function requireNamesRemovable(
  tx: Stores,
  order: Order,
  { id, state, issuerId }: Issuance,
): Promise<void> {
  const needed = statesAccepting(issuanceTransitions, 'cancel');
  const value = String(order.number);
  if (!needed.includes(state)) throw refuse('wrongState', { what: 'order', value, state, needed });
  if ((await tx.upstreamOrders.get(id)) !== undefined)
    throw refuse('relayedNamesFixed', { order: value, issuer: issuerId });
}

async function unprovedOf(context: AppContext, tx: Stores, issuance: Issuance): Promise<readonly IssuanceName[]> {
  const now = context.clock.now();
  const terms = await termsOfIssuance(context, tx, issuance);
  const missing = await missingProofs(tx, await proofsOf(tx, issuance), { issuance, ...terms, now });
  const values = new Set(missing.map(({ identifier }) => identifier.value));
  return issuance.names.filter(({ identifier }) => values.has(identifier.value));
}

/** @throws {CertError} notFound for a name that the order does not hold */
function namedOf({ names }: Issuance, wanted: readonly Identifier[]): readonly IssuanceName[] {
  const found = wanted.map(({ value }) => {
    const name = names.find(({ identifier }) => identifier.value === value);
    if (name === undefined) throw refuse('notFound', { what: 'name', value: quoted(value) });
    return name;
  });
  return [...new Set(found)];
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
