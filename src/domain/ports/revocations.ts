/** Port for front doors: revocations. */
import type { Approval, ApprovalWish } from '../approval.ts';
import type { Caller } from '../caller.ts';
import type { RevocationReason } from '../certificate.ts';
import type { CertificateView } from './certificates.ts';
import type { OrderReference, OrderView } from './orders.ts';

export interface Revocations {
  /**
   * Revokes every valid certificate of the order, which ends it; an order without one yet is rejected instead. For dialects
   * without approvals in their API: where the caller needs one, it is requested, and the view's `approval` says so.
   */
  revokeOrder(caller: Caller, reference: OrderReference, reason: RevocationReason): Promise<OrderView>;
  /**
   * Asks for the revocation of an order's certificates, or of one (an id, a number or a serial in hex): at once where no
   * approval is needed (`approval` null, or approved where it was not to be skipped), else when it is given. A refusal leaves
   * everything as it is.
   */
  request(
    caller: Caller,
    target: { readonly order: OrderReference } | { readonly certificate: string },
    request: { readonly reason: RevocationReason; readonly wish: ApprovalWish },
  ): Promise<{ readonly view: OrderView; readonly approval: Approval | null }>;
  /** Works like `revoke`, for one certificate. `approval`: the request it waits for; null when it is done. */
  revokeCertificate(
    caller: Caller,
    idOrNumber: string,
    reason: RevocationReason,
  ): Promise<CertificateView & { readonly approval: Approval | null }>;
}
