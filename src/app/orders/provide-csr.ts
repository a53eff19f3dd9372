/** The CSR of an order that was placed before there was one. */
import type { Caller } from '../../domain/caller.ts';
import { CertError, refuse } from '../../domain/errors.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Job } from '../../domain/job.ts';
import { objectionToOwnMadeKey } from '../../domain/may-be-issued.ts';
import { isLocal } from '../../domain/ports/issuer.ts';
import type { CsrSource, OrderReference, OrderView } from '../../domain/ports/orders.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Profile } from '../../domain/profile.ts';
import { issuanceTransitions, statesAccepting } from '../../domain/states.ts';
import { type AppContext, profileOf } from '../context.ts';
import { advance } from '../issuing/advance.ts';
import { handOver, isRelayed } from '../issuing/relay.ts';
import { objectionToArrivedKey } from '../revoking/blocked-keys.ts';
import { findOrder, newestIssuance } from '../scope.ts';
import { recordChange } from './order-event.ts';
import { proofsOf, viewOrder } from './order-view.ts';
import { noteMadeKey, type SubscriberKey, storedKey, subscriberKeyOf } from './subscriber-key.ts';

export async function provideCsr(
  context: AppContext,
  caller: Caller,
  reference: OrderReference,
  source: CsrSource,
): Promise<OrderView> {
  const { database, queue } = context;
  const found = await findOrder(database.read, caller, reference);
  const before = await database.read.issuances.get(found.issuanceId);
  if (before === undefined) throw refuse('notFound', { what: 'order', value: String(found.number) });
  requireWaiting(before, found.number);
  const names = before.names.map(({ identifier }) => identifier);
  const profile = profileOf(context, before.profileId);
  requireKeyOfSubscriber(context, before, source, profile);
  const key = await subscriberKeyOf(context, source, { names, profile, issuanceId: before.id });
  const job = await database.write(async (tx) => {
    const { order, issuance } = await newestIssuance(tx, found);
    // It was withdrawn meanwhile, or another CSR was faster.
    requireWaiting(issuance, order.number);
    if (issuance.id !== before.id) throw refuse('csrGiven', { order: String(order.number) });
    const objection = await objectionToArrivedKey(tx, { accountId: order.accountId, ...key });
    if (objection !== undefined) throw new CertError(objection);
    await tx.issuances.updateCsr(issuance.id, { csr: key.csr, sealedKey: storedKey(context, key) });
    await noteMadeKey(tx, key);
    await recordChange(tx, caller, 'order.csrProvided', order, { now: context.clock.now() });
    return resume(context, tx, issuance, key);
  });
  if (job === undefined) queue.wake();
  else queue.adopt(job);
  const order = await database.read.orders.get(found.id);
  return viewOrder(context, order ?? found);
}

/** Said now, and not when it is to be signed. @throws {CertError} forbidden */
function requireKeyOfSubscriber(
  { issuers }: AppContext,
  { issuerId }: Issuance,
  source: CsrSource,
  profile: Profile,
): void {
  const issuer = issuers.get(issuerId);
  if (source instanceof Uint8Array || issuer === undefined || !isLocal(issuer)) return;
  const objection = objectionToOwnMadeKey(profile);
  if (objection !== undefined) throw new CertError(objection.reason);
}

/** One that is still to be approved or proved takes the CSR along; one that waited for nothing else continues, or rests. */
async function resume(
  context: AppContext,
  tx: Stores,
  issuance: Issuance,
  { csr, sealedKey }: SubscriberKey,
): Promise<Job | undefined> {
  const proofs = await proofsOf(tx, issuance);
  // As it was placed, whatever its issuer is by now: then it rests, and somebody sees why.
  if (isRelayed(proofs)) {
    await handOver(context, tx, { ...issuance, csr });
    return undefined;
  }
  if (issuance.state !== 'ready') return undefined;
  return (await advance(context, tx, { issuance: { ...issuance, csr, sealedKey }, proofs })).job;
}

/** @throws {CertError} wrongState where it has one, or is over */
export function requireWaiting({ csr, state }: Issuance, number: number): void {
  const value = String(number);
  const needed = statesAccepting(issuanceTransitions, 'cancel');
  if (!needed.includes(state)) throw refuse('wrongState', { what: 'order', value, state, needed });
  if (csr !== null) throw refuse('csrGiven', { order: value });
}
