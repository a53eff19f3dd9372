/** Finalizing an ACME order: it is placed as an order of the account, charged, and issued (RFC 8555 §7.4). */
import { hash } from 'node:crypto';
import { type AcmeOrder, standingOf } from '../../domain/acme-order.ts';
import { asSeenBy, isUsable } from '../../domain/authorization.ts';
import type { Caller } from '../../domain/caller.ts';
import type { ErrorCode } from '../../domain/error-codes.ts';
import { CertError, quoted, refuse } from '../../domain/errors.ts';
import type { ExternalAccountKey } from '../../domain/external-account-key.ts';
import { type Identifier, isIp } from '../../domain/identifier.ts';
import { base32 } from '../../domain/ids.ts';
import { profileUnder } from '../../domain/key-policy.ts';
import type { Order } from '../../domain/order.ts';
import type { AcmeOffer, AcmeOrders } from '../../domain/ports/acme-orders.ts';
import type { Stores, WriteOptions } from '../../domain/ports/stores/index.ts';
import { periodsOf } from '../../domain/product.ts';
import { type AcmeOrderStanding, acmeOrderTransitions, statesAccepting } from '../../domain/states.ts';
import { type Csr, parseCsr } from '../../pki/csr.ts';
import { nameOrUndefined, namesInCsr } from '../../pki/csr-names.ts';
import { spkiSha256 } from '../../pki/public-key.ts';
import { type AppContext, profileOf } from '../context.ts';
import { requireMoved } from '../moved.ts';
import { accountOf } from '../scope.ts';
import { grantedApproval, joinWaiting } from './acme-approval.ts';
import type { Route } from './acme-coverage.ts';
import {
  bindingKeyOf,
  coverageOf,
  findAcmeOrder,
  orderRequestOf,
  requireGranted,
  soldProduct,
  viewAcmeOrder,
} from './acme-order-terms.ts';
import { requireStillOffered } from './acme-profile.ts';
import { routeOf } from './acme-route.ts';
import { requireNamesOfKey, requireProvedForKey } from './key-terms.ts';
import { chargesOf, createNewWork, draftOrder, type Placed, place } from './place-order.ts';
import { draftFurther, placeDuplicate, placeReissue } from './reissue-order.ts';
import { settleIssuance } from './settle-order.ts';
import { keyOfNewOrder, type SubscriberKey, subscriberKeyOf } from './subscriber-key.ts';

const referenceBytes = 16;
/** Another finalize may change between preparing and placing what this one comes to; each time that happens one of them is done. */
const attemptsAtMost = 5;

export function createFinalize(context: AppContext): AcmeOrders['finalize'] {
  const { read } = context.database;

  return async (caller, id, { csr, withinMs, offer }) => {
    const found = await findAcmeOrder(read, caller, id);
    const csrHash = hash('sha256', csr, 'hex');
    if (!isRepeated(found, csrHash)) await placeOrWait(context, caller, { found, csr, csrHash, offer });
    let placed = await findAcmeOrder(read, caller, id);
    if (placed.state === 'waiting') {
      await settleBusy(context, placed, withinMs);
      await placeWaiting(context, caller, placed, offer);
      placed = await findAcmeOrder(read, caller, id);
    }
    const { issuanceId } = placed;
    if (issuanceId !== null) await settleIssuance(context, issuanceId, withinMs);
    return viewAcmeOrder(context, caller, placed);
  };
}

/** A client that has lost the reply sends the same again, and pays once. */
function isRepeated({ state, csrHash }: AcmeOrder, sent: string): boolean {
  return (state === 'placed' || state === 'waiting') && csrHash === sent;
}

/** One that was busy just now is often done in a moment. */
async function settleBusy(context: AppContext, found: AcmeOrder, withinMs: number): Promise<void> {
  const route = await routeOf(context, context.database.read, found).catch((thrown: unknown) => {
    // Its order has ended meanwhile: placing it says so.
    if (thrown instanceof CertError) return undefined;
    throw thrown;
  });
  if (route?.kind === 'wait') await settleIssuance(context, route.order.issuanceId, withinMs);
}

/** What is over by itself says nothing of the order. */
const passing: readonly ErrorCode[] = ['internal', 'unavailable', 'rateLimited'];

/** Places an order that waits, if it can be by now. One that is refused is over: its client is told when it looks. */
export async function placeWaiting(
  context: AppContext,
  caller: Caller,
  found: AcmeOrder,
  offer: AcmeOffer,
): Promise<void> {
  const { csr, csrHash } = found;
  if (csr === null || csrHash === null) return;
  try {
    await placeOrWait(context, caller, { found, csr, csrHash, offer });
  } catch (thrown) {
    if (!(thrown instanceof CertError) || passing.includes(thrown.code)) throw thrown;
    const problem = thrown.reason;
    // Somebody else may have placed it meanwhile.
    await context.database.write(async (tx) => {
      const isEnded = await tx.acmeOrders.move(found.id, ['waiting'], 'ended', { problem });
      if (!isEnded)
        context.log.debug({ acmeOrder: found.id }, 'an ACME order that was refused is not waiting any more');
    });
  }
}

interface Finalized {
  readonly found: AcmeOrder;
  readonly csr: Uint8Array;
  readonly csrHash: string;
  readonly offer: AcmeOffer;
}

async function placeOrWait(context: AppContext, caller: Caller, finalized: Finalized): Promise<void> {
  const { read } = context.database;
  const { found, csr } = finalized;
  await requireReady(context, read, found, finalized.csrHash);
  const parsed = parseCsr(csr);
  requireSameNames(
    parsed,
    found.names.map(({ identifier }) => identifier),
  );
  await requireOtherKey(read, caller, parsed);
  for (let attempt = 0; attempt < attemptsAtMost; attempt++) {
    if (await tryOnce(context, caller, finalized)) return;
  }
  throw refuse('internal', {}, { cause: new Error(`${found.id} was overtaken ${attemptsAtMost} times`) });
}

/** @returns false where it has become another thing meanwhile, and nothing is done */
async function tryOnce(context: AppContext, caller: Caller, finalized: Finalized): Promise<boolean> {
  const { database } = context;
  const { found, csr, csrHash, offer } = finalized;
  const route = await routeOf(context, database.read, found);
  const prepared = await prepare(context, caller, { found, csr, route });
  const outcome = await database.write(
    async (tx): Promise<Placed | 'done' | 'changed'> => {
      const current = await findAcmeOrder(tx, caller, found.id);
      if (current.state !== found.state && isRepeated(current, csrHash)) return 'done';
      await requireReady(context, tx, current, csrHash);
      const key = await requireAllowedByKey(context, tx, caller, { acmeOrder: current, offer });
      if (!isSameRoute(await routeOf(context, tx, current), route)) return 'changed';
      if (prepared === null) {
        if (current.state === 'waiting') return 'done';
        const from = statesAccepting(acmeOrderTransitions, 'wait');
        const isMoved = await tx.acmeOrders.move(found.id, from, 'waiting', { csrHash, csr });
        requireMoved(isMoved, { what: 'acmeOrder', value: found.id, state: current.state, needed: 'ready' });
        return 'done';
      }
      if ('earlier' in prepared) {
        const { earlier } = prepared;
        await joinWaiting(context, tx, caller, prepared);
        await noteMoved(tx, current, { issuanceId: earlier.issuance.id, csrHash });
        return 'done';
      }
      const approvalId = await grantedApproval(context, tx, current, key);
      const placed = await prepared.place(tx, approvalId !== null);
      if ('earlier' in placed)
        throw refuse('internal', {}, { cause: new Error(`${found.id} claims an idempotency key`) });
      const { issuance, authorizations } = placed;
      const now = context.clock.now();
      // The platform could not prove a name without the client, who believes to be done.
      if (!authorizations.every((one) => isUsable(one, now))) throw notReady(current, 'pending');
      await noteMoved(tx, current, {
        issuanceId: issuance.id,
        csrHash,
        ...(approvalId === null ? {} : { approvalId }),
      });
      return placed;
    },
    { ...optionsOf(prepared), ...createNewWork(context).options },
  );
  return outcome !== 'changed';
}

/**
 * What the key and the directory allow today: either may have changed since the order was made. A key that was revoked a moment ago orders
 * nothing any more.
 * @throws {CertError} forbidden, refusedName, invalidField
 */
async function requireAllowedByKey(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  { acmeOrder, offer }: { readonly acmeOrder: AcmeOrder; readonly offer: AcmeOffer },
): Promise<ExternalAccountKey | null> {
  const key = await bindingKeyOf(tx, caller);
  await requireStillOffered(tx, acmeOrder, { key, offer });
  requireNamesOfKey(
    key,
    acmeOrder.names.map(({ identifier }) => identifier),
  );
  const ids = [...new Set(acmeOrder.names.map(({ authorizationId }) => authorizationId))];
  if (key !== null)
    await requireProvedForKey(tx, { credentialId: caller.credentialId, key }, await tx.authorizations.listByIds(ids));
  const { validity, productId } = acmeOrder;
  if (validity === null) return key;
  const product = await soldProduct(tx, await accountOf(tx, caller), productId);
  const profile = profileUnder(key?.policy ?? null, profileOf(context, product.profileId));
  requireGranted(validity, { profile, coverage: coverageOf(key, product), now: context.clock.now() });
  return key;
}

function optionsOf(prepared: Prepared | Joined | null): WriteOptions {
  return prepared !== null && 'options' in prepared ? prepared.options : {};
}

async function noteMoved(
  tx: Stores,
  { id, state }: AcmeOrder,
  change: Pick<Partial<AcmeOrder>, 'issuanceId' | 'csrHash' | 'approvalId'>,
): Promise<void> {
  const isMoved = await tx.acmeOrders.move(id, statesAccepting(acmeOrderTransitions, 'place'), 'placed', change);
  requireMoved(isMoved, { what: 'acmeOrder', value: id, state, needed: 'ready' });
}

interface Prepared {
  readonly options: WriteOptions;
  readonly place: (tx: Stores, isApproved: boolean) => Promise<Placed | { readonly earlier: string }>;
}

/** What waits for approval goes on with this key. */
interface Joined {
  readonly earlier: Extract<Route, { readonly kind: 'join' }>;
  readonly key: SubscriberKey;
}

/** Everything that needs no transaction; null: nothing is placed yet. */
async function prepare(
  context: AppContext,
  caller: Caller,
  { found, csr, route }: Pick<Finalized, 'found' | 'csr'> & { readonly route: Route },
): Promise<Prepared | Joined | null> {
  if (route.kind === 'wait') return null;
  const names = found.names.map(({ identifier }) => identifier);
  if (route.kind === 'join') {
    const { id: issuanceId, profileId } = route.issuance;
    const profile = profileOf(context, profileId);
    return { earlier: route, key: await subscriberKeyOf(context, csr, { names, profile, issuanceId }) };
  }
  const proofReference = base32(context.random.bytes(referenceBytes));
  const wanted = { names, validity: found.validity, csr, proofReference };
  if (route.kind !== 'new') {
    const place = route.kind === 'reissue' ? placeReissue : placeDuplicate;
    const request = { ...wanted, preferredMethod: 'httpFile', isCheckedOnRequest: true } as const;
    const draft = await draftFurther(context, caller, { found: route.order, request });
    // Costs nothing, unless a name was never paid for.
    const options = { chargesAccount: draft.account.id };
    return { options, place: (tx, isApproved) => place(context, tx, caller, { ...draft, isApproved }) };
  }
  const { read } = context.database;
  const key = await bindingKeyOf(read, caller);
  const product = await soldProduct(read, await accountOf(read, caller), found.productId);
  const periods = periodsOf(coverageOf(key, product), product.coverage);
  const { dialectData } = found;
  const request = orderRequestOf({ productId: found.productId }, { ...wanted, key, dialectData, periods });
  // It may have come through another front door, whose orders the caller does not see.
  const draft = { ...(await draftOrder(context, caller, request)), renewed: route.renewed };
  const ids = await keyOfNewOrder(context, csr, { names, profile: draft.profile });
  return {
    options: chargesOf(draft),
    place: (tx, isApproved) => place(context, tx, caller, { ...draft, ...ids, isApproved }),
  };
}

function isSameRoute(one: Route, other: Route): boolean {
  if (one.kind === 'join' && other.kind === 'join') return one.acmeOrder.id === other.acmeOrder.id;
  return one.kind === other.kind && orderOf(one)?.id === orderOf(other)?.id;
}

function orderOf(route: Route): Order | null {
  return route.kind === 'new' ? route.renewed : route.order;
}

/** Ready; or waiting with this very CSR and its names still proved. @throws {CertError} wrongState */
async function requireReady({ clock }: AppContext, stores: Stores, order: AcmeOrder, csrHash: string): Promise<void> {
  const now = clock.now();
  if (order.state === 'open' && order.expiresAt <= now) {
    throw refuse('acmeOrderExpired', { at: order.expiresAt.toISOString() });
  }
  const ids = [...new Set(order.names.map(({ authorizationId }) => authorizationId))];
  const found = await stores.authorizations.listByIds(ids);
  const authorizations = found.map((one) => asSeenBy(order.credentialId, one));
  const standing = standingOf(order, authorizations, now);
  const isSame = standing === 'waiting' && order.csrHash === csrHash;
  if (isSame && authorizations.every((one) => isUsable(one, now))) return;
  if (standing !== 'ready') throw notReady(order, standing);
}

function notReady({ id }: AcmeOrder, state: Exclude<AcmeOrderStanding, 'ready'>): CertError {
  return refuse('wrongState', { what: 'acmeOrder', value: id, state, needed: 'ready' });
}

/**
 * RFC 8555 §7.4: exactly the names of the order, in the subjectAltName or as the common name; and no others that are not certified anyway.
 * @throws {CertError} badCsr
 */
function requireSameNames(csr: Csr, names: readonly Identifier[]): void {
  const { attributes, requestedNames, otherNameKinds } = csr;
  const requested = new Set(namesOfCsr(csr).map(({ value }) => value));
  const wanted = new Set(names.map(({ value }) => value));
  const missing = [...wanted].filter((name) => !requested.has(name));
  // RFC 8738 §3: an address stands there as one, not as a host name of digits.
  const addresses = new Set(attributes.addresses);
  const disguised = requestedNames.filter((name) => isAddress(name) && !addresses.has(name));
  const further = [
    ...[...requested].filter((name) => !wanted.has(name)),
    ...disguised.map((name) => `dNSName ${name}`),
    ...otherNameKinds,
  ];
  if (missing.length > 0) throw refuse('csrLacksNames', { names: missing.join(', ') });
  if (further.length > 0) throw refuse('csrHasOtherNames', { names: further.join(', ') });
}

function isAddress(name: string): boolean {
  const identifier = nameOrUndefined(name);
  return identifier !== undefined && isIp(identifier);
}

/** What is no name of any certificate is none of the order either. @throws {CertError} badCsr */
function namesOfCsr(csr: Csr): readonly Identifier[] {
  try {
    return namesInCsr(csr, 'csr');
  } catch (thrown) {
    if (!(thrown instanceof CertError) || thrown.code === 'badCsr' || thrown.code === 'internal') throw thrown;
    const bad = thrown.reason.parts?.map(({ name }) => name) ?? [csr.commonName ?? ''];
    throw refuse('csrHasOtherNames', { names: bad.map((name) => quoted(name)).join(', ') }, { cause: thrown });
  }
}

/** RFC 8555 §11.1: the key of an ACME account, of whatever directory, is not that of a certificate. @throws {CertError} badCsr */
async function requireOtherKey(stores: Stores, { dialect }: Caller, csr: Csr): Promise<void> {
  const isAccountKey = await stores.credentials.hasKey(dialect, spkiSha256(csr.publicKey.spkiDer));
  if (isAccountKey) throw refuse('csrHasAccountKey', {});
}
