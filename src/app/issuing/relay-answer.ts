/** Keeps what an upstream wants to find, and that it has found it: the authorizations of a relayed issuance. */
import type { Authorization } from '../../domain/authorization.ts';
import { type Challenge, methodOfChoice } from '../../domain/challenge.ts';
import { reason } from '../../domain/errors.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import { acceptedChallenges } from '../../domain/policy.ts';
import type { MethodRefused, UpstreamIssuer, WantedProof, WantedProofs } from '../../domain/ports/issuer.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { newRelay, nextWish, type PassedOn, withoutWish } from '../../domain/relay.ts';
import {
  authorizationTransitions,
  issuanceTransitions,
  statesAccepting,
  upstreamOrderTransitions,
} from '../../domain/states.ts';
import type { UpstreamOrder } from '../../domain/upstream-order.ts';
import { type AppContext, profileOf } from '../context.ts';
import { laterOf } from '../orders/coverage.ts';
import { recordChange } from '../orders/order-event.ts';
import { type NameProof, proofsOf } from '../orders/order-view.ts';
import { refuseRemovals } from './relay-removal.ts';
import { restIssuance } from './rest.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;

interface Rows {
  readonly order: Order;
  readonly issuance: Issuance;
  readonly upstreamOrder: UpstreamOrder;
}

/** The answer, the wish that was passed on with the call, and whether another one is held back. */
interface WantedAnswer {
  readonly wanted: WantedProofs;
  readonly passedOn?: PassedOn;
  readonly isHeld?: true;
}

/**
 * The challenges, as they are now. With the first of them the customer's time begins, as long as their profile gives for a proof of
 * ours; later ones do not prolong it.
 */
export async function keepProofs(
  context: AppContext,
  tx: Stores,
  { order, issuance, upstreamOrder }: Rows,
  { wanted: { names, expiresAt }, passedOn, isHeld }: WantedAnswer,
): Promise<void> {
  const now = context.clock.now();
  const isFirst = upstreamOrder.state === 'preparing';
  const profile = profileOf(context, issuance.profileId);
  const deadline = isFirst ? new Date(now.getTime() + profile.validationDays * dayMs) : upstreamOrder.deadline;
  const from = statesAccepting(upstreamOrderTransitions, 'prepared');
  if (!(await tx.upstreamOrders.move(issuance.id, from, 'proving', { deadline }))) return;
  const relay = upstreamOrder.relay ?? newRelay;
  await tx.upstreamOrders.updateRelay(issuance.id, {
    ...(passedOn === undefined ? relay : withoutWish(relay, passedOn, now)),
    proofsUntil: expiresAt,
  });
  const changed: string[] = [];
  for (const proof of await proofsOf(tx, issuance)) {
    const wanted = names.find(({ name }) => name === proof.identifier.value);
    const chosen = passedOn !== undefined && 'choice' in passedOn ? passedOn.choice : undefined;
    const isChosen = chosen?.name.value === proof.identifier.value;
    const method = isChosen ? methodOfChoice(chosen.choice) : proof.authorization.preferredMethod;
    if (wanted !== undefined && (await keepProof(tx, { proof, wanted, profile, method }))) {
      changed.push(proof.identifier.value);
    }
    if (wanted?.isProved === true) await prove(context, tx, proof, laterOf(expiresAt, deadline));
  }
  if (changed.length > 0) {
    const until = expiresAt.toISOString();
    const data = { now, issuance: issuance.id, issuer: issuance.issuerId, names: changed, until };
    await recordChange(tx, null, 'validation.proofsWanted', order, data);
  }
  if (isHeld !== true) await noteHidden(context, tx, { order, issuance });
}

/** Says whether the challenges are others than before. */
async function keepProof(
  tx: Stores,
  {
    proof: { identifier, authorization },
    wanted,
    profile,
    method,
  }: {
    readonly proof: NameProof;
    readonly wanted: WantedProof;
    readonly profile: ReturnType<typeof profileOf>;
    readonly method: Authorization['preferredMethod'];
  },
): Promise<boolean> {
  if (authorization.state !== 'pending') return false;
  const challenges = acceptedChallenges(wanted.challenges, identifier, profile);
  const preferredMethod = challenges.some((one) => one.method === method) ? method : challenges[0]?.method;
  const isOther = JSON.stringify(challenges) !== JSON.stringify(authorization.challenges);
  if (!isOther && (preferredMethod ?? method) === authorization.preferredMethod) return false;
  await tx.authorizations.updateChallenges(authorization.id, {
    challenges,
    ...(preferredMethod === undefined ? {} : { preferredMethod }),
  });
  return isOther;
}

/** The front door may have no field for where the upstream wants its values: then somebody must hand them on. */
async function noteHidden(
  context: AppContext,
  tx: Stores,
  { order, issuance }: Pick<Rows, 'order' | 'issuance'>,
): Promise<void> {
  const proofs = await proofsOf(tx, issuance);
  const hidden = proofs.find(({ identifier, authorization }) => {
    if (authorization.state !== 'pending') return false;
    return !authorization.challenges.some((challenge) => isShown(context, order, challenge, identifier));
  });
  const { issuerId: issuer, rest } = issuance;
  if (hidden !== undefined) {
    const nothing = reason('nothingToShow', { dialect: order.dialect, name: hidden.identifier.value, issuer });
    await restIssuance(context, tx, { order, issuance, turn: 'operator', reason: nothing });
    return;
  }
  if (rest !== null) await tx.issuances.updateRest(issuance.id, null);
}

function isShown({ relayDoors }: AppContext, { dialect }: Order, challenge: Challenge, name: Identifier): boolean {
  const door = relayDoors.get(dialect);
  return door?.methods.includes(challenge.method) === true && door.shows(challenge, name);
}

/**
 * Its upstream vouches for it, for as long as the order may wait for its other names: their challenges run out, and this one needs
 * none any more. It has no binding: nothing else may be served by it.
 */
async function prove({ clock }: AppContext, tx: Stores, { authorization }: NameProof, validUntil: Date): Promise<void> {
  const { id, accountId, identifier, checkedBy, preferredMethod: provedBy } = authorization;
  const at = clock.now();
  const from = statesAccepting(authorizationTransitions, 'prove');
  const change = { provedBy, provedAt: at, validUntil, binding: null, keyHash: null };
  if (!(await tx.authorizations.move(id, from, 'valid', change))) return;
  await tx.events.append({
    kind: 'authorization.proved',
    accountId,
    actor: 'system',
    subject: id,
    data: { name: identifier.value, method: provedBy, checkedBy },
    requestId: null,
    at,
  });
}

/**
 * The upstream has what it wants: its order and the issuance are `issuing` from this transaction on. Changes nothing where the
 * order is being cancelled by now.
 */
export async function keepAccepted(
  context: AppContext,
  tx: Stores,
  { order, issuance, upstreamOrder }: Rows,
  { upstream }: UpstreamIssuer,
): Promise<boolean> {
  const now = context.clock.now();
  const deadline = new Date(now.getTime() + upstream.deadlineHours * hourMs);
  const from = statesAccepting(upstreamOrderTransitions, 'proved');
  if (!(await tx.upstreamOrders.move(issuance.id, from, 'issuing', { deadline }))) return false;
  const isMoved = await tx.issuances.move(issuance.id, statesAccepting(issuanceTransitions, 'accept'), 'issuing');
  if (!isMoved) throw new Error(`issuance ${issuance.id} is ${issuance.state} while its upstream order is proved`);
  const until = laterOf(upstreamOrder.relay?.proofsUntil ?? deadline, deadline);
  for (const proof of await proofsOf(tx, issuance)) await prove(context, tx, proof, until);
  await refuseRemovals(context, tx, { order, issuance });
  return true;
}

/** The name stays as it was; whoever waits for the change learns why. */
export async function keepMethodRefusal(
  context: AppContext,
  tx: Stores,
  { order, issuance, upstreamOrder }: Rows,
  { refused, passedOn }: { readonly refused: MethodRefused; readonly passedOn: PassedOn | undefined },
): Promise<void> {
  const relay = upstreamOrder.relay ?? newRelay;
  if (passedOn === undefined || !('choice' in passedOn)) return;
  const now = context.clock.now();
  const { value: name } = passedOn.choice.name;
  const method = methodOfChoice(passedOn.choice.choice);
  await tx.upstreamOrders.updateRelay(issuance.id, {
    ...withoutWish(relay, passedOn, now),
    refusal: { wish: relay.wish.number, name, reason: refused.reason },
  });
  await recordChange(tx, null, 'validation.methodRefused', order, { now, name, method, reason: refused.reason });
}

/** It was passed on, and the upstream is busy with it. */
export async function forgetWish(
  tx: Stores,
  { issuanceId, relay }: UpstreamOrder,
  passedOn: PassedOn,
  at: Date,
): Promise<void> {
  if (relay !== null) await tx.upstreamOrders.updateRelay(issuanceId, withoutWish(relay, passedOn, at));
}

/** Something else is to be passed on. */
export async function hasWish(tx: Stores, { id }: Pick<Issuance, 'id'>): Promise<boolean> {
  const found = await tx.upstreamOrders.get(id);
  return found?.state === 'proving' && found.relay !== null && nextWish(found.relay) !== undefined;
}
