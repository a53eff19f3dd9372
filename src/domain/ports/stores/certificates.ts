/** Store of certificates. The contract of every store is in `stores.ts`. */
import type { Certificate, RevocationReason } from '../../certificate.ts';
import type { AccountId, CertificateId, OrderId } from '../../ids.ts';
import type { PageQuery } from '../../page.ts';

export interface CertificateQuery extends PageQuery {
  readonly accountId: AccountId | null;
  /** Only certificates of orders placed through this front door. */
  readonly dialect?: string;
  readonly orderId?: OrderId;
  readonly name?: string;
  readonly serial?: string;
  /** Only certificates for exactly this key. */
  readonly keyHash?: string;
  /** False: leaves out those that only operators may see. */
  readonly withheld?: false;
}

export interface CertificateStore {
  insert(certificate: Omit<Certificate, 'number'>): Promise<Certificate>;
  get(id: CertificateId): Promise<Certificate | undefined>;
  getByNumber(number: number): Promise<Certificate | undefined>;
  /** In no order. */
  listByIds(ids: readonly CertificateId[]): Promise<readonly Certificate[]>;
  /** Covers every issuer and account. */
  listBySerial(serial: string): Promise<readonly Certificate[]>;
  list(query: CertificateQuery): Promise<readonly Certificate[]>;
  /** The newest with this SHA-1 or SHA-256, in lower-case hex. Where there are few orders every certificate is looked at. For reads outside transactions. */
  findByThumbprint(
    query: Omit<CertificateQuery, 'limit' | 'before'>,
    thumbprint: string,
  ): Promise<Pick<Certificate, 'orderId' | 'number'> | undefined>;
  /** False when it is revoked already. */
  moveToRevoked(id: CertificateId, at: Date, reason: RevocationReason): Promise<boolean>;
  /** A revoked one is revoked for keyCompromise from now on, since when it was; false when it is already, or is not revoked. */
  raiseToKeyCompromise(id: CertificateId): Promise<boolean>;
}
