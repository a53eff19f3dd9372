/** Changes of an order that need nobody's approval. */

import { type MergePatch, mergePatch } from '../../domain/merge-patch.ts';
import type { Order } from '../../domain/order.ts';
import type { OrderChange, Orders } from '../../domain/ports/orders.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { OrderUpdate } from '../../domain/ports/stores/orders.ts';
import type { AppContext } from '../context.ts';
import { findIssuance } from '../scope.ts';
import { requireCustomValues } from './custom-values.ts';
import { recordChange } from './order-event.ts';
import { requireAlternativeReference, requireReminderSettings } from './order-request.ts';
import { viewOrder } from './order-view.ts';

export function createChangeOrder(context: AppContext): Orders['change'] {
  const { database, clock } = context;
  return async (caller, reference, change) => {
    requireReminderSettings(change.reminders);
    requireAlternativeReference(change.alternativeReference);
    const { order, issuanceId } = await findIssuance(database.read, caller, reference);
    const changed = await database.write(async (tx) => {
      const current = (await tx.orders.getForUpdate(order.id)) ?? order;
      const { customValues, dialectData, ...plain } = change;
      const others =
        dialectData === undefined
          ? plain
          : { ...plain, dialectData: dialectDataAfter(dialectData, current.dialectData) };
      const update: OrderUpdate =
        customValues === undefined ? others : { ...others, customValues: await valuesOf(tx, current, customValues) };
      if (Object.keys(update).length > 0) {
        await tx.orders.update(order.id, update);
        await recordChange(tx, caller, 'order.changed', order, { now: clock.now(), ...auditFields(update) });
      }
      // The job finds out itself when it is due.
      if (change.isAutoRenewed === true) {
        await tx.jobs.enqueue({ kind: 'renew', subject: order.id, runAt: clock.now() });
      }
      return tx.orders.get(order.id);
    });
    if (change.isAutoRenewed === true) context.queue.wake();
    return viewOrder(context, changed ?? order, issuanceId);
  };
}

async function valuesOf(
  tx: Stores,
  order: Order,
  values: NonNullable<OrderChange['customValues']>,
): Promise<Order['customValues']> {
  return requireCustomValues(await tx.customFields.list(order.accountId), values, order.customValues);
}

/** Dialect data may be long and concerns only the dialect: the log says only that it changed. */
function auditFields({ dialectData, ...change }: OrderUpdate): Readonly<Record<string, unknown>> {
  return dialectData === undefined ? change : { ...change, dialectData: 'changed' };
}

/** @param current read under the order's lock, so that no change is lost between two that come together */
export function dialectDataAfter(change: MergePatch | undefined, current: Order['dialectData']): Order['dialectData'] {
  return change === undefined ? current : mergePatch(current, change);
}
