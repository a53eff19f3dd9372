/**
 * Taking names out of an order that an upstream has. The wish is passed on like a choice of method; the names leave our order, and are
 * refunded, in the transaction that stores the upstream's yes (`issuing/relay-removal.ts`).
 */
import type { Caller } from '../../domain/caller.ts';
import { CertError, quoted, refuse } from '../../domain/errors.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { IssuanceId } from '../../domain/ids.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import { removesNames } from '../../domain/ports/issuer.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { UpstreamOrder } from '../../domain/upstream-order.ts';
import type { AppContext } from '../context.ts';
import { namedIn } from '../orders/named-in.ts';
import { recordChange } from '../orders/order-event.ts';
import { type NameProof, proofsOf } from '../orders/order-view.ts';
import { addWish, afterWish } from './relayed-choice.ts';

/** What is waited for: the number of the wish, and the names that it is about. */
export interface PassedRemoval {
  readonly issuanceId: IssuanceId;
  readonly number: number;
  readonly names: readonly string[];
}

/**
 * Keeps the wish. Names that are wished out already are waited for like the first time. The queue is woken after the commit.
 * @throws {CertError} wrongState where the upstream has no such call, for a name that it has accepted, and for the last name
 */
export async function requestRemoval(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  {
    order,
    issuance,
    found,
    names,
  }: {
    readonly order: Order;
    readonly issuance: Issuance;
    readonly found: UpstreamOrder;
    readonly names: readonly Identifier[] | 'unproved';
  },
): Promise<PassedRemoval> {
  const relay = requireRemovingUpstream(context, order, issuance, found);
  const removed = await removedBy(tx, issuance, names);
  if (removed.length === 0) throw refuse('nothingToRemove', {});
  const values = removed.map(({ value }) => value);
  // Those of another call count as gone: the upstream may have taken them out already.
  const leaving = new Set([...relay.wish.removals.map(({ value }) => value), ...values]);
  if (issuance.names.every(({ identifier }) => leaving.has(identifier.value))) throw refuse('lastName', {});
  const { number } = await addWish(context, tx, { issuance, found, added: { removals: removed } });
  await recordChange(tx, caller, 'order.removalRequested', order, { now: context.clock.now(), names: values });
  return { issuanceId: issuance.id, number, names: values };
}

/** @throws {CertError} wrongState where the upstream has no such call */
export function requireRemovingUpstream(
  { issuers }: AppContext,
  { number }: Order,
  { issuerId }: Issuance,
  { relay }: UpstreamOrder,
): NonNullable<UpstreamOrder['relay']> {
  const issuer = issuers.get(issuerId);
  if (relay !== null && issuer !== undefined && removesNames(issuer)) return relay;
  throw refuse('relayedNamesFixed', { order: String(number), issuer: issuerId });
}

async function removedBy(
  tx: Stores,
  issuance: Issuance,
  names: readonly Identifier[] | 'unproved',
): Promise<readonly Identifier[]> {
  const proofs = await proofsOf(tx, issuance);
  if (names === 'unproved') return proofs.filter(isPending).map(({ identifier }) => identifier);
  return namedIn(issuance, names).map(({ identifier: name }) => {
    const proof = proofs.find(({ identifier }) => identifier.value === name.value);
    if (proof !== undefined && !isPending(proof)) {
      const { state } = proof.authorization;
      throw refuse('wrongState', { what: 'name', value: quoted(name.value), state, needed: 'a pending validation' });
    }
    return name;
  });
}

function isPending({ authorization }: NameProof): boolean {
  return authorization.state === 'pending';
}

/**
 * Waits until the names are out, for as long as the upstream's terms say; then they leave later.
 * @throws {CertError} the reason why the order keeps one of them
 */
export async function afterRemoval(context: AppContext, removal: PassedRemoval): Promise<void> {
  const { issuanceId, names } = removal;
  await afterWish(context, issuanceId, removal);
  const { read } = context.database;
  const relay = (await read.upstreamOrders.get(issuanceId))?.relay;
  const issuance = await read.issuances.get(issuanceId);
  if (relay?.refusal == null || issuance === undefined) return;
  // One of several was refused, and another after it.
  const wished = new Set(relay.wish.removals.map(({ value }) => value));
  const isKept = issuance.names.some(({ identifier: { value } }) => names.includes(value) && !wished.has(value));
  if (isKept) throw new CertError(relay.refusal.reason);
}
