/** The first step of an issuance at its upstream: whether it may be issued, and the intent, before the first call. */
import type { NameChoice } from '../../domain/challenge.ts';
import { type Reason, reason } from '../../domain/errors.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import {
  type IssuerPool,
  isPool,
  type UpstreamIssuer,
  type UpstreamWait,
  upstreamsOf,
  wantsProofs,
} from '../../domain/ports/issuer.ts';
import type { JobOutcome } from '../../domain/ports/jobs.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { newRelay, type UpstreamRelay, withWish } from '../../domain/relay.ts';
import { statesAccepting, upstreamOrderTransitions } from '../../domain/states.ts';
import type { UpstreamOrder } from '../../domain/upstream-order.ts';
import type { AppContext } from '../context.ts';
import { proofsOf } from '../orders/order-view.ts';
import { failIssuance } from './failure.ts';
import { mayBeIssued } from './may-be-issued.ts';
import { isRelayed } from './relay.ts';
import { restIssuance } from './rest.ts';
import { type SpendingOrder, spendOnOrder, spentBudget } from './upstream-budgets.ts';
import { type Choice, chooseIssuer, type Passed } from './upstream-choice.ts';
import { deadlineAfterLimit } from './upstream-deadline.ts';
import { waitToBegin } from './upstream-gate.ts';
import { choicesOf, predecessorOf } from './upstream-request.ts';
import { proveAgain } from './work-to-sign.ts';

const hourMs = 3_600_000;

/** `begin`: the intent is part of the transaction, and `begin` is called once it is committed, then never again. */
export type FirstStep =
  | { readonly call: 'begin'; readonly issuer: UpstreamIssuer }
  | { readonly outcome: JobOutcome; readonly wakes?: true };

/** What stands at the customer's for an upstream to find: looked at outside of the transaction, for the issuer that would be chosen then. */
export interface Preparation {
  readonly issuerId: string;
  readonly missing: UpstreamWait | undefined;
}

interface Rows {
  readonly order: Order;
  readonly issuance: Issuance;
  /** The pool is to try its next issuer. */
  readonly found?: UpstreamOrder;
}

/**
 * One whose names we check is `issuing` by now. A relayed one is bought before its names are proved, and awaits their validation
 * until the upstream has accepted them.
 */
export async function firstStep(
  context: AppContext,
  tx: Stores,
  configured: UpstreamIssuer | IssuerPool,
  rows: Rows & { readonly preparation: Preparation | undefined },
): Promise<FirstStep> {
  const { order, issuance, preparation } = rows;
  const proofs = await proofsOf(tx, issuance);
  const relays = isRelayed(proofs);
  if (issuance.state !== (relays ? 'awaitingValidation' : 'issuing')) return { outcome: { kind: 'done' } };
  if (issuance.csr === null) return { outcome: { kind: 'done' } };
  const answer = await mayBeIssued(context, tx, { order, issuance, proofs });
  if (answer.kind === 'never') {
    await endChoice(context, tx, rows);
    await failIssuance(context, tx, issuance, answer.reason);
    return { outcome: { kind: 'done' } };
  }
  if (answer.kind === 'rest') {
    const at = await restIssuance(context, tx, { order, issuance, ...answer });
    return { outcome: at === undefined ? { kind: 'done' } : { kind: 'again', at } };
  }
  if (answer.kind === 'unproved') {
    await proveAgain(context, tx, { order, issuance });
    return { outcome: { kind: 'done' }, wakes: true };
  }
  const overdue = overdueInPool(context, configured, rows);
  if (overdue !== undefined) {
    await endChoice(context, tx, rows);
    await failIssuance(context, tx, issuance, overdue);
    return { outcome: { kind: 'done' } };
  }
  const choice = await choiceOf(context, tx, configured, rows);
  if (choice.kind === 'none') return waitForRoom(context, tx, rows, { pool: configured, choice });
  const { issuer, passed } = choice;
  const spending = await spendingOf(tx, rows, issuer.id);
  const spent = await spentBudget(context, tx, issuer.upstream, spending);
  if (spent !== undefined) {
    const until = spent.until.toISOString();
    const reasonToRest = reason('upstreamBudgetSpent', { issuer: issuer.id, until });
    await restIssuance(context, tx, { order, issuance, turn: 'operator', reason: reasonToRest });
    return { outcome: { kind: 'again', at: spent.until } };
  }
  // Another one was chosen than a moment ago: what it needs is looked at first.
  if (preparation?.issuerId !== issuer.id) return { outcome: { kind: 'again', at: context.clock.now() } };
  if (preparation.missing !== undefined) {
    const at = await restIssuance(context, tx, { order, issuance, ...preparation.missing });
    return { outcome: at === undefined ? { kind: 'done' } : { kind: 'again', at: soonerLook(context, issuance, at) } };
  }
  const away = await waitToBegin(context, tx, issuer.upstream);
  if (away !== undefined) return { outcome: { kind: 'again', at: away }, wakes: true };
  await spendOnOrder(context, tx, issuer.upstream, spending);
  if (issuance.rest !== null) await tx.issuances.updateRest(issuance.id, null);
  await keepIntent(context, tx, issuer, {
    ...rows,
    relay: relays ? relayWith(issuer, choicesOf(proofs)) : null,
    route: isPool(configured) ? { pool: configured.id, passed } : null,
  });
  if (configured.id !== issuer.id) await tx.issuances.updateIssuer(issuance.id, issuer.id);
  return { call: 'begin', issuer };
}

/** The reason to end what its pool has tried for too long, by the terms of the one that had it last. A wrong clock makes nobody late. */
function overdueInPool(
  { clock, clockGuard }: AppContext,
  configured: UpstreamIssuer | IssuerPool,
  { found }: Rows,
): Reason | undefined {
  if (found === undefined || clock.now() < found.deadline || clockGuard.fault() !== undefined) return undefined;
  const { afterDeadline = 'fail', deadlineHours: hours = 0 } = lastOf(configured, found) ?? {};
  return afterDeadline === 'fail' ? reason('upstreamOverdue', { issuer: configured.id, hours }) : undefined;
}

/** The terms of the one that had it last. */
function lastOf(configured: UpstreamIssuer | IssuerPool, { issuerId }: Pick<UpstreamOrder, 'issuerId'>) {
  return upstreamsOf(configured).find(({ id }) => id === issuerId)?.upstream;
}

const minuteMs = 60_000;

/** Whoever places a record wants to see that it was found; where nobody does, the looks become rarer, as those for proofs do (design §4). */
function soonerLook({ clock }: AppContext, { rest }: Issuance, at: Date): Date {
  const now = clock.now().getTime();
  const restedMs = now - (rest?.since.getTime() ?? now);
  if (restedMs >= 24 * hourMs) return at;
  return new Date(Math.min(at.getTime(), now + (restedMs < hourMs ? minuteMs : 10 * minuteMs)));
}

async function keepIntent(
  { clock }: AppContext,
  tx: Stores,
  { id: issuerId, upstream: terms }: UpstreamIssuer,
  { issuance, found, relay, route }: Rows & Pick<UpstreamOrder, 'relay' | 'route'>,
): Promise<void> {
  // A pool that goes from one to the next for ever would never be late.
  const begunAt = found?.begunAt ?? clock.now();
  const usualMs = begunAt.getTime() + terms.deadlineHours * hourMs;
  // It may have waited for a limit meanwhile.
  const deadline = new Date(Math.max(usualMs, found?.deadline.getTime() ?? 0));
  const intent = { issuerId, account: terms.account, begunAt, deadline } as const;
  // The name of its pool may be that of an issuer by now: how it came there is kept.
  const way = route ?? found?.route ?? null;
  if (found !== undefined && way !== null) {
    const to = { ...intent, state: 'issuing', route: way } as const;
    const isTaken = await tx.upstreamOrders.reassign(
      issuance.id,
      statesAccepting(upstreamOrderTransitions, 'choose'),
      to,
    );
    if (!isTaken)
      throw new Error(`the order of issuance ${issuance.id} was to be given to ${issuerId}, and is ${found.state}`);
    return;
  }
  await tx.upstreamOrders.insert({
    ...intent,
    issuanceId: issuance.id,
    state: relay === null ? 'issuing' : 'preparing',
    reference: null,
    relay,
    faults: 0,
    lastFault: null,
    evidence: null,
    route,
    endedAt: null,
  });
}

/** What the order cannot say is the customer's first wish. */
function relayWith(issuer: UpstreamIssuer, chosen: readonly NameChoice[]): UpstreamRelay {
  if (!wantsProofs(issuer) || issuer.choosesMailLater !== true) return newRelay;
  const choices = chosen.filter(({ choice }) => typeof choice !== 'string');
  return choices.length === 0 ? newRelay : withWish(newRelay, { choices });
}

/** The issuer that would serve it now. Changes nothing. */
export async function choiceOf(
  context: AppContext,
  tx: Stores,
  configured: UpstreamIssuer | IssuerPool,
  rows: Rows,
): Promise<Choice> {
  if (!isPool(configured)) return { kind: 'chosen', issuer: configured, passed: [] };
  return chooseIssuer(context, tx, configured, {
    issuance: rows.issuance,
    passed: rows.found?.route?.passed ?? [],
    spendingAt: (issuer) => spendingOf(tx, rows, issuer.id),
  });
}

async function spendingOf(tx: Stores, rows: Rows, issuerId: string): Promise<SpendingOrder> {
  const { id: issuanceId, names } = rows.issuance;
  const isRenewal = (await predecessorOf(tx, rows, issuerId)) !== undefined;
  return { issuanceId, names: names.map(({ identifier }) => identifier), isRenewal };
}

/** None of the pool takes it now, or ever. */
async function waitForRoom(
  context: AppContext,
  tx: Stores,
  rows: Rows,
  { pool, choice }: { readonly pool: UpstreamIssuer | IssuerPool; readonly choice: Extract<Choice, { kind: 'none' }> },
): Promise<FirstStep> {
  const { order, issuance, found } = rows;
  const { passed, until } = choice;
  if (until === null) {
    await endChoice(context, tx, rows);
    const last: Passed | undefined = passed.at(-1);
    await failIssuance(context, tx, issuance, last?.reason ?? reason('issuerUnavailable', { issuer: pool.id }));
    return { outcome: { kind: 'done' } };
  }
  if (found?.route) {
    const { issuerId, account, begunAt, route } = found;
    const limit = { until: endOfLimit(context, passed), deadlineHours: lastOf(pool, found)?.deadlineHours ?? 0 };
    const deadline = await deadlineAfterLimit(context, tx, { ...rows, upstreamOrder: found }, limit);
    const to = { state: 'choosing', issuerId, account, begunAt, deadline, route: { ...route, passed } } as const;
    const isKept = await tx.upstreamOrders.reassign(issuance.id, ['choosing'], to);
    if (!isKept)
      throw new Error(`the order of issuance ${issuance.id} was to stay with its pool, and is ${found.state}`);
  }
  const noRoom = reason('poolHasNoRoom', { pool: pool.id, until: until.toISOString() });
  const at = await restIssuance(context, tx, { order, issuance, turn: 'operator', reason: noRoom });
  return { outcome: at === undefined ? { kind: 'done' } : { kind: 'again', at: until < at ? until : at } };
}

/** When the first of the pool that takes too much from us has room again; null: the others are away. */
function endOfLimit({ clock }: AppContext, passed: readonly Passed[]): Date | null {
  const now = clock.now();
  const ends = passed.flatMap(({ reason: { key }, until }) =>
    (key === 'upstreamLimit' || key === 'upstreamBudgetSpent') && until !== null && until > now ? [until] : [],
  );
  return ends.toSorted((one, other) => one.getTime() - other.getTime())[0] ?? null;
}

/** Its pool has nobody left to try. */
async function endChoice({ clock }: AppContext, tx: Stores, { issuance, found }: Rows): Promise<void> {
  if (found === undefined) return;
  const isEnded = await tx.upstreamOrders.move(issuance.id, ['choosing'], 'refused', { endedAt: clock.now() });
  if (!isEnded) throw new Error(`the order of issuance ${issuance.id} was to be given up, and is ${found.state}`);
}
