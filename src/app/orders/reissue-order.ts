/**
 * Further certificates of an order inside its coverage. A reissue, with a new key and perhaps other names, becomes the
 * order's newest issuance; a duplicate stands beside it.
 */
import type { Caller } from '../../domain/caller.ts';
import { CertError, forEachName, refuse } from '../../domain/errors.ts';
import { baseName, type Identifier } from '../../domain/identifier.ts';
import type { IssuanceId } from '../../domain/ids.ts';
import type { Issuance, RequestedValidity } from '../../domain/issuance.ts';
import { profileUnder } from '../../domain/key-policy.ts';
import { type Order, stateAt } from '../../domain/order.ts';
import { objectionToValidity } from '../../domain/policy.ts';
import type { OrderReference, OrderView, Reissue } from '../../domain/ports/orders.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { periodsOf, pricedFor, priceOfAddedNames } from '../../domain/product.ts';
import { requireAllowedIn } from '../accounts/containers.ts';
import { type AppContext, profileOf } from '../context.ts';
import { endIssuanceFor, isUnderWay } from '../issuing/end-issuance.ts';
import { orderedFrom } from '../issuing/ordered-from.ts';
import { findOrder, newestIssuance } from '../scope.ts';
import { dialectDataAfter } from './change-order.ts';
import { charge } from './charging.ts';
import { completedValues } from './custom-values.ts';
import { claimIdempotency } from './idempotency.ts';
import { actingClientOf, requesterOf } from './key-terms.ts';
import { insertIssuance, type NewIssuance } from './new-issuance.ts';
import { recordChange, recordOrder } from './order-event.ts';
import { checkNames, type OrderTerms } from './order-request.ts';
import { viewOrder } from './order-view.ts';
import { createNewWork, type Placed, whenBegun } from './place-order.ts';
import { keptKeyOf, type SubscriberKey, sameKeyAs, subscriberKeyOf } from './subscriber-key.ts';

/** A request without objections as far as they are known before the transaction. */
export type FurtherDraft = OrderTerms &
  Pick<NewIssuance, 'key' | 'isApproved'> & { readonly found: Order; readonly request: Reissue };
type Outcome = Placed | { readonly earlier: IssuanceId };

/** A new key and a new list of names for an active order, inside its coverage. Names that were added are charged. */
export function reissueOrder(
  context: AppContext,
  caller: Caller,
  reference: OrderReference,
  request: Reissue,
): Promise<OrderView> {
  return further(context, caller, { reference, request, place: placeReissue });
}

/** One more certificate beside the newest, for the same names or fewer; it ends when that one does and costs nothing. */
export function duplicateOrder(
  context: AppContext,
  caller: Caller,
  reference: OrderReference,
  request: Reissue,
): Promise<OrderView> {
  return further(context, caller, { reference, request, place: placeDuplicate });
}

async function further(
  context: AppContext,
  caller: Caller,
  input: {
    readonly reference: OrderReference;
    readonly request: Reissue;
    readonly place: (context: AppContext, tx: Stores, caller: Caller, draft: FurtherDraft) => Promise<Outcome>;
  },
): Promise<OrderView> {
  const { reference, request } = input;
  const { read, write } = context.database;
  const found = await findOrder(read, caller, reference);
  const draft = await draftFurther(context, caller, { found, request });
  const work = createNewWork(context);
  const options = { chargesAccount: found.accountId, ...work.options };
  const placed = await write((tx) => input.place(context, tx, caller, draft), options);
  if ('earlier' in placed) return viewOrder(context, found, placed.earlier);
  return whenBegun(context, draft, { placed, signing: work.signing }, request);
}

/** @throws {CertError} what is refused before the order is looked at again */
export async function draftFurther(
  context: AppContext,
  caller: Caller,
  { found, request }: { readonly found: Order; readonly request: Reissue },
): Promise<FurtherDraft> {
  const { read } = context.database;
  const terms = await termsOf(context, read, found, caller);
  const { validity = null, names } = request;
  const objection = validity === null ? undefined : objectionToValidity(validity, context.clock.now());
  if (objection !== undefined) throw new CertError(objection);
  checkNames(context, terms, names);
  const { containerId, accountId } = found;
  if (containerId !== null) await requireAllowedIn(read, { id: containerId, accountId }, names);
  const key = await keyOf(context, found, { source: request.csr, names, profile: terms.profile });
  return { ...terms, found, request, key };
}

async function keyOf(
  context: AppContext,
  order: Order,
  wanted: Pick<Reissue, 'names'> & Pick<OrderTerms, 'profile'> & { readonly source: Reissue['csr'] },
): Promise<SubscriberKey> {
  const { source, ...terms } = wanted;
  if (source !== 'same' && source !== 'sameKey') return subscriberKeyOf(context, source, terms);
  const last = await requireLastIssued(context.database.read, order);
  const kept = source === 'sameKey' ? await keptKeyOf(context, last, terms.profile) : undefined;
  return kept ?? subscriberKeyOf(context, sameKeyAs(last), terms);
}

/** @param caller null: the platform itself */
export async function termsOf(
  context: AppContext,
  stores: Stores,
  order: Order,
  caller: Caller | null,
): Promise<OrderTerms> {
  const [account, product, { key }] = await Promise.all([
    stores.accounts.get(order.accountId),
    stores.products.get(order.productId),
    requesterOf(context, stores, order, { actingClientId: actingClientOf(context, caller, order) }),
  ]);
  const policy = key?.policy ?? null;
  if (account === undefined || product === undefined) {
    throw refuse('internal', {}, { cause: new Error(`order ${order.id} lacks its account or product`) });
  }
  return { account, product, policy, profile: profileUnder(policy, profileOf(context, product.profileId)) };
}

/** Places it in the caller's transaction, and charges names that were added. */
export async function placeReissue(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  draft: FurtherDraft,
): Promise<Outcome> {
  const { found, request } = draft;
  const now = context.clock.now();
  const earlier = await claim(tx, draft, now);
  if (earlier !== undefined) return { earlier };
  const { order, issuance: before } = await newestIssuance(tx, found);
  requireReissuable(order, before, now);
  await completeValues(tx, order);
  const payer = (await tx.accounts.get(order.accountId)) ?? draft.account;
  const product = pricedFor(payer, (await tx.products.get(draft.product.id)) ?? draft.product);
  const price = priceOfAddedNames(product, {
    before: await dearestNames(tx, order),
    after: request.names,
    periods: periodsOf(order.coverage, product.coverage),
  });
  await charge(context, tx, { order, amountMinor: price.minor, note: `${product.name} (reissue)` });
  if (price.minor > 0) await tx.orders.addPaid(order.id, price.minor);
  return insertReissue(context, tx, caller, { ...draft, order, before, chargedMinor: price.minor });
}

/** @param caller null: the platform itself, inside the coverage */
export async function insertReissue(
  context: AppContext,
  tx: Stores,
  caller: Caller | null,
  input: OrderTerms &
    Pick<NewIssuance, 'key' | 'chargedMinor' | 'order' | 'isApproved'> & {
      readonly request: NewIssuance['request'] & Pick<Reissue, 'dialectData' | 'approval'>;
      readonly before: Issuance;
    },
): Promise<Placed> {
  const { profile, request, key, order, before, chargedMinor } = input;
  const { names } = request;
  const dialectData = dialectDataAfter(request.dialectData, order.dialectData);
  const parts = await insertIssuance(context, tx, {
    order: { ...order, dialectData },
    profile,
    request,
    key,
    // Under the terms by which the order was placed, whatever the product says today.
    issuerId: await orderedFrom(context, tx, before),
    kind: 'reissue',
    chargedMinor,
    isApproved: input.isApproved ?? false,
    caller,
  });
  const { id } = parts.issuance;
  await tx.orders.updateIssuance(order.id, id, chargedMinor);
  if (dialectData !== order.dialectData) await tx.orders.updateDialectData(order.id, dialectData);
  const now = context.clock.now();
  await recordOrder(tx, caller, 'order.reissued', order, { names, totalMinor: chargedMinor, now });
  return { order: { ...order, dialectData, issuanceId: id, totalMinor: order.totalMinor + chargedMinor }, ...parts };
}

/** The same for a duplicate. */
export async function placeDuplicate(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  draft: FurtherDraft,
): Promise<Outcome> {
  const { profile, found, request, key } = draft;
  const { names } = request;
  const now = context.clock.now();
  const earlier = await claim(tx, draft, now);
  if (earlier !== undefined) return { earlier };
  const { order } = await newestIssuance(tx, found);
  requireActive(order, now);
  const primary = await requireLastIssued(tx, order);
  await completeValues(tx, order);
  forEachName(
    names,
    ({ value }) => value,
    (name) => {
      if (!isCovered(name, primary)) throw refuse('nameNotInOrder', { name: name.value, order: String(order.number) });
    },
  );
  const validity = await validityBeside(tx, primary, { wanted: request.validity ?? null, now });
  const objection = objectionToValidity(validity, now);
  if (objection !== undefined) throw new CertError(objection);
  const dialectData = dialectDataAfter(request.dialectData, order.dialectData);
  const parts = await insertIssuance(context, tx, {
    order: { ...order, dialectData },
    profile,
    request: { ...request, validity },
    key,
    issuerId: await orderedFrom(context, tx, primary),
    kind: 'duplicate',
    chargedMinor: 0,
    isApproved: draft.isApproved ?? false,
    caller,
  });
  if (dialectData !== order.dialectData) await tx.orders.updateDialectData(order.id, dialectData);
  await recordOrder(tx, caller, 'order.duplicated', order, { names, totalMinor: 0, now });
  return { order: { ...order, dialectData }, ...parts };
}

/** What an account requires of its orders today, it requires of one that goes on; what is issued by itself was promised before. */
async function completeValues(tx: Stores, order: Order): Promise<void> {
  const customValues = await completedValues(tx, order);
  if (customValues !== order.customValues) await tx.orders.update(order.id, { customValues });
}

/** The names of the certificate that is duplicated, and below a wildcard of it whatever that may serve. */
export function isCovered(name: Identifier, { names }: Pick<Issuance, 'names'>): boolean {
  return names.some(({ identifier }) => {
    if (identifier.value === name.value) return true;
    if (identifier.kind !== 'wildcard' || name.kind !== 'dns') return false;
    const base = baseName(identifier);
    return name.value === base || name.value.endsWith(`.${base}`);
  });
}

/** A duplicate ends with the certificate that it stands beside, as at the CAs; or earlier, where that was requested. */
async function validityBeside(
  tx: Stores,
  { certificateId }: Issuance,
  { wanted, now }: { readonly wanted: RequestedValidity | null; readonly now: Date },
): Promise<RequestedValidity> {
  const primary = certificateId === null ? undefined : await tx.certificates.get(certificateId);
  if (primary === undefined) throw refuse('internal', {}, { cause: new Error(`no certificate ${certificateId}`) });
  const until = primary.notAfter;
  if (wanted === null) return { until };
  const wantedUntil = 'until' in wanted ? wanted.until : new Date(now.getTime() + wanted.days * 86_400_000);
  return wantedUntil < until ? wanted : { until };
}

function claim(tx: Stores, { account, request, key }: FurtherDraft, now: Date): Promise<IssuanceId | undefined> {
  return claimIdempotency(tx, {
    idempotency: request.idempotency,
    accountId: account.id,
    objectId: key.issuanceId,
    now,
    isOver: async (id) => {
      const state = (await tx.issuances.get(id))?.state;
      return state === 'failed' || state === 'cancelled';
    },
  });
}

/** Every name that was ever paid for in this order: dropping one and adding it again is not charged twice. */
export async function dearestNames(tx: Stores, order: Order): Promise<readonly Identifier[]> {
  const paid = (await tx.issuances.listOfOrder(order.id)).filter(({ kind, state }) => {
    // Names below a wildcard cost nothing in a duplicate; that does not make them free in a reissue.
    return state === 'issued' && kind !== 'duplicate';
  });
  return paid.flatMap((issuance) => issuance.names.map((name) => name.identifier));
}

/** The issuance behind the order's newest certificate, duplicates aside. */
export async function lastIssued(stores: Stores, order: Pick<Order, 'id'>): Promise<Issuance | undefined> {
  const all = await stores.issuances.listOfOrder(order.id);
  return all.findLast(({ kind, state }) => state === 'issued' && kind !== 'duplicate');
}

export async function requireLastIssued(stores: Stores, order: Order): Promise<Issuance> {
  const issuance = await lastIssued(stores, order);
  if (issuance === undefined) throw notIssued(order, order.state);
  return issuance;
}

function notIssued({ number }: Order, state: Order['state']): CertError {
  const needed = 'an order with an issued certificate';
  return refuse('wrongState', { what: 'order', value: String(number), state, needed });
}

/** @throws {CertError} wrongState: a duplicate stands beside a certificate of an order that goes on */
export function requireActive(order: Order, now: Date): void {
  const state = stateAt(order, now);
  if (state !== 'active') throw notIssued(order, state);
}

export function requireReissuable(order: Order, newest: Issuance, now: Date): void {
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

/** Gives up a reissue that is not being signed yet: the order is again what its newest certificate made it. */
export async function withdrawReissue(
  context: AppContext,
  caller: Caller,
  reference: OrderReference,
): Promise<OrderView> {
  const { database } = context;
  const found = await findOrder(database.read, caller, reference);
  await database.write(async (tx) => withdrawReissueOf(context, tx, caller, await newestIssuance(tx, found)));
  const order = await database.read.orders.get(found.id);
  return viewOrder(context, order ?? found);
}

/** @throws {CertError} wrongState */
export async function withdrawReissueOf(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  { order, issuance }: { readonly order: Order; readonly issuance: Issuance },
): Promise<void> {
  const before = issuance.kind === 'reissue' && isUnderWay(issuance) ? await lastIssued(tx, order) : undefined;
  if (before === undefined) {
    const state = order.state === 'active' ? issuance.state : order.state;
    const needed = 'an order with a reissue under way';
    throw refuse('wrongState', { what: 'order', value: String(order.number), state, needed });
  }
  await endIssuanceFor(context, tx, { order, issuance, note: 'reissue withdrawn' });
  await tx.orders.updateIssuance(order.id, before.id, 0);
  const now = context.clock.now();
  await recordChange(tx, caller, 'order.reissueWithdrawn', order, { now, issuance: issuance.id });
}
