/** Requests for approval: who may decide them, and what a decision sets going. */
import type { Account } from '../../domain/account.ts';
import type { Approval } from '../../domain/approval.ts';
import { approvingRoles, type Caller, type Reference, requireRole } from '../../domain/caller.ts';
import { reason as makeReason, type Reason, refuse } from '../../domain/errors.ts';
import { type CredentialId, isId, type UserId } from '../../domain/ids.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import type { CountedPage } from '../../domain/page.ts';
import type { AcmeRequester, ApprovalSummary, Approvals, ApprovalView } from '../../domain/ports/approvals.ts';
import type { OrderReference } from '../../domain/ports/orders.ts';
import type { ApprovalPage } from '../../domain/ports/stores/approvals.ts';
import type { Stores, WriteOptions } from '../../domain/ports/stores/index.ts';
import {
  approvalTransitions,
  issuanceTransitions,
  nextApprovalState,
  orderTransitions,
  statesAccepting,
} from '../../domain/states.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { conditionOfContainers } from '../accounts/containers.ts';
import { countsAs, isPerson } from '../accounts/people.ts';
import type { AppContext } from '../context.ts';
import { inTurns } from '../in-turns.ts';
import { afterSignatures } from '../issuing/signing.ts';
import { requireMoved } from '../moved.ts';
import { queueDeliveries } from '../outbound/deliveries.ts';
import { sendChosenMails } from '../proving/confirmation-request.ts';
import { queueValidation } from '../proving/queue-validation.ts';
import { refusalOf } from '../refusal-of.ts';
import { alarm } from '../revoking/block-key.ts';
import { revokeAsApproved } from '../revoking/revocation.ts';
import { type Compromised, onFullDiskToo } from '../revoking/revoke-certificate.ts';
import { accountFilter, dialectScope, type FoundOrder, findAccount, findOrder, maySee } from '../scope.ts';
import { refund } from './charging.ts';
import { releaseRenewed } from './coverage.ts';
import { actorsOf, listDecidable } from './decidable.ts';
import { recordChange } from './order-event.ts';
import { summarizeOrders, viewOrder } from './order-view.ts';
import { withdrawNewest, withdrawRequest } from './withdraw.ts';

interface Decision {
  readonly approve: boolean;
  readonly note: string;
  readonly version?: number;
}

export function createApprovals(context: AppContext): Approvals {
  const { database, queue } = context;
  const { read } = database;

  async function find(caller: Caller, reference: Reference): Promise<Approval> {
    const approval =
      'number' in reference
        ? await read.approvals.getByNumber(reference.number)
        : isId('approval', reference.id)
          ? await read.approvals.get(reference.id)
          : undefined;
    const order = approval && (await read.orders.get(approval.orderId));
    if (approval === undefined || order === undefined || !maySee(caller, order)) {
      throw refuse('notFound', { what: 'approval', value: String(Object.values(reference)[0]) });
    }
    return approval;
  }

  /** A signature under way would keep its order from being revoked. */
  async function afterSignaturesOf({ asks, orderId }: Approval): Promise<void> {
    const order = asks === 'revoke' ? await read.orders.get(orderId) : undefined;
    if (order !== undefined) await afterSignatures(context, order);
  }

  /** The orders of a page of requests, read together. */
  async function ordersFoundBy(approvals: readonly Approval[]): Promise<readonly FoundOrder[]> {
    return inTurns(approvals, async (some) => {
      const orders = await read.orders.listByIds([...new Set(some.map(({ orderId }) => orderId))]);
      const byId = new Map(orders.map((order) => [order.id, order]));
      return some.map(({ id, orderId, issuanceId }) => {
        const order = byId.get(orderId);
        if (order === undefined) throw refuse('internal', {}, { cause: new Error(`${id} is of no order`) });
        return { order, issuanceId };
      });
    });
  }

  /** The order as of the issuance that the request is about. */
  async function foundBy({ id, orderId, issuanceId }: Approval): Promise<FoundOrder> {
    const order = await read.orders.get(orderId);
    if (order === undefined) throw refuse('internal', {}, { cause: new Error(`${id} is of no order`) });
    return { order, issuanceId };
  }

  async function summariesOf(approvals: readonly Approval[]): Promise<readonly ApprovalSummary[]> {
    const views = await summarizeOrders(context, await ordersFoundBy(approvals));
    return approvals.flatMap((approval, index) => {
      const view = views[index];
      return view === undefined ? [] : [{ approval, view: { ...view, approval } }];
    });
  }

  async function viewOf(approval: Approval): Promise<ApprovalView> {
    const { order, issuanceId } = await foundBy(approval);
    const [view, acme] = await Promise.all([viewOrder(context, order, issuanceId), acmeRequesterOf(read, approval)]);
    return { approval, acme, view: { ...view, approval } };
  }

  async function decidable(caller: Caller, { limit, before, ...filter }: ApprovalPage): Promise<CountedPage<Approval>> {
    const mayDecide = async (approval: Approval) => {
      requireRole(caller, ...approvingRoles);
      await requireDecider(read, caller, approval, true);
    };
    const { offset: _, sort: __, states: ___, ...rest } = filter;
    const all = await listDecidable(read, rest, mayDecide);
    const behind = before === undefined ? all : all.filter(({ number }) => number < before);
    return { items: behind.slice(0, limit), total: all.length };
  }

  async function decideRequest(caller: Caller, reference: Reference, decision: Decision): Promise<ApprovalView> {
    const approval = await find(caller, reference);
    if (decision.approve) await afterSignaturesOf(approval);
    const work = (tx: Stores) => decide(context, tx, caller, { approval, ...decision });
    alarm(context, await database.write(work, spaceFor(approval)));
    queue.wake();
    return viewOf(await find(caller, { id: approval.id }));
  }

  async function decideOrder(caller: Caller, reference: OrderReference, decision: Decision): Promise<ApprovalView> {
    const order = await findOrder(read, caller, reference);
    const [waiting] = await read.approvals.listWaitingOfOrder(order.id);
    const { approval, compromised } = await database.write(async (tx) => {
      const found = (await tx.approvals.listWaitingOfOrder(order.id))[0];
      if (found === undefined) throw await refusalOfOrder(tx, order, decision);
      return { approval: found, compromised: await decide(context, tx, caller, { approval: found, ...decision }) };
    }, spaceFor(waiting));
    alarm(context, compromised);
    queue.wake();
    const view = await viewOrder(context, (await read.orders.get(order.id)) ?? order);
    const acme = await acmeRequesterOf(read, approval);
    return { approval: (await read.approvals.get(approval.id)) ?? approval, acme, view };
  }

  return {
    async list(caller, query) {
      const { containerNumbers, orderNumbers, account, isMine, isDecidable, withWhy, ...rest } = query;
      const orders = orderNumbers && (await Promise.all(orderNumbers.map((number) => read.orders.getByNumber(number))));
      const orderIds = orders?.flatMap((order) => (order === undefined ? [] : [order.id]));
      if (orderIds?.length === 0) return { items: [], total: 0 };
      const requestedBy = isMine && (await actorsOf(read, caller));
      const filter = {
        ...rest,
        accountId: account === undefined ? accountFilter(caller) : (await findAccount(read, caller, account)).id,
        ...dialectScope(caller),
        ...(containerNumbers === undefined ? {} : await conditionOfContainers(read, caller, containerNumbers)),
        ...withDefined({ orderIds, requestedBy }),
      };
      const { items, total } = isDecidable ? await decidable(caller, filter) : await read.approvals.search(filter);
      const summaries = await summariesOf(items);
      if (withWhy === undefined) return { items: summaries, total };
      const explained = await Promise.all(
        summaries.map(async (one) => ({ ...one, why: await refusalOfApproving(read, caller, one.approval) })),
      );
      return { items: explained, total };
    },

    async get(caller, reference) {
      return viewOf(await find(caller, reference));
    },

    async withdraw(caller, target) {
      const approval = 'order' in target ? undefined : await find(caller, target);
      const found = await findOrder(read, caller, 'order' in target ? target.order : { id: approval?.orderId ?? '' });
      await database.write((tx) =>
        approval === undefined
          ? withdrawNewest(context, tx, caller, { found, kind: 'order' in target ? target.kind : undefined })
          : withdrawRequest(context, tx, caller, { found, approval }),
      );
      queue.wake();
      return viewOrder(context, (await read.orders.get(found.id)) ?? found);
    },

    decide: (caller, target, decision) =>
      'order' in target ? decideOrder(caller, target.order, decision) : decideRequest(caller, target, decision),
  };
}

async function acmeRequesterOf(
  stores: Stores,
  { requestedBy }: Pick<Approval, 'requestedBy'>,
): Promise<AcmeRequester | null> {
  if (requestedBy === null || !isId('credential', requestedBy)) return null;
  const credential = await stores.credentials.get(requestedBy);
  if (credential?.key == null) return null;
  const { number, publicId, label, key, externalAccountKeyId } = credential;
  const bound = externalAccountKeyId === null ? undefined : await stores.externalAccountKeys.get(externalAccountKeyId);
  return {
    credential: { number, publicId, label, directory: key.realm },
    key: bound === undefined ? null : { number: bound.number, name: bound.name, keyId: bound.keyId },
  };
}

/** A revocation that waits for its approver is one as well. */
function spaceFor(approval: Approval | undefined): WriteOptions {
  return approval?.asks === 'revoke' ? onFullDiskToo : {};
}

export async function refusalOfOrder(tx: Stores, order: Order, { approve }: Pick<Decision, 'approve'>): Promise<Error> {
  const newest = await tx.approvals.getNewestOfOrder(order.id);
  return refuse('wrongState', {
    what: 'approval',
    value: String(order.number),
    state: newest?.state ?? 'approved',
    needed: statesAccepting(approvalTransitions, approve ? 'approve' : 'reject'),
  });
}

async function decide(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  input: Decision & { readonly approval: Pick<Approval, 'id' | 'orderId' | 'number'> },
): Promise<Compromised> {
  const { approve, note } = input;
  // The order's lock first: whatever else ends the request holds it too.
  const order = await tx.orders.getForUpdate(input.approval.orderId);
  const approval = await tx.approvals.get(input.approval.id);
  const event = approve ? 'approve' : 'reject';
  const next = approval && nextApprovalState(approval.state, event);
  if (order === undefined || approval === undefined || next === undefined) {
    throw decidedAlready(input.approval, { event, state: approval?.state });
  }
  // Whoever names none has seen what was filed at first.
  if ((input.version ?? 1) !== approval.version) {
    throw refuse('approvalChanged', { request: String(approval.number), version: approval.version });
  }
  await requireDecider(tx, caller, approval, approve);
  const at = context.clock.now();
  const isMoved = await tx.approvals.move(approval.id, [approval.state], next, { approve, by: caller.actor, note, at });
  const { number, state } = approval;
  requireMoved(isMoved, {
    what: 'approval',
    value: String(number),
    state,
    needed: statesAccepting(approvalTransitions, event),
  });
  const work = { order, approval, note };
  if (next === 'pending') await recordStep(tx, caller, { ...work, now: at });
  else if (approval.asks === 'revoke') return decideRevocation(context, tx, caller, { ...work, approve });
  else if (approve) await letGoOn(context, tx, caller, work);
  else await rejectIssuance(context, tx, caller, work);
  return [];
}

function decidedAlready(
  { number }: Pick<Approval, 'number'>,
  { event, state }: { readonly event: 'approve' | 'reject'; readonly state: Approval['state'] | undefined },
): Error {
  const needed = statesAccepting(approvalTransitions, event);
  return refuse('wrongState', { what: 'approval', value: String(number), state: state ?? 'without a request', needed });
}

/** What `decide` refuses whatever its version. @throws {CertError} wrongState once it is decided, forbidden */
export async function requireDecidable(
  tx: Stores,
  caller: Caller,
  approval: Approval,
  approve: boolean,
): Promise<void> {
  const event = approve ? 'approve' : 'reject';
  const { state } = approval;
  if (nextApprovalState(state, event) === undefined) throw decidedAlready(approval, { event, state });
  await requireDecider(tx, caller, approval, approve);
}

/** Why the caller may not approve it now; null: they may. */
function refusalOfApproving(read: Stores, caller: Caller, approval: Approval): Promise<Reason | null> {
  return refusalOf(() => {
    requireRole(caller, ...approvingRoles);
    return requireDecidable(read, caller, approval, true);
  });
}

interface Decided {
  readonly order: Order;
  readonly approval: Approval;
  readonly note: string;
}

/**
 * A request is approved by somebody else than its requester, where the account separates duties, and than whoever took the first
 * step. Whoever withdraws their own request does no harm. A key without a person decides nothing where duties are separate.
 * @throws {CertError} forbidden
 */
async function requireDecider(tx: Stores, caller: Caller, approval: Approval, approve: boolean): Promise<void> {
  const account = await tx.accounts.get(approval.accountId);
  if (account === undefined) throw refuse('internal', {}, { cause: new Error(`${approval.id} is of no account`) });
  const { separatesDuties } = account;
  // The decision is for a member of the account: an operator who requests as well could be both people.
  if (separatesDuties && caller.isActingFor) throw refuse('notForActingOperator', { account: account.id });
  if (approve) await requireAnotherPerson(tx, caller, approval, account);
  if (separatesDuties && !(await isPerson(tx, caller.actor))) throw refuse('personNeeded', {});
}

async function requireAnotherPerson(
  tx: Stores,
  caller: Caller,
  { number, requestedBy, decisions }: Approval,
  account: Account,
): Promise<void> {
  const decider = await countsAs(tx, account, caller.actor);
  const isDecider = async (other: UserId | CredentialId | null) =>
    other !== null && (await countsAs(tx, account, other)) === decider;
  const value = String(number);
  if (account.separatesDuties && (await isDecider(requestedBy))) throw refuse('approverIsRequester', { value });
  for (const { by } of decisions) if (await isDecider(by)) throw refuse('approverOfFirstStep', { value });
}

function recordStep(
  tx: Stores,
  caller: Caller,
  { order, approval, note, now }: Decided & { readonly now: Date },
): Promise<void> {
  const { number: request, asks } = approval;
  return recordChange(tx, caller, 'approval.firstStep', order, { now, request, asks, note });
}

async function letGoOn(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  { order, approval, note }: Decided,
): Promise<void> {
  const { asks, number: request } = approval;
  const now = context.clock.now();
  const issuance = await awaited(tx, approval);
  const from = statesAccepting(issuanceTransitions, 'approve');
  const isMoved = await tx.issuances.move(issuance.id, from, 'awaitingValidation', { validatingSince: now });
  requireMoved(isMoved, { what: 'approval', value: String(request), state: issuance.state, needed: from });
  await queueValidation(context, tx, issuance, now);
  await sendChosenMails(context, tx, caller, { order, issuance });
  await recordChange(tx, caller, 'order.approved', order, { now, request, asks, note });
}

/** The request's own issuance, which is not always the order's newest. @throws {CertError} wrongState */
async function awaited(tx: Stores, { issuanceId, number }: Approval): Promise<Issuance> {
  const issuance = await tx.issuances.get(issuanceId);
  if (issuance?.state === 'awaitingApproval') return issuance;
  const state = issuance?.state ?? 'without a request';
  throw refuse('wrongState', { what: 'approval', value: String(number), state, needed: 'awaitingApproval' });
}

async function rejectIssuance(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  { order, approval, note }: Decided,
): Promise<void> {
  const now = context.clock.now();
  const issuance = await awaited(tx, approval);
  const failure = makeReason('approvalRejected', { note });
  const from = statesAccepting(issuanceTransitions, 'fail');
  const isMoved = await tx.issuances.move(issuance.id, from, 'failed', { failure });
  const { asks, number: request } = approval;
  requireMoved(isMoved, { what: 'approval', value: String(request), state: issuance.state, needed: from });
  await refund(context, tx, { order, issuance, note: `${asks} rejected` });
  if (await tx.orders.move(order.id, statesAccepting(orderTransitions, 'reject'), 'rejected')) {
    await releaseRenewed(tx, order);
  }
  await recordChange(tx, caller, 'order.rejected', order, { now, request, asks, note });
  await queueDeliveries(context, tx, { event: 'orderRejected', order, issuanceId: issuance.id });
}

/** An approved revocation is done in this very transaction; a refused one leaves everything as it is. */
async function decideRevocation(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  { order, approval, note, approve }: Decided & { readonly approve: boolean },
): Promise<Compromised> {
  const now = context.clock.now();
  const { number: request } = approval;
  const kind = approve ? 'revocation.approved' : 'revocation.rejected';
  await recordChange(tx, caller, kind, order, { now, request, note });
  return approve ? revokeAsApproved(context, tx, caller, { order, approval }) : [];
}
