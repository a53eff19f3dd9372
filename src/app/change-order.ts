/** What may be changed of an order without anybody's approval. */
import { quoted, refuse } from '../domain/errors.ts';
import { requireMailbox } from '../domain/mailbox.ts';
import type { ExpiryNotices, Order } from '../domain/order.ts';
import type { OrderChange, Platform } from '../domain/platform.ts';
import type { OrderUpdate, Stores } from '../domain/stores.ts';
import type { AppContext } from './context.ts';
import { requireCustomValues } from './custom-values.ts';
import { extensionAfter } from './extension.ts';
import { recordChange } from './order-event.ts';
import { viewOrder } from './order-view.ts';
import { findIssuance, requireRole } from './scope.ts';

const longestReference = 255;
const longestMessage = 2000;
const mostAddresses = 50;

export function createChangeOrder(context: AppContext): Platform['changeOrder'] {
  const { database, clock } = context;
  return async (caller, reference, change) => {
    requireRole(caller, 'requester', 'approver', 'administrator');
    requireNotices(change.notices);
    requireAlternativeReference(change.alternativeReference);
    const { order, issuanceId } = await findIssuance(database.read, caller, reference);
    const changed = await database.write(async (tx) => {
      const current = (await tx.orders.getForUpdate(order.id)) ?? order;
      const { customValues, extension, ...plain } = change;
      const others =
        extension === undefined ? plain : { ...plain, extension: extensionAfter(extension, current.extension) };
      const update: OrderUpdate =
        customValues === undefined ? others : { ...others, customValues: await valuesOf(tx, current, customValues) };
      if (Object.keys(update).length > 0) {
        await tx.orders.update(order.id, update);
        await recordChange(tx, caller, 'order.changed', order, { now: clock.now(), ...told(update) });
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
  given: NonNullable<OrderChange['customValues']>,
): Promise<Order['customValues']> {
  return requireCustomValues(await tx.customFields.list(order.accountId), given, order.customValues);
}

/** What only the dialect reads may be long and is its own affair: the log says that it changed. */
function told({ extension, ...change }: OrderUpdate): Readonly<Record<string, unknown>> {
  return extension === undefined ? change : { ...change, extension: 'changed' };
}

/** @throws {CertError} invalidField */
export function requireNotices(notices: ExpiryNotices | undefined): void {
  if (notices === undefined) return;
  for (const address of notices.addresses) requireMailbox(address, 'notices.addresses');
  if (notices.addresses.length > mostAddresses) {
    const expected = { en: `at most ${mostAddresses} addresses`, zh: `至多 ${mostAddresses} 个邮箱地址` };
    throw refuse('fieldInvalid', { field: 'notices.addresses', value: String(notices.addresses.length), expected });
  }
  if (notices.message.length > longestMessage) {
    const expected = { en: `at most ${longestMessage} characters`, zh: `至多 ${longestMessage} 个字符` };
    throw refuse('fieldInvalid', { field: 'notices.message', value: quoted(notices.message), expected });
  }
}

/** @throws {CertError} invalidField */
export function requireAlternativeReference(reference: string | null | undefined): void {
  if (reference === null || reference === undefined) return;
  if (reference.length > 0 && reference.length <= longestReference) return;
  const expected = { en: `between 1 and ${longestReference} characters`, zh: `1 至 ${longestReference} 个字符` };
  throw refuse('fieldInvalid', { field: 'alternativeReference', value: quoted(reference), expected });
}
