/** Revocation: of an order's certificates or of one, reflected in the CRL at once. */
import type { Certificate, RevocationReason } from '../domain/certificate.ts';
import { refuse } from '../domain/errors.ts';
import type { Order } from '../domain/order.ts';
import { orderTransitions } from '../domain/order.ts';
import type { Caller } from '../domain/platform.ts';
import type { Stores } from '../domain/stores.ts';
import { statesAccepting } from '../domain/transition.ts';
import type { AppContext } from './context.ts';
import { isUnderWay } from './end-issuance.ts';

/** No order has more certificates than this inside one coverage; a longer list is read in pages. */
const pageSize = 100;

/** Revokes every certificate of the order that is not revoked yet, and queues the new CRLs. */
export async function revokeCertificatesOf(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  { order, reason }: { readonly order: Order; readonly reason: RevocationReason },
): Promise<void> {
  let before: number | undefined;
  do {
    const page = await tx.certificates.list({
      accountId: order.accountId,
      orderId: order.id,
      limit: pageSize,
      ...(before === undefined ? {} : { before }),
    });
    for (const certificate of page) await revokeInTransaction(context, tx, caller, { certificate, reason });
    before = page.length === pageSize ? page.at(-1)?.number : undefined;
  } while (before !== undefined);
}

/** False when it was revoked already. */
async function revokeInTransaction(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  { certificate, reason }: { readonly certificate: Certificate; readonly reason: RevocationReason },
): Promise<boolean> {
  const now = context.clock.now();
  if (!(await tx.certificates.moveToRevoked(certificate.id, now, reason))) return false;
  await tx.events.append({
    kind: 'certificate.revoked',
    accountId: certificate.accountId,
    actor: caller.actor,
    subject: certificate.orderId,
    data: { certificate: certificate.id, serial: certificate.serial, reason },
    requestId: caller.requestId,
    at: now,
  });
  if (certificate.authorityId !== null) {
    await tx.jobs.enqueue({ kind: 'publishCrl', subject: certificate.authorityId, runAt: now });
  }
  return true;
}

/** Revokes one certificate. When it was the last valid one and no other is under way, the order is revoked with it. */
export async function revokeOne(
  context: AppContext,
  caller: Caller,
  certificate: Certificate,
  reason: RevocationReason,
): Promise<void> {
  await context.database.write(async (tx) => {
    if (!(await revokeInTransaction(context, tx, caller, { certificate, reason }))) {
      const value = String(certificate.number);
      throw refuse('wrongState', { what: 'certificate', value, state: 'revoked', needed: 'valid' });
    }
    const others = await tx.certificates.list({
      accountId: certificate.accountId,
      orderId: certificate.orderId,
      limit: pageSize,
    });
    if (others.some((other) => other.state === 'valid')) return;
    const order = await tx.orders.getForUpdate(certificate.orderId);
    const issuance = order === undefined ? undefined : await tx.issuances.get(order.issuanceId);
    if (order === undefined || issuance === undefined || isUnderWay(issuance)) return;
    await tx.orders.move(order.id, statesAccepting(orderTransitions, 'revoke'), 'revoked');
  });
  context.queue.wake();
}
