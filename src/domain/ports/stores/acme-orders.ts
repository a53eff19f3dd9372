/** Store of the orders of ACME clients. The contract of every store is in `index.ts`. */
import type { AcmeOrder } from '../../acme-order.ts';
import type { AcmeOrderId, CertificateId, CredentialId, IssuanceId } from '../../ids.ts';
import type { AcmeOrderState } from '../../states.ts';

export interface AcmeOrderStore {
  insert(order: AcmeOrder): Promise<void>;
  get(id: AcmeOrderId): Promise<AcmeOrder | undefined>;
  /** Reports whether this ACME account finalized the order that the issuance came of. */
  isOfCredential(issuanceId: IssuanceId, credentialId: CredentialId): Promise<boolean>;
  /** Newest first. */
  listOfCredential(
    credentialId: CredentialId,
    page: { readonly before?: AcmeOrderId; readonly limit: number },
  ): Promise<readonly AcmeOrder[]>;
  /** Those that were placed to replace this certificate. */
  listReplacing(certificateId: CertificateId): Promise<readonly AcmeOrder[]>;
  /** Those that were placed for the same names under the same terms, newest first. */
  listOfTerms(termsHash: string, limit: number): Promise<readonly AcmeOrder[]>;
  /** `csr`: kept until the next move. */
  move(
    id: AcmeOrderId,
    from: readonly AcmeOrderState[],
    to: AcmeOrderState,
    change: Partial<Pick<AcmeOrder, 'issuanceId' | 'csrHash' | 'csr' | 'problem' | 'approvalId'>>,
  ): Promise<boolean>;
  /** Removes those that expired before this moment and were never placed, at most so many. @returns how many */
  purge(before: Date, limit: number): Promise<number>;
}
