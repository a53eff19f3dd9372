/**
 * Placing an order: all that can be refused is refused first; then one transaction charges, stores and queues the work;
 * then the work starts.
 */

import type { Account } from '../domain/account.ts';
import type { Container } from '../domain/container.ts';
import { quoted, refuse } from '../domain/errors.ts';
import { newId, type OrderId } from '../domain/ids.ts';
import { defaultNotices, type Order } from '../domain/order.ts';
import type { Caller, OrderView, PlaceOrder } from '../domain/platform.ts';
import { priceOfNames } from '../domain/pricing.ts';
import type { Stores } from '../domain/stores.ts';
import { askedBy } from './asked-by.ts';
import { findProduct } from './catalogue.ts';
import { charge } from './charging.ts';
import { findContainer, requireAllowedIn } from './containers.ts';
import { type AppContext, issuerOf, profileOf } from './context.ts';
import { handOver } from './handover.ts';
import { type InsertedIssuance, insertIssuance, type NewIssuance } from './new-issuance.ts';
import { recordOrder } from './order-event.ts';
import { checkRequest, type OrderTerms } from './order-request.ts';
import { viewOfNew, viewOrder } from './order-view.ts';
import { checkChoice, chooseOrganization } from './organization-choice.ts';
import { accountOf, findOrder } from './scope.ts';

/** What a transaction made. */
export interface Placed extends InsertedIssuance {
  readonly order: Order;
}

export async function placeOrder(context: AppContext, caller: Caller, request: PlaceOrder): Promise<OrderView> {
  const { database } = context;
  const account = await accountOf(database.read, caller);
  const product = await findProduct(database.read, caller, account, request);
  const profile = profileOf(context, product.profileId);
  const terms = { account, product, profile };
  const issuerId = request.issuerId ?? product.issuerId;
  // A dialect's mistaken setting is found here, not after the customer has proved every name.
  if (request.issuerId !== undefined) issuerOf(context, issuerId);
  checkChoice(product, request.organization);
  const container = request.container == null ? null : await findContainer(database.read, caller, request.container);
  if (container !== null) await requireAllowedIn(database.read, container, request.names);
  const key = await checkRequest(context, terms, request);
  const renewed = request.renewalOf === null ? null : await findOrder(database.read, caller, request.renewalOf);
  const placed = await database.write((tx) =>
    place(context, tx, caller, { ...terms, request, key, issuerId, renewed, container }),
  );
  return 'earlier' in placed ? viewEarlier(context, placed.earlier) : begin(context, terms, placed);
}

async function place(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  input: OrderTerms &
    Pick<NewIssuance, 'key' | 'issuerId'> & {
      readonly request: PlaceOrder;
      readonly renewed: Order | null;
      readonly container: Container | null;
    },
): Promise<Placed | { readonly earlier: OrderId }> {
  const { account, product, profile, request, key, issuerId, renewed, container } = input;
  const now = context.clock.now();
  const orderId = newId('order', context);
  const earlier = await claimIdempotency(tx, { request, account, orderId, now });
  if (earlier !== undefined) return { earlier };

  const { organization: choice } = request;
  const organization = choice && (await chooseOrganization(context, tx, caller, { choice, level: product.level }));
  const price = priceOfNames(product, request.names);
  const base: Omit<Order, 'number'> = {
    id: orderId,
    accountId: account.id,
    credentialId: caller.credentialId,
    dialect: caller.dialect,
    productId: product.id,
    state: 'open',
    coverage: product.coverage,
    coverageFrom: null,
    coverageUntil: null,
    totalMinor: price.minor,
    currency: price.currency,
    renewalOf: renewed?.id ?? null,
    renewedBy: null,
    renewalMark: null,
    isAutoRenewed: request.isAutoRenewed ?? false,
    notices: request.notices ?? defaultNotices,
    organization: organization?.details ?? null,
    organizationId: organization?.id ?? null,
    containerId: container?.id ?? null,
    customValues: [],
    alternativeReference: request.alternativeReference ?? null,
    contact: request.contact,
    issuanceId: key.issuanceId,
    notifyUrl: request.notifyUrl ?? null,
    extension: request.extension,
    createdAt: now,
  };
  const order = await tx.orders.insert(base);
  await charge(context, tx, { order, amountMinor: price.minor, note: product.name });
  const parts = await insertIssuance(context, tx, {
    order,
    profile,
    request,
    key,
    issuerId,
    kind: 'new',
    chargedMinor: price.minor,
    asked: askedBy(account, caller, request.approval),
  });
  await recordOrder(tx, caller, 'order.placed', order, { names: request.names, totalMinor: price.minor, now });
  return { order, ...parts };
}

async function claimIdempotency(
  tx: Stores,
  { request, account, orderId, now }: { request: PlaceOrder; account: Account; orderId: OrderId; now: Date },
): Promise<OrderId | undefined> {
  const { idempotency } = request;
  if (idempotency === null) return undefined;
  const { key, fingerprint, windowSeconds } = idempotency;
  const claim = { accountId: account.id, key, expiresAt: new Date(now.getTime() + windowSeconds * 1000) };
  const earlier = await tx.idempotency.claim({ ...claim, fingerprint, objectId: orderId, now });
  if (earlier === undefined) return undefined;
  if (earlier.fingerprint !== fingerprint) throw refuse('idempotencyKeyReused', { key: quoted(key) });
  const earlierId = earlier.objectId as OrderId;
  // Whoever asks again after it failed wants a new try, not the old failure.
  const isOver = endedWithoutCertificate((await tx.orders.get(earlierId))?.state);
  return isOver && (await tx.idempotency.move({ ...claim, from: earlierId, to: orderId })) ? undefined : earlierId;
}

function endedWithoutCertificate(state: Order['state'] | undefined): boolean {
  return state === 'failed' || state === 'rejected' || state === 'cancelled';
}

/** The transaction is durable: start its work and answer. */
export function begin(context: AppContext, { account, product }: OrderTerms, placed: Placed): OrderView {
  const { job, ...parts } = placed;
  if (job === undefined) context.queue.wake();
  else {
    if (job.kind === 'issue') handOver(job, parts);
    context.queue.adopt(job);
  }
  return viewOfNew({ ...parts, account, product, now: context.clock.now() });
}

async function viewEarlier(context: AppContext, orderId: OrderId): Promise<OrderView> {
  const order = await context.database.read.orders.get(orderId);
  if (order === undefined) throw refuse('internal', {}, { cause: new Error(`claimed order ${orderId} is missing`) });
  return viewOrder(context, order);
}
