/** Changes of an order that need nobody's approval. */

import { quoted, refuse } from '../../domain/errors.ts';
import { requireMailbox } from '../../domain/mailbox.ts';
import { type MergePatch, mergePatch } from '../../domain/merge-patch.ts';
import { expectedOf } from '../../domain/messages/expectations.ts';
import type { Order, ReminderSettings } from '../../domain/order.ts';
import type { OrderChange, Orders } from '../../domain/ports/orders.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { OrderUpdate } from '../../domain/ports/stores/orders.ts';
import type { AppContext } from '../context.ts';
import { findIssuance } from '../scope.ts';
import { requireCustomValues } from './custom-values.ts';
import { recordChange } from './order-event.ts';
import { viewOrder } from './order-view.ts';

const longestReference = 255;
const longestMessage = 2000;
const mostAddresses = 50;

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

/** @throws {CertError} invalidField */
export function requireReminderSettings(reminders: ReminderSettings | undefined): void {
  if (reminders === undefined) return;
  for (const address of reminders.addresses) requireMailbox(address, 'reminders.addresses');
  if (reminders.addresses.length > mostAddresses) {
    throw refuse('fieldInvalid', {
      field: 'reminders.addresses',
      value: String(reminders.addresses.length),
      expected: expectedOf.addressesAtMost(mostAddresses),
    });
  }
  if (reminders.message.length > longestMessage) {
    throw refuse('fieldInvalid', {
      field: 'reminders.message',
      value: quoted(reminders.message),
      expected: expectedOf.charactersAtMost(longestMessage),
    });
  }
}

/** @throws {CertError} invalidField */
export function requireAlternativeReference(reference: string | null | undefined): void {
  if (reference === null || reference === undefined) return;
  if (reference.length > 0 && reference.length <= longestReference) return;
  throw refuse('fieldInvalid', {
    field: 'alternativeReference',
    value: quoted(reference),
    expected: expectedOf.charactersBetween(1, longestReference),
  });
}

/** @param current read under the order's lock, so that no change is lost between two that come together */
export function dialectDataAfter(change: MergePatch | undefined, current: Order['dialectData']): Order['dialectData'] {
  return change === undefined ? current : mergePatch(current, change);
}
