/** Refunds of orders that have their certificate, as the operator grants them. An order without one is cancelled, and refunded so. */
import { quoted, refuse } from '../../domain/errors.ts';
import { expectedOf } from '../../domain/messages/expectations.ts';
import { formatMoney } from '../../domain/money.ts';
import type { Order } from '../../domain/order.ts';
import type { Refund, Refunds } from '../../domain/ports/refunds.ts';
import { withDefined } from '../../domain/with-defined.ts';
import type { AppContext } from '../context.ts';
import { pageOf } from '../page.ts';
import { accountFilter, findAccount, findOrder, newestIssuance } from '../scope.ts';
import { appendRefund } from './charging.ts';
import { recordChange } from './order-event.ts';

const longestNote = 500;

export function createRefunds(context: AppContext): Refunds {
  const { database, clock, queue } = context;
  return {
    async list(caller, { account, order, limit, before, withTotal, ...times }) {
      const { read } = database;
      const accountId = account === undefined ? accountFilter(caller) : (await findAccount(read, caller, account)).id;
      const orderId = order === undefined ? undefined : (await findOrder(read, caller, { id: order })).id;
      const filter = { ...times, accountId, kind: 'refund' as const, ...withDefined({ orderId }) };
      const found = await read.ledger.find({ ...filter, limit: limit + 1, ...withDefined({ before }) });
      const { items, next } = pageOf(found, limit, ({ sequence }) => sequence);
      const total = withTotal && (await read.ledger.count(filter));
      return { items: items.map(({ sequence: _, ...entry }) => entry), next, ...withDefined({ total }) };
    },

    async refund(caller, reference, request) {
      const note = checkedNote(request.note);
      const found = await findOrder(database.read, caller, reference);
      const refunded = await database.write(async (tx) => {
        // Locked: of two refunds at once the second sees what the first has left.
        const { order } = await newestIssuance(tx, found);
        const amountMinor = checkedAmount(order, request.amountMinor);
        const entry = await appendRefund(context, tx, { order, amountMinor, note, actor: caller.actor });
        const { currency } = order;
        await recordChange(tx, caller, 'order.refunded', order, { now: clock.now(), amountMinor, currency, note });
        return entry;
      });
      queue.wake();
      return refunded;
    },
  };
}

function checkedNote(note: string): string {
  const trimmed = note.trim();
  if (trimmed !== '' && trimmed.length <= longestNote) return trimmed;
  const expected = expectedOf.charactersBetween(1, longestNote);
  throw refuse('fieldInvalid', { field: 'note', value: quoted(note), expected });
}

/** @throws {CertError} wrongState, invalidField */
export function checkedAmount({ number, state, currency, paidMinor }: Order, wanted: Refund['amountMinor']): number {
  if (state === 'open') throw refuse('refundOfOpenOrder', { order: String(number) });
  if (paidMinor === 0) throw refuse('nothingToRefund', { order: String(number) });
  const amountMinor = wanted ?? paidMinor;
  if (!Number.isSafeInteger(amountMinor) || amountMinor < 1) {
    const expected = expectedOf.integerBetween(1, paidMinor);
    throw refuse('fieldInvalid', { field: 'amountMinor', value: quoted(amountMinor), expected });
  }
  if (amountMinor <= paidMinor) return amountMinor;
  throw refuse('refundTooLarge', {
    order: String(number),
    amount: formatMoney({ minor: amountMinor, currency }),
    left: formatMoney({ minor: paidMinor, currency }),
  });
}
