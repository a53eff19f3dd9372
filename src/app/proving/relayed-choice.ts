/** Choosing how a name is proved to an upstream that checks the names itself. */
import type { Authorization } from '../../domain/authorization.ts';
import { type MethodChoice, methodOfChoice, type NameChoice } from '../../domain/challenge.ts';
import { CertError, refuse } from '../../domain/errors.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { IssuanceId } from '../../domain/ids.ts';
import type { Issuance } from '../../domain/issuance.ts';
import { laneOfIssuer } from '../../domain/job.ts';
import { contactMailbox } from '../../domain/mailbox.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { newRelay, type RelayWish, relayedMethodsFor, withWish } from '../../domain/relay.ts';

import type { UpstreamOrder } from '../../domain/upstream-order.ts';
import type { ValidationMethod } from '../../domain/validation-method.ts';
import { type AppContext, profileOf } from '../context.ts';
import { doorOf, handOver, relayingIssuerOf, relayWaitMsOf } from '../issuing/relay.ts';

/** The choice as an authorization keeps it while its challenges are still to come. @throws {CertError} methodNotAllowed */
export function relayedChoice(
  name: Identifier,
  choice: MethodChoice,
  methods: readonly ValidationMethod[],
): Pick<Authorization, 'challenges' | 'preferredMethod'> {
  const method = methodOfChoice(choice);
  if (!methods.includes(method)) throw refuse('methodNotAllowed', { method, name: name.value });
  if (method !== 'email') return { challenges: [], preferredMethod: method };
  // Which addresses speak for the name is for the upstream to say.
  if (typeof choice === 'string') throw refuse('mailAddressMissing', { name: name.value });
  const chosen = contactMailbox(choice.address, 'address').toLowerCase();
  return {
    challenges: [{ method: 'email', binding: 'server', addresses: [chosen], chosen }],
    preferredMethod: method,
  };
}

/**
 * Keeps choices for an issuance that is relayed. Before the upstream has the order they are part of it; afterwards they are passed
 * on, one after the other, once it has challenges.
 * @returns the number of the wish, for `afterWish`; undefined where there is nothing to wait for
 * @throws {CertError} methodNotAllowed, issuerUnavailable
 */
export async function chooseRelayed(
  context: AppContext,
  tx: Stores,
  {
    issuance,
    dialect,
    chosen,
  }: {
    readonly issuance: Issuance;
    readonly dialect: string;
    readonly chosen: readonly { readonly authorization: Authorization; readonly choice: MethodChoice }[];
  },
): Promise<number | undefined> {
  const issuer = relayingIssuerOf(context, issuance.issuerId);
  if (issuer === undefined) throw refuse('issuerUnavailable', { issuer: issuance.issuerId });
  const profile = profileOf(context, issuance.profileId);
  const pair = doorOf(context, dialect);
  const found = await tx.upstreamOrders.get(issuance.id);
  const choices: NameChoice[] = [];
  for (const { authorization, choice } of chosen) {
    const { identifier: name } = authorization;
    const methods = relayedMethodsFor(name, { pair, relayed: issuer.relayedMethods, profile });
    const kept = relayedChoice(name, choice, methods);
    if (found === undefined) await tx.authorizations.updateChallenges(authorization.id, kept);
    else if (isWished(found, name) || !isShownAlready(authorization, choice)) choices.push({ name, choice });
  }
  if (found === undefined || choices.length === 0) return undefined;
  const { number } = await addWish(context, tx, { issuance, found, added: { choices } });
  return found.state === 'proving' ? number : undefined;
}

/** Another choice for it is still to be passed on: this one takes its place. */
function isWished({ relay }: UpstreamOrder, { value }: Identifier): boolean {
  return relay?.wish.choices.some(({ name }) => name.value === value) === true;
}

/** Its challenge is there: only a mail can be sent once more. */
function isShownAlready({ challenges, preferredMethod }: Authorization, choice: MethodChoice): boolean {
  return choice === preferredMethod && challenges.some(({ method }) => method === choice);
}

/** Between two checks that are passed on: a customer who asks again and again is no hammer on the upstream. */
const checkGapMs = 10_000;

/**
 * Has the upstream look now, where it has challenges. One that it has not got yet is looked at again, for whatever that waits for;
 * while it makes challenges, it has said when to ask next, and a customer's impatience is no reason to ask earlier. The queue is
 * woken after the commit.
 * @returns whether it will be asked to, and would not have been without this
 */
export async function requestRelayedCheck(
  context: AppContext,
  tx: Stores,
  { id }: Pick<Issuance, 'id'>,
): Promise<boolean> {
  const issuance = await tx.issuances.get(id);
  const found = await tx.upstreamOrders.get(id);
  if (issuance?.state !== 'awaitingValidation') return false;
  if (found === undefined) {
    await handOver(context, tx, issuance);
    return false;
  }
  if (found.state !== 'proving' || found.relay?.wish.wantsCheck === true) return false;
  await addWish(context, tx, { issuance, found, added: { wantsCheck: true } });
  return true;
}

/** Keeps a wish, and has it passed on. The queue is woken after the commit. */
export async function addWish(
  { clock }: AppContext,
  tx: Stores,
  {
    issuance: { id, issuerId },
    found: { relay, state },
    added,
  }: {
    readonly issuance: Pick<Issuance, 'id' | 'issuerId'>;
    readonly found: UpstreamOrder;
    readonly added: Partial<Omit<RelayWish, 'number'>>;
  },
): Promise<RelayWish> {
  const wished = withWish(relay ?? newRelay, added);
  await tx.upstreamOrders.updateRelay(id, wished);
  // It is passed on once there are challenges.
  if (state !== 'proving') return wished.wish;
  const nowMs = clock.now().getTime();
  const earliestMs = added.wantsCheck === true ? (wished.checkedAt?.getTime() ?? 0) + checkGapMs : nowMs;
  const runAt = new Date(Math.max(nowMs, earliestMs));
  await tx.jobs.enqueue({ kind: 'issue', subject: id, runAt, lane: laneOfIssuer(issuerId) });
  return wished.wish;
}

/** Between looks at a wish that nobody works on yet. */
const stepMs = 20;

/**
 * Waits until the wish was passed on, for as long as the upstream's terms say; then it is passed on later.
 * @throws {CertError} the upstream's reason, where it refused one of the names
 */
export async function afterWish(
  context: AppContext,
  id: IssuanceId,
  { number, names }: { readonly number: number; readonly names: readonly string[] },
): Promise<void> {
  const { database, queue, clock } = context;
  const issuance = await database.read.issuances.get(id);
  if (issuance === undefined) return;
  const deadline = clock.monotonicMs() + relayWaitMsOf(context, issuance.issuerId);
  for (;;) {
    const found = await database.read.upstreamOrders.get(id);
    const relay = found?.relay;
    if (found === undefined || relay == null) return;
    const isRefused = (relay.refusal?.wish ?? 0) >= number && names.includes(relay.refusal?.name ?? '');
    if (relay.refusal !== null && isRefused) throw new CertError(relay.refusal.reason);
    const leftMs = deadline - clock.monotonicMs();
    const isOver = found.state !== 'preparing' && found.state !== 'proving';
    if (leftMs <= 0 || isOver || !isWaiting(relay.wish, names)) return;
    await (queue.settled('issue', id, leftMs) ?? queue.endedElsewhere('issue', id, Math.min(stepMs, leftMs)));
  }
}

function isWaiting({ choices, removals }: RelayWish, names: readonly string[]): boolean {
  return [...choices.map(({ name }) => name), ...removals].some(({ value }) => names.includes(value));
}
