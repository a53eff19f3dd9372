/** Storing a certificate that was issued, in the transaction that completes its issuance, and what follows from it. */
import type { Certificate } from '../../domain/certificate.ts';
import { type AuthorityId, type CertificateId, nextId } from '../../domain/ids.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { issuanceTransitions, orderTransitions, statesAccepting } from '../../domain/states.ts';
import { withDefined } from '../../domain/with-defined.ts';
import type { AppContext } from '../context.ts';
import { type CoveragePeriod, coverageAt, queueSuccession } from '../orders/coverage.ts';
import { queueIssuedDeliveries } from '../outbound/deliveries.ts';
import { objectionToBlockedKey } from '../revoking/blocked-keys.ts';
import { revokeCertificate } from '../revoking/revoke-certificate.ts';
import { queueUpstreamRevocation } from '../revoking/revoke-upstream.ts';
import type { IssueWork } from './work-to-sign.ts';

/** Content of the certificate: by the plan that it was built from, or as read from what an upstream sent. */
export type IssuedContent = Pick<
  Certificate,
  'issuerHash' | 'serial' | 'notBefore' | 'notAfter' | 'names' | 'keyHash' | 'der' | 'upstreamChain'
> & { readonly authorityId: string | null };

/** A certificate that was stored, and what its order and issuance became with it. */
export interface Stored extends IssueWork {
  readonly certificate: Certificate;
  /** Its order was over, or its key is blocked: the certificate is kept, and nobody waits for it. */
  readonly isVain: boolean;
  /** When the first of the work is due that was queued, since a webhook learns of it, it is revoked or something follows it; undefined where none was. */
  readonly followedAt: Date | undefined;
}

/** @returns undefined: nothing was stored, the issuance is no longer `issuing` */
export async function storeCertificate(
  context: AppContext,
  tx: Stores,
  input: IssueWork & { readonly certificateId: CertificateId; readonly content: IssuedContent },
): Promise<Stored | undefined> {
  const { order, issuance, certificateId, content } = input;
  const now = context.clock.now();
  const [moved, isBlocked] = await Promise.all([
    tx.issuances.move(issuance.id, statesAccepting(issuanceTransitions, 'complete'), 'issued', { certificateId }),
    hasBlockedKey(tx, issuance),
  ]);
  if (!moved) return undefined;
  const certificate = await tx.certificates.insert({
    ...rowOf(input),
    id: certificateId,
    isWithheld: false,
    state: 'valid',
    revokedAt: null,
    revocationReason: null,
    createdAt: now,
  });
  const coverage = await coverageAt(tx, order, now);
  // A duplicate stands beside the certificate that counts.
  const certificateUntil = issuance.kind === 'duplicate' ? undefined : certificate.notAfter;
  const isActive = await activate(tx, order, { ...coverage, certificateUntil });
  if (!isActive && certificateUntil !== undefined) await tx.orders.updateCertificateUntil(order.id, certificateUntil);
  // It was signed while its order ended: the certificate is kept, nothing follows it and no message is sent.
  const succession = { order, issuance, certificate, coverage };
  const succeededAt = isActive ? await queueSuccession(context, tx, succession) : undefined;
  const isQueued = isActive && (await queueIssuedDeliveries(context, tx, { order, issuanceId: issuance.id }));
  await tx.events.append({
    kind: 'certificate.issued',
    accountId: issuance.accountId,
    actor: 'system',
    subject: issuance.orderId,
    // The certificate, which never changes, has the rest.
    data: { certificate: certificate.id, serial: content.serial },
    requestId: null,
    at: now,
  });
  if (isBlocked) await revokeCertificate(context, tx, null, { order, certificate, reason: 'keyCompromise' });
  return {
    order: { ...order, state: 'active', coverageFrom: coverage.from, coverageUntil: coverage.until },
    issuance: { ...issuance, state: 'issued', certificateId, plan: null, rest: null },
    certificate,
    isVain: !isActive || isBlocked,
    followedAt: isQueued || isBlocked ? now : succeededAt,
  };
}

/** One that came when it was no longer wanted, or beside another: no customer sees it, and it is revoked from the start. */
export async function storeWithheld(
  context: AppContext,
  tx: Stores,
  input: IssueWork & { readonly content: IssuedContent },
): Promise<void> {
  const { issuance, content } = input;
  const now = context.clock.now();
  const certificate = await tx.certificates.insert({
    ...rowOf(input),
    id: await nextId('certificate', context),
    isWithheld: true,
    state: 'revoked',
    revokedAt: now,
    // The order has its certificate where this is the second (RFC 5280 §5.3.1).
    revocationReason: issuance.state === 'issued' ? 'superseded' : 'cessationOfOperation',
    createdAt: now,
  });
  await tx.events.append({
    kind: 'certificate.withheld',
    accountId: issuance.accountId,
    actor: 'system',
    subject: issuance.orderId,
    data: { certificate: certificate.id, serial: content.serial, names: content.names, issuance: issuance.id },
    requestId: null,
    at: now,
  });
  await queueUpstreamRevocation(context, tx, certificate);
}

function rowOf({ issuance, content }: IssueWork & { readonly content: IssuedContent }) {
  return {
    ...content,
    accountId: issuance.accountId,
    orderId: issuance.orderId,
    issuanceId: issuance.id,
    issuerId: issuance.issuerId,
    authorityId: content.authorityId as AuthorityId | null,
  };
}

/**
 * Its key may have been blocked while it was signed, or while an upstream took its time: whoever blocked it saw no
 * certificate to revoke.
 */
async function hasBlockedKey(tx: Stores, { csr, accountId }: Issuance): Promise<boolean> {
  return csr !== null && (await objectionToBlockedKey(tx, { accountId, csr })) !== undefined;
}

/**
 * The first certificate starts the coverage; later ones leave it. Nothing else sets it, so that what was read before this
 * transaction still says whether it has begun.
 * @returns false where the order is over
 */
async function activate(
  tx: Stores,
  order: Order,
  { from, until, certificateUntil }: CoveragePeriod & { readonly certificateUntil: Date | undefined },
): Promise<boolean> {
  const coverage = order.coverageFrom === null ? { coverageFrom: from, coverageUntil: until } : {};
  const change = { ...coverage, ...withDefined({ certificateUntil }) };
  return tx.orders.move(order.id, statesAccepting(orderTransitions, 'certificateIssued'), 'active', change);
}
