/** Reissuing an order: a new key, and perhaps other names, inside the same coverage. */
import { refuse } from '../domain/errors.ts';
import type { Identifier } from '../domain/identifier.ts';
import type { Issuance } from '../domain/issuance.ts';
import { type Order, stateAt } from '../domain/order.ts';
import type { Caller, OrderReference, OrderView, Reissue } from '../domain/platform.ts';
import { priceOfAddedNames } from '../domain/pricing.ts';
import type { Stores } from '../domain/stores.ts';
import { askedBy } from './asked-by.ts';
import { charge } from './charging.ts';
import { type AppContext, profileOf } from './context.ts';
import { isUnderWay } from './end-issuance.ts';
import { insertIssuance, type NewIssuance } from './new-issuance.ts';
import { recordOrder } from './order-event.ts';
import { checkRequest, type OrderTerms } from './order-request.ts';
import { begin, type Placed } from './place-order.ts';
import { findOrder } from './scope.ts';

/** A new key and a new list of names for an active order, inside its coverage. Names that were added are charged. */
export async function reissueOrder(
  context: AppContext,
  caller: Caller,
  reference: OrderReference,
  request: Reissue,
): Promise<OrderView> {
  const { database } = context;
  const found = await findOrder(database.read, caller, reference);
  const [account, product] = await Promise.all([
    database.read.accounts.get(found.accountId),
    database.read.products.get(found.productId),
  ]);
  if (account === undefined || product === undefined) {
    throw refuse('internal', {}, { cause: new Error(`order ${found.id} lacks its account or product`) });
  }
  const terms = { account, product, profile: profileOf(context, product.profileId) };
  const key = await checkRequest(context, terms, request);
  const placed = await database.write((tx) => placeReissue(context, tx, caller, { ...terms, found, request, key }));
  return begin(context, terms, placed);
}

async function placeReissue(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  input: OrderTerms & Pick<NewIssuance, 'key'> & { readonly found: Order; readonly request: Reissue },
): Promise<Placed> {
  const { account, product, profile, found, request, key } = input;
  const order = await tx.orders.getForUpdate(found.id);
  const before = order === undefined ? undefined : await tx.issuances.get(order.issuanceId);
  if (order === undefined || before === undefined)
    throw refuse('notFound', { what: 'order', value: String(found.number) });
  const now = context.clock.now();
  requireReissuable(order, before, now);
  const dearest = await dearestNames(tx, order);
  const price = priceOfAddedNames(product, dearest, request.names);
  await charge(context, tx, { order, amountMinor: price.minor, note: `${product.name} (reissue)` });
  const parts = await insertIssuance(context, tx, {
    order,
    profile,
    request,
    key,
    // As the order was placed, whatever the product says today.
    issuerId: before.issuerId,
    kind: 'reissue',
    chargedMinor: price.minor,
    asked: askedBy(account, caller, request.approval),
  });
  await tx.orders.updateIssuance(order.id, parts.issuance.id, price.minor);
  await recordOrder(tx, caller, 'order.reissued', order, { names: request.names, totalMinor: price.minor, now });
  const updated = { ...order, issuanceId: parts.issuance.id, totalMinor: order.totalMinor + price.minor };
  return { order: updated, ...parts };
}

/** Every name that was ever paid for in this order: dropping one and adding it again is not charged twice. */
async function dearestNames(tx: Stores, order: Order): Promise<readonly Identifier[]> {
  const paid = (await tx.issuances.listOfOrder(order.id)).filter(({ state }) => state === 'issued');
  return paid.flatMap((issuance) => issuance.names.map((name) => name.identifier));
}

function requireReissuable(order: Order, newest: Issuance, now: Date): void {
  const isBusy = isUnderWay(newest);
  const state = stateAt(order, now);
  if (state === 'active' && !isBusy) return;
  throw refuse('wrongState', {
    what: 'order',
    value: String(order.number),
    state: isBusy ? newest.state : state,
    needed: 'an order with an issued certificate and no issuance under way',
  });
}
