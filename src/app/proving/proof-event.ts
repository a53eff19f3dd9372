/** Purpose of an authorization, and the audit log's lines about it: an order's issuance, or a domain kept before any order. */
import type { Caller } from '../../domain/caller.ts';
import type { Confirmation } from '../../domain/confirmation.ts';
import type { EventKind } from '../../domain/event.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { ManagedDomain } from '../../domain/managed-domain.ts';
import type { Order } from '../../domain/order.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { recordAccount } from '../accounts/account-event.ts';
import { recordChange } from '../orders/order-event.ts';

export type ProofPurpose = { readonly order: Order; readonly issuance: Issuance } | { readonly domain: ManagedDomain };

/** The subject of the mail; undefined when it no longer waits for it: a domain may be removed, or have new challenges. */
export async function purposeOf(stores: Stores, confirmation: Confirmation): Promise<ProofPurpose | undefined> {
  const { orderId, issuanceId, authorizationId } = confirmation;
  if (orderId === null || issuanceId === null) {
    const domain = await stores.managedDomains.getByAuthorization(authorizationId);
    return domain && { domain };
  }
  const [order, issuance] = await Promise.all([stores.orders.get(orderId), stores.issuances.get(issuanceId)]);
  return order && issuance && { order, issuance };
}

export function recordProof(
  tx: Stores,
  caller: Caller | null,
  kind: EventKind,
  purpose: ProofPurpose,
  { now, ...data }: { readonly now: Date } & Readonly<Record<string, unknown>>,
): Promise<void> {
  if ('order' in purpose) return recordChange(tx, caller, kind, purpose.order, { now, ...data });
  const { id, accountId, number } = purpose.domain;
  const by = caller ?? { actor: 'system', requestId: null };
  return recordAccount(tx, by, kind, { accountId, subject: id, data: { number, ...data }, at: now });
}
