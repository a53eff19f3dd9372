/**
 * The version of an order as its page shows it: one part for each thing that may change, so that whoever acts on what they have seen learns
 * which of them did. Checks are no part of it, which go on while somebody reads.
 */
import { hash } from 'node:crypto';
import { type Reason, reason } from '../../domain/errors.ts';
import type { Order } from '../../domain/order.ts';
import { type OrderPart, orderParts } from '../../domain/order-part.ts';
import type { OrderView } from '../../domain/ports/orders.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';

type Seen = Pick<OrderView, 'order' | 'issuance' | 'approval' | 'certificate'> & {
  readonly authorizations: readonly Pick<OrderView['authorizations'][number], 'id' | 'state' | 'preferredMethod'>[];
};

const partLength = 8;
/** Five parts, as there are in `orderParts`. */
const form = /^[0-9a-f]{8}(?:-[0-9a-f]{8}){4}$/;

export function versionOf(seen: Seen): string {
  const parts = contentOf(seen);
  return orderParts.map((part) => digest(parts[part])).join('-');
}

/** The same of what the stores have now, in a transaction. */
export async function currentVersion(tx: Stores, order: Order): Promise<string | undefined> {
  const issuance = await tx.issuances.get(order.issuanceId);
  if (issuance === undefined) return undefined;
  const ids = issuance.names.map(({ authorizationId }) => authorizationId);
  const found = new Map((await tx.authorizations.listByIds([...new Set(ids)])).map((one) => [one.id, one]));
  const certificate = issuance.certificateId === null ? undefined : await tx.certificates.get(issuance.certificateId);
  return versionOf({
    order,
    issuance,
    authorizations: ids.flatMap((id) => found.get(id) ?? []),
    approval: (await tx.approvals.getNewestOfOrder(order.id)) ?? null,
    certificate: certificate ?? null,
  });
}

/** Why a version that was seen is not the present one; null: it is. One that is none of ours has changed in everything. */
export function objectionToVersion(
  { number }: Pick<Order, 'number'>,
  { seen, now }: { readonly seen: string; readonly now: string },
): Reason | null {
  if (seen === now) return null;
  const before = form.test(seen) ? seen.split('-') : [];
  const present = now.split('-');
  const changed = orderParts.filter((_, index) => before[index] !== present[index]);
  return reason('orderChanged', { order: String(number), changed });
}

function contentOf({ order, issuance, authorizations, approval, certificate }: Seen): Record<OrderPart, unknown> {
  const { state, coverageUntil, totalMinor, isAutoRenewed, renewalMark, renewedBy } = order;
  const { reminders, customValues, alternativeReference } = order;
  const terms = [coverageUntil, totalMinor, isAutoRenewed, renewalMark, renewedBy];
  return {
    order: [state, ...terms, reminders, customValues, alternativeReference],
    attempt: [issuance.id, issuance.state, issuance.csr !== null, issuance.rest?.reason.key ?? null],
    names: [
      issuance.names.map(({ identifier }) => identifier.value),
      authorizations.map((one) => [one.id, one.state, one.preferredMethod]),
    ],
    approval: approval && [approval.id, approval.state, approval.version],
    certificate: certificate && [certificate.id, certificate.state],
  };
}

function digest(content: unknown): string {
  return hash('sha256', JSON.stringify(content), 'hex').slice(0, partLength);
}
