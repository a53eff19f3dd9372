/** Taking names out of an order that is not issued yet, so that the others need not wait for them. */
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { Issuance, IssuanceName } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { issuanceTransitions, statesAccepting } from '../../domain/states.ts';
import type { AppContext } from '../context.ts';
import { missingProofs } from '../proving/proof.ts';
import { queueValidation } from '../proving/queue-validation.ts';
import { type PassedRemoval, requestRemoval, requireRemovingUpstream } from '../proving/relayed-removal.ts';
import { type FoundOrder, newestIssuance } from '../scope.ts';
import { termsOfIssuance } from './key-terms.ts';
import { namedIn } from './named-in.ts';
import { proofsOf } from './order-view.ts';
import { takeOutNames } from './take-out-names.ts';

/** @returns what is passed on first, to an upstream that has the order (`afterRemoval`); undefined where the names are out */
export async function removeNames(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  input: FoundOrder & { readonly names: readonly Identifier[] | 'unproved' },
): Promise<PassedRemoval | undefined> {
  const { order, issuance } = await newestIssuance(tx, input.order, input.issuanceId);
  await requireNamesRemovable(context, tx, order, issuance);
  const found = await tx.upstreamOrders.get(issuance.id);
  if (found !== undefined) {
    return requestRemoval(context, tx, caller, { order, issuance, found, names: input.names });
  }
  const removed = input.names === 'unproved' ? await unprovedOf(context, tx, issuance) : namedIn(issuance, input.names);
  if (removed.length === 0) throw refuse('nothingToRemove', {});
  if (removed.length === issuance.names.length) throw refuse('lastName', {});
  const kept = await takeOutNames(context, tx, caller, { order, issuance, removed });
  // The remaining names may all be proved.
  if (issuance.state === 'awaitingValidation') {
    await queueValidation(context, tx, { ...issuance, names: kept }, context.clock.now());
  }
  return undefined;
}

/** @throws {CertError} wrongState once it is being signed, or where an upstream has the names and cannot take any out */
export async function requireNamesRemovable(
  context: AppContext,
  tx: Stores,
  order: Order,
  issuance: Issuance,
): Promise<void> {
  const { id, state } = issuance;
  const needed = statesAccepting(issuanceTransitions, 'cancel');
  if (!needed.includes(state))
    throw refuse('wrongState', { what: 'order', value: String(order.number), state, needed });
  const found = await tx.upstreamOrders.get(id);
  if (found !== undefined) requireRemovingUpstream(context, order, issuance, found);
}

async function unprovedOf(context: AppContext, tx: Stores, issuance: Issuance): Promise<readonly IssuanceName[]> {
  const now = context.clock.now();
  const terms = await termsOfIssuance(context, tx, issuance);
  const missing = await missingProofs(tx, await proofsOf(tx, issuance), { issuance, ...terms, now });
  const values = new Set(missing.map(({ identifier }) => identifier.value));
  return issuance.names.filter(({ identifier }) => values.has(identifier.value));
}
