/** Port for front doors: revocations. */
import type { Approval, ApprovalWish } from '../approval.ts';
import type { Caller, Origin } from '../caller.ts';
import type { RevocationReason } from '../certificate.ts';
import type { KeySignature } from '../key-signature.ts';
import type { CertificateView } from './certificates.ts';
import type { OrderReference, OrderView } from './orders.ts';

/** A certificate with the signature of its own key. */
export interface HeldCertificate {
  /** DER. */
  readonly certificate: Uint8Array;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  readonly proof: KeySignature;
}

export interface Revocations {
  /**
   * Revokes the certificate with these bytes (DER): for the key that ordered it, and within its account for one whose account controls all of
   * its names now, as `revokeCertificate` does; at once for another account that controls them (RFC 8555 §7.6), whose word about
   * the certificate's key does not count: keyCompromise becomes cessationOfOperation.
   * @throws {CertError} notFound, forbidden, wrongState for one that was revoked already or has expired
   */
  revokePresented(
    caller: Caller,
    certificate: Uint8Array,
    reason: RevocationReason,
  ): Promise<{ readonly approval: Approval | null }>;
  /**
   * Revokes it for whoever holds its private key: for keyCompromise, without anybody's approval, and the key is blocked everywhere.
   * @throws {CertError} as above, unauthenticated
   */
  revokeByKey(held: HeldCertificate, origin: Origin): Promise<void>;
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
