/** Use cases of orders that exist. */

import type { Caller } from '../../domain/caller.ts';
import type { OrderReference, Orders, OrderView } from '../../domain/ports/orders.ts';
import type { AppContext } from '../context.ts';
import { mayBeUpstreams } from '../issuing/upstream-end.ts';
import { afterRemoval } from '../proving/relayed-removal.ts';
import { requestCheck } from '../proving/validation.ts';
import { type FoundOrder, findIssuance } from '../scope.ts';
import { cancelOrder } from './cancel-order.ts';
import { createChangeOrder } from './change-order.ts';
import { dryRunOrder } from './dry-run.ts';
import { createOrderLists } from './order-lists.ts';
import { viewOrder } from './order-view.ts';
import { checkOrder, placeOrder } from './place-order.ts';
import { removeNames } from './remove-names.ts';
import { settleOrder } from './settle-order.ts';

/** The longest time that a poll waits for work on its order: long enough for a signature, short for a person. */
const pollWaitMs = 2_000;
/** Polls cause a check no more often than this. */
const pollCheckGapMs = 1_000;

export function createOrders(context: AppContext): Orders {
  const { database, queue } = context;

  /**
   * Waits for work on the order that is under way right now, if that ends soon, so that a poll sees its result. Not for an upstream: one that
   * does not answer would hold up every poll.
   */
  async function afterWork(caller: Caller, reference: OrderReference): Promise<FoundOrder> {
    const found = await findIssuance(database.read, caller, reference);
    const work = queue.settled('issue', found.issuanceId, pollWaitMs);
    if (work === undefined) return found;
    const issuance = await database.read.issuances.get(found.issuanceId);
    if (issuance !== undefined && mayBeUpstreams(context, issuance)) return found;
    await work;
    return findIssuance(database.read, caller, reference);
  }

  async function viewFound(caller: Caller, { order, issuanceId }: FoundOrder): Promise<OrderView> {
    return viewOrder(context, order, issuanceId, caller);
  }

  async function view(caller: Caller, reference: OrderReference): Promise<OrderView> {
    return viewFound(caller, await findIssuance(database.read, caller, reference));
  }

  return {
    async get(caller, reference) {
      const found = await viewFound(caller, await afterWork(caller, reference));
      // One that a later issuance replaced is no longer in this state: a check starts nothing.
      if (found.issuance.state === 'awaitingValidation' && isCheckDue(found))
        await requestCheck(context, found.issuance);
      return found;
    },

    async removeNames(caller, reference, names) {
      const found = await findIssuance(database.read, caller, reference);
      const passedOn = await database.write((tx) => removeNames(context, tx, caller, { ...found, names }));
      queue.wake();
      if (passedOn !== undefined) await afterRemoval(context, passedOn);
      return view(caller, reference);
    },

    ...createOrderLists(context),
    change: createChangeOrder(context),
    check: (caller, request) => checkOrder(context, caller, request),
    dryRun: (caller, request) => dryRunOrder(context, caller, request),
    place: (caller, request) => placeOrder(context, caller, request),
    settle: (caller, reference, withinMs) => settleOrder(context, caller, reference, withinMs),
    cancel: (caller, reference, options) => cancelOrder(context, caller, reference, options),
  };
}

/** Reports whether a poll may cause a check: not sooner than a moment after the last one, so that a fast poller is no hammer. */
function isCheckDue({ authorizations, now }: OrderView): boolean {
  // Every name is proved and the organization is waited for: there is nothing to look for.
  if (authorizations.every(({ state }) => state === 'valid')) return false;
  // An upstream looks when it wants to, or when the customer asks for it: a poll is no reason to call it.
  if (authorizations.some(({ checkedBy }) => checkedBy !== null)) return false;
  const last = Math.max(0, ...authorizations.flatMap(({ checks }) => checks.map((check) => check.checkedAt.getTime())));
  return now.getTime() - last >= pollCheckGapMs;
}
