/** The audit log's lines about orders. */
import type { Caller } from '../../domain/caller.ts';
import type { EventKind } from '../../domain/event.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { Order } from '../../domain/order.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { namesOf } from '../accounts/account-event.ts';

/** An order was placed, reissued or duplicated for these names: by a caller, or by the platform itself. */
export function recordOrder(
  tx: Stores,
  caller: Caller | null,
  kind: EventKind,
  order: Order,
  { names, totalMinor, now }: { names: readonly Identifier[]; totalMinor: number; now: Date },
): Promise<void> {
  return tx.events.append({
    kind,
    accountId: order.accountId,
    subject: order.id,
    data: { number: order.number, names: names.map((name) => name.value), totalMinor, currency: order.currency },
    ...namesOf(caller),
    at: now,
  });
}

/** Records another event of an order: done by a caller, or by the platform. */
export function recordChange(
  tx: Stores,
  caller: Caller | null,
  kind: EventKind,
  order: Order,
  { now, ...data }: { readonly now: Date } & Readonly<Record<string, unknown>>,
): Promise<void> {
  return tx.events.append({
    kind,
    accountId: order.accountId,
    subject: order.id,
    data: { number: order.number, ...data },
    ...namesOf(caller),
    at: now,
  });
}
