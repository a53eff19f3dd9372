/** `cert_status`: what the vendor's clients act on, projected from the order, its newest issuance and its certificate. */
import type { OrderView } from '../../domain/ports/orders.ts';
import type { IssuanceState, OrderState } from '../../domain/states.ts';

export type CertStatus = 'enroll_caprocessing' | 'issued_active' | 'expired' | 'cancelled' | 'revoked' | 'rejected';

/** The first status of every order and reissue, during which clients keep polling. */
export const underWay: CertStatus = 'enroll_caprocessing';

/** Status of an order that is over, for any issuances. */
const byOrder = {
  open: undefined,
  active: undefined,
  ended: 'expired',
  revoked: 'revoked',
  rejected: 'rejected',
  cancelled: 'cancelled',
  failed: 'rejected',
} as const satisfies Record<OrderState, CertStatus | undefined>;

const byIssuance = {
  awaitingApproval: underWay,
  awaitingValidation: underWay,
  ready: underWay,
  issuing: underWay,
  issued: 'issued_active',
  // For a reissue too, although the certificate before it is still valid: shown as issued, clients would install that
  // certificate with the new key.
  failed: 'rejected',
  cancelled: 'cancelled',
} as const satisfies Record<IssuanceState, CertStatus>;

export function certStatus({ order, issuance, certificate, now }: OrderView): CertStatus {
  const over = byOrder[order.state];
  if (over !== undefined) return over;
  if (certificate === null) return byIssuance[issuance.state];
  if (certificate.state === 'revoked') return 'revoked';
  return certificate.notAfter <= now ? 'expired' : byIssuance[issuance.state];
}
