/** What an account does with its orders once they are placed. */

import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import type { Page } from '../../domain/page.ts';
import type { NameChoice, OrderReference, OrderSummary, OrderView } from '../../domain/ports/orders.ts';
import type { Platform } from '../../domain/ports/platform.ts';
import type { AppContext } from '../context.ts';
import { pageOf } from '../page.ts';
import { chooseMethods } from '../proving/choose-method.ts';
import { dialectScope, type FoundOrder, findIssuance } from '../scope.ts';
import { summarizeOrders, viewOrder } from './order-view.ts';
import { removeNames } from './remove-names.ts';

/** How long a poll waits for work on its order that is under way: long enough for a signature, short for a person. */
const pollWaitMs = 2_000;
/** Polls cause a check no more often than this. */
const pollCheckGapMs = 1_000;

type OrderUseCases = Pick<Platform, 'order' | 'orders' | 'recheck' | 'chooseMethods' | 'chooseMethod' | 'removeNames'>;

export function createOrders(context: AppContext): OrderUseCases {
  const { database, clock, queue } = context;

  /** Waits for work on the order that is under way right now, if that ends soon, so that a poll sees its result. */
  async function afterWork(caller: Caller, reference: OrderReference): Promise<FoundOrder> {
    const found = await findIssuance(database.read, caller, reference);
    const work = queue.settled('issue', found.issuanceId, pollWaitMs);
    if (work === undefined) return found;
    await work;
    return findIssuance(database.read, caller, reference);
  }

  async function viewFound(caller: Caller, { order, issuanceId }: FoundOrder): Promise<OrderView> {
    return viewOrder(context, order, issuanceId, caller);
  }

  async function view(caller: Caller, reference: OrderReference): Promise<OrderView> {
    return viewFound(caller, await findIssuance(database.read, caller, reference));
  }

  async function choose(caller: Caller, reference: OrderReference, choices: readonly NameChoice[]) {
    const found = await findIssuance(database.read, caller, reference);
    await database.write((tx) => chooseMethods(context, tx, caller, { ...found, choices }));
    queue.wake();
    return view(caller, reference);
  }

  async function requestCheck(issuance: Issuance): Promise<void> {
    await database.write((tx) => tx.jobs.enqueue({ kind: 'validate', subject: issuance.id, runAt: clock.now() }));
    queue.wake();
  }

  return {
    async order(caller, reference) {
      const found = await viewFound(caller, await afterWork(caller, reference));
      // One that a later issuance took the place of is not in this state any more: looking at it starts nothing.
      if (found.issuance.state === 'awaitingValidation' && isCheckDue(found)) await requestCheck(found.issuance);
      return found;
    },

    async orders(caller, { limit, before, state, name }): Promise<Page<OrderSummary>> {
      const found = await database.read.orders.list({
        accountId: caller.accountId,
        limit: limit + 1,
        ...dialectScope(caller),
        ...(before === undefined ? {} : { before }),
        ...(state === undefined ? {} : { state }),
        ...(name === undefined ? {} : { name }),
      });
      const page = pageOf(found, limit, (order) => order.number);
      return { ...page, items: await summarizeOrders(context, newestOf(page.items)) };
    },

    async recheck(caller, reference) {
      const found = await view(caller, reference);
      requireIssuance(found, 'awaitingValidation');
      await requestCheck(found.issuance);
      return found;
    },

    chooseMethods: choose,

    chooseMethod: (caller, reference, name, choice) => choose(caller, reference, [{ name, choice }]),

    async removeNames(caller, reference, names) {
      const found = await findIssuance(database.read, caller, reference);
      await database.write((tx) => removeNames(context, tx, caller, { ...found, names }));
      queue.wake();
      return view(caller, reference);
    },
  };
}

export function newestOf(orders: readonly Order[]): readonly FoundOrder[] {
  return orders.map((order) => ({ order, issuanceId: order.issuanceId }));
}

/** Whether a poll may cause a check: not sooner than a moment after the last one, so that a fast poller is no hammer. */
function isCheckDue({ authorizations, now }: OrderView): boolean {
  // Every name is proved and the organization is waited for: there is nothing to look for.
  if (authorizations.every(({ state }) => state === 'valid')) return false;
  const last = Math.max(0, ...authorizations.flatMap(({ checks }) => checks.map((check) => check.checkedAt.getTime())));
  return now.getTime() - last >= pollCheckGapMs;
}

function requireIssuance({ order, issuance }: OrderView, state: Issuance['state']): void {
  if (issuance.state === state) return;
  throw refuse('wrongState', { what: 'order', value: String(order.number), state: issuance.state, needed: state });
}
