/**
 * What a client named for its order in place of what covers its names: an order of its own, or a certain order of the account renewed,
 * reissued or duplicated. Only names that were paid for are certified by the last two: an ACME client agrees to no price.
 */
import type { AcmeAction, AcmeOrder } from '../../domain/acme-order.ts';
import { accountIdOf, type Caller } from '../../domain/caller.ts';
import { forEachName, refuse } from '../../domain/errors.ts';
import type { ExternalAccountKey } from '../../domain/external-account-key.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { OrderId, ProductId } from '../../domain/ids.ts';
import { type Order, stateAt } from '../../domain/order.ts';
import type { NewAcmeAction } from '../../domain/ports/acme-orders.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Product } from '../../domain/product.ts';
import type { AppContext } from '../context.ts';
import { isUnderWay } from '../issuing/end-issuance.ts';
import { type Route, routeWithin } from './acme-coverage.ts';
import { keyOfClient } from './key-terms.ts';
import { dearestNames, isCovered, lastIssued } from './reissue-order.ts';

type ActionOnOrder = Exclude<AcmeAction, { readonly kind: 'enroll' }>;

/**
 * The action of a new order, refused for what placing it would be refused for.
 * @throws {CertError} notFound, the same for another account's order as for none; conflict; refusedName
 */
export async function actionOf(
  context: AppContext,
  caller: Caller,
  {
    wanted,
    key,
    product,
    names,
  }: {
    readonly wanted: NewAcmeAction | null;
    readonly key: ExternalAccountKey | null;
    readonly product: Product;
    readonly names: readonly Identifier[];
  },
): Promise<AcmeAction | null> {
  if (wanted === null || wanted.kind === 'enroll') return wanted;
  const { read } = context.database;
  const { kind, orderNumber } = wanted;
  const order = await read.orders.getByNumber(orderNumber);
  if (order === undefined || order.accountId !== accountIdOf(caller)) {
    throw refuse('namedOrderUnknown', { order: String(orderNumber) });
  }
  const action = { kind, orderId: order.id } as const;
  const now = context.clock.now();
  await routeOfOrder(read, { order, action, key, productId: product.id, names, replaces: null, now });
  return action;
}

export function isSameAction(one: AcmeAction | null, other: AcmeAction | null): boolean {
  return one?.kind === other?.kind && orderIdOf(one) === orderIdOf(other);
}

function orderIdOf(action: AcmeAction | null): OrderId | null {
  return action === null || action.kind === 'enroll' ? null : action.orderId;
}

/** @throws {CertError} conflict, refusedName: the order may have changed since it was named */
export async function routeOfAction(
  stores: Stores,
  acmeOrder: Pick<AcmeOrder, 'names' | 'productId' | 'replaces' | 'credentialId'> & {
    readonly action: AcmeAction;
    readonly now: Date;
  },
): Promise<Route> {
  const { action, productId, replaces, now } = acmeOrder;
  if (action.kind === 'enroll') return { kind: 'new', renewed: null };
  const order = await stores.orders.get(action.orderId);
  if (order === undefined) throw refuse('namedOrderUnknown', { order: action.orderId });
  const names = acmeOrder.names.map(({ identifier }) => identifier);
  const key = await keyOfClient(stores, acmeOrder);
  return routeOfOrder(stores, { order, action, key, productId, names, replaces, now });
}

interface Named {
  readonly order: Order;
  readonly action: ActionOnOrder;
  /** Of its client. */
  readonly key: ExternalAccountKey | null;
  readonly productId: ProductId;
  readonly names: readonly Identifier[];
  readonly replaces: AcmeOrder['replaces'];
  readonly now: Date;
}

async function routeOfOrder(stores: Stores, named: Named): Promise<Route> {
  const { order, action } = named;
  await requireSameProduct(stores, named);
  if (action.kind === 'renew') return routeOfRenewal(stores, named);
  requireState(named, ['active']);
  await requireSameOrganization(stores, named);
  if (action.kind === 'duplicate') {
    await requireCoveredNames(stores, named);
    return { kind: 'duplicate', order };
  }
  await requirePaidNames(stores, named);
  const newest = await stores.issuances.get(order.issuanceId);
  const isBusy = newest === undefined || isUnderWay(newest);
  return { kind: isBusy ? 'wait' : 'reissue', order };
}

/**
 * Clients keep the URL that they were configured with, and come back to it every few weeks: an order that was renewed is not renewed
 * again. What renewed it covers the names then, like any order that covers them.
 */
async function routeOfRenewal(stores: Stores, named: Named): Promise<Route> {
  const { order, replaces, now } = named;
  const renewal = await newestRenewalOf(stores, order);
  if (renewal === undefined) {
    requireState(named, ['active', 'ended']);
    await requireNameInCommon(stores, named);
    return { kind: 'new', renewed: order };
  }
  const later: Named = { ...named, order: renewal };
  await requireSameProduct(stores, later);
  if (stateAt(renewal, now) === 'open') return { kind: 'wait', order: renewal };
  if (stateAt(renewal, now) !== 'active') return routeOfRenewal(stores, later);
  await requireSameOrganization(stores, later);
  await requirePaidNames(stores, later);
  return routeWithin(stores, { order: renewal, replaces, now });
}

/** Renewals of renewals that are followed: more than a client makes that renews every month for years. */
const longestChain = 100;

/** Undefined where it was never renewed. */
async function newestRenewalOf(stores: Stores, order: Order): Promise<Order | undefined> {
  let found: Order | undefined;
  let next = order.renewedBy;
  for (let count = 0; next !== null && count < longestChain; count++) {
    const renewal = await stores.orders.get(next);
    if (renewal === undefined) break;
    found = renewal;
    next = renewal.renewedBy;
  }
  return found;
}

/** @throws {CertError} conflict */
async function requireSameProduct(stores: Stores, { order, productId }: Named): Promise<void> {
  if (order.productId === productId) return;
  const [product, wanted] = await Promise.all([stores.products.get(order.productId), stores.products.get(productId)]);
  throw refuse('namedOrderOtherProduct', {
    order: String(order.number),
    product: product?.name ?? order.productId,
    wanted: wanted?.name ?? productId,
  });
}

/** A client's key names the organization that its certificates name; a DV certificate names none. @throws {CertError} conflict */
async function requireSameOrganization(stores: Stores, { order, key }: Named): Promise<void> {
  if (order.organizationId === (key?.organizationId ?? null)) return;
  const product = await stores.products.get(order.productId);
  if (product?.level === 'dv') return;
  throw refuse('namedOrderOtherOrganization', { order: String(order.number) });
}

/** @throws {CertError} conflict */
function requireState({ order, action, now }: Named, needed: readonly Order['state'][]): void {
  const state = stateAt(order, now);
  if (needed.includes(state)) return;
  throw refuse('namedOrderState', { order: String(order.number), action: action.kind, state, needed });
}

/** A duplicate may have what the certificate beside which it stands may serve. @throws {CertError} refusedName */
async function requireCoveredNames(stores: Stores, { order, names }: Named): Promise<void> {
  const issued = await lastIssued(stores, order);
  requireEach(order, names, (name) => issued !== undefined && isCovered(name, issued));
}

/** @throws {CertError} refusedName */
async function requirePaidNames(stores: Stores, { order, names }: Named): Promise<void> {
  const paid = new Set((await dearestNames(stores, order)).map(({ value }) => value));
  requireEach(order, names, ({ value }) => paid.has(value));
}

function requireEach({ number }: Order, names: readonly Identifier[], isIn: (name: Identifier) => boolean): void {
  forEachName(
    names,
    ({ value }) => value,
    (name) => {
      if (!isIn(name)) throw refuse('nameNotInNamedOrder', { name: name.value, order: String(number) });
    },
  );
}

/** A renewal is paid for, whatever its names; one without any of the order is a mistake. @throws {CertError} conflict */
async function requireNameInCommon(stores: Stores, { order, names }: Named): Promise<void> {
  const issued = await lastIssued(stores, order);
  const certified = issued?.names.map(({ identifier }) => identifier.value) ?? [];
  if (names.some(({ value }) => certified.includes(value))) return;
  throw refuse('namedOrderOtherNames', { order: String(order.number), certified: certified.join(', ') });
}
