/** What an account does with its orders once they are placed. */

import { approvalTransitions, nextApprovalState } from '../domain/approval.ts';
import type { RevocationReason } from '../domain/certificate.ts';
import { reason as makeReason, refuse } from '../domain/errors.ts';
import { type Issuance, issuanceTransitions } from '../domain/issuance.ts';
import { type Order, orderTransitions } from '../domain/order.ts';
import type { Caller, OrderView, Page, Platform } from '../domain/platform.ts';
import type { Stores } from '../domain/stores.ts';
import { statesAccepting } from '../domain/transition.ts';
import { pageOf } from './accounts.ts';
import { refund } from './charging.ts';
import { chooseMethod } from './choose-method.ts';
import type { AppContext } from './context.ts';
import { endIssuanceFor, isUnderWay } from './end-issuance.ts';
import { newestIssuance } from './newest-issuance.ts';
import { recordChange } from './order-event.ts';
import { viewOrder } from './order-view.ts';
import { removeNames } from './remove-names.ts';
import { revokeCertificatesOf } from './revocation.ts';
import { findOrder, requireRole } from './scope.ts';

/** How long a poll waits for work on its order that is under way: long enough for a signature, short for a person. */
const pollWaitMs = 2_000;
/** Polls cause a check no more often than this. */
const pollCheckGapMs = 1_000;

type OrderUseCases = Pick<
  Platform,
  'order' | 'orders' | 'recheck' | 'chooseMethod' | 'removeNames' | 'revoke' | 'cancel' | 'decide'
>;

export function createOrders(context: AppContext): OrderUseCases {
  const { database, clock, queue } = context;

  /** Waits for work on the order that is under way right now, if that ends soon, so that a poll sees its result. */
  async function afterWork(order: Order): Promise<Order> {
    const work = queue.settled('issue', order.issuanceId, pollWaitMs);
    if (work === undefined) return order;
    await work;
    return reread(order);
  }

  async function reread({ id, number }: Order): Promise<Order> {
    const order = await database.read.orders.get(id);
    if (order === undefined) throw refuse('notFound', { what: 'order', value: String(number) });
    return order;
  }

  const viewAgain = async (order: Order) => viewOrder(context, await reread(order));

  async function requestCheck(issuance: Issuance): Promise<void> {
    await database.write((tx) => tx.jobs.enqueue({ kind: 'validate', subject: issuance.id, runAt: clock.now() }));
    queue.wake();
  }

  return {
    async order(caller, reference) {
      const view = await viewOrder(context, await afterWork(await findOrder(database.read, caller, reference)));
      if (view.issuance.state === 'awaitingValidation' && isCheckDue(view)) await requestCheck(view.issuance);
      return view;
    },

    async orders(caller, { limit, before, state, name }): Promise<Page<OrderView>> {
      const found = await database.read.orders.list({
        accountId: caller.accountId,
        limit: limit + 1,
        ...(caller.dialect === 'native' ? {} : { dialect: caller.dialect }),
        ...(before === undefined ? {} : { before }),
        ...(state === undefined ? {} : { state }),
        ...(name === undefined ? {} : { name }),
      });
      const page = pageOf(found, limit, (order) => order.number);
      return { ...page, items: await Promise.all(page.items.map((order) => viewOrder(context, order))) };
    },

    async recheck(caller, reference) {
      const order = await findOrder(database.read, caller, reference);
      const view = await viewOrder(context, order);
      requireIssuance(view, 'awaitingValidation');
      await requestCheck(view.issuance);
      return view;
    },

    async chooseMethod(caller, reference, name, choice) {
      const order = await findOrder(database.read, caller, reference);
      await database.write((tx) => chooseMethod(context, tx, caller, { order, name, choice }));
      queue.wake();
      return viewAgain(order);
    },

    async removeNames(caller, reference, names) {
      const order = await findOrder(database.read, caller, reference);
      await database.write((tx) => removeNames(context, tx, caller, { order, names }));
      queue.wake();
      return viewAgain(order);
    },

    async revoke(caller, reference, reason) {
      const order = await findOrder(database.read, caller, reference);
      await queue.settled('issue', order.issuanceId, pollWaitMs);
      await database.write((tx) => revokeOrder(context, tx, caller, { order, reason }));
      queue.wake();
      return viewAgain(order);
    },

    async cancel(caller, reference) {
      const order = await findOrder(database.read, caller, reference);
      await database.write((tx) => cancelOrder(context, tx, caller, order));
      return viewAgain(order);
    },

    async decide(caller, reference, decision) {
      requireRole(caller, 'approver', 'administrator');
      const order = await findOrder(database.read, caller, reference);
      await database.write((tx) => decide(context, tx, caller, { order, ...decision }));
      queue.wake();
      return viewAgain(order);
    },
  };
}

/** Whether a poll may cause a check: not sooner than a moment after the last one, so that a fast poller is no hammer. */
function isCheckDue({ authorizations, now }: OrderView): boolean {
  const last = Math.max(0, ...authorizations.flatMap(({ checks }) => checks.map((check) => check.checkedAt.getTime())));
  return now.getTime() - last >= pollCheckGapMs;
}

function requireIssuance({ order, issuance }: OrderView, state: Issuance['state']): void {
  if (issuance.state === state) return;
  throw refuse('wrongState', { what: 'order', value: String(order.number), state: issuance.state, needed: state });
}

/**
 * An order with a certificate is revoked with all its certificates; one without is rejected, which is what the CAs behind
 * the vendor APIs do, and refunded.
 */
async function revokeOrder(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  input: { readonly order: Order; readonly reason: RevocationReason },
): Promise<void> {
  const { order, issuance } = await newestIssuance(tx, input.order);
  const now = context.clock.now();
  if (order.state === 'open') {
    await endIssuanceFor(context, tx, caller, { order, issuance, note: 'rejected before it was issued' });
    await tx.orders.move(order.id, statesAccepting(orderTransitions, 'reject'), 'rejected');
    await recordChange(tx, caller, 'order.rejected', order, { now, reason: input.reason });
    return;
  }
  if (!(await tx.orders.move(order.id, statesAccepting(orderTransitions, 'revoke'), 'revoked'))) {
    throw refuse('wrongState', {
      what: 'order',
      value: String(order.number),
      state: order.state,
      needed: statesAccepting(orderTransitions, 'revoke'),
    });
  }
  await revokeCertificatesOf(context, tx, caller, { order, reason: input.reason });
  if (isUnderWay(issuance)) {
    await endIssuanceFor(context, tx, caller, { order, issuance, note: 'the order was revoked' });
  }
}

async function cancelOrder(context: AppContext, tx: Stores, caller: Caller, found: Order): Promise<void> {
  const { order, issuance } = await newestIssuance(tx, found);
  if (order.state !== 'open') {
    throw refuse('wrongState', { what: 'order', value: String(order.number), state: order.state, needed: 'open' });
  }
  await endIssuanceFor(context, tx, caller, { order, issuance, note: 'order cancelled' });
  await tx.orders.move(order.id, statesAccepting(orderTransitions, 'cancel'), 'cancelled');
  await recordChange(tx, caller, 'order.cancelled', order, { now: context.clock.now() });
}

async function decide(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  input: { readonly order: Order; readonly approve: boolean; readonly note: string },
): Promise<void> {
  const { order, issuance } = await newestIssuance(tx, input.order);
  const approval = await tx.approvals.getNewestOfOrder(order.id);
  const event = input.approve ? 'approve' : 'reject';
  const next = approval === undefined ? undefined : nextApprovalState(approval.state, event);
  const isAwaited = approval?.issuanceId === issuance.id && issuance.state === 'awaitingApproval';
  if (approval === undefined || next === undefined || !isAwaited) {
    const state = approval?.state ?? 'without a request';
    const needed = statesAccepting(approvalTransitions, event);
    throw refuse('wrongState', { what: 'approval', value: String(order.number), state, needed });
  }
  if (input.approve && approval.asks === 'new') await requireVerifier(tx, caller, order);
  const now = context.clock.now();
  const decision = { approve: input.approve, by: caller.actor, note: input.note, at: now };
  await tx.approvals.move(approval.id, [approval.state], next, decision);
  if (next === 'approved') {
    const from = statesAccepting(issuanceTransitions, 'approve');
    await tx.issuances.move(issuance.id, from, 'awaitingValidation', { validatingSince: now });
    await tx.jobs.enqueue({ kind: 'validate', subject: issuance.id, runAt: now });
    await recordChange(tx, caller, 'order.approved', order, { now, note: input.note });
  }
  if (next === 'rejected') {
    const failure = makeReason('approvalRejected', { note: input.note });
    await tx.issuances.move(issuance.id, statesAccepting(issuanceTransitions, 'fail'), 'failed', { failure });
    await refund(context, tx, { order, issuance, note: 'order rejected' });
    await tx.orders.move(order.id, statesAccepting(orderTransitions, 'reject'), 'rejected');
    await recordChange(tx, caller, 'order.rejected', order, { now, note: input.note });
  }
}

/** BR §3.2.2.1: nobody vouches for an organization of their own account; the operator, who runs the CA, verifies it. */
async function requireVerifier(tx: Stores, caller: Caller, order: Order): Promise<void> {
  const product = await tx.products.get(order.productId);
  if (product?.level !== 'dv') requireRole(caller, 'operator');
}
