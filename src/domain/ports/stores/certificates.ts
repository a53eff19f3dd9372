/** Store of certificates. The contract of every store is in `stores.ts`. */
import type { Certificate, RevocationReason } from '../../certificate.ts';
import type { AccountId, CertificateId, OrderId, ProductId } from '../../ids.ts';
import type { PageQuery, Total } from '../../page.ts';
import type { CertificateFilter, FilteredPageQuery, ListPlace } from '../list-filters.ts';

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

/** `CertificateFilter` with what it names looked up. */
export interface FilteredCertificatesQuery
  extends Omit<CertificateFilter, 'account' | 'productCode'>,
    Omit<FilteredPageQuery, 'withTotal'>,
    Pick<CertificateQuery, 'accountId' | 'dialect' | 'withheld'> {
  readonly productId?: ProductId;
  /** The moment at which `standings` are evaluated. */
  readonly now: Date;
}

export interface FilteredCertificate {
  readonly certificate: Certificate;
  readonly place: ListPlace;
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
  /** The page of `Certificates.list`. Never inside a transaction. */
  listFiltered(query: FilteredCertificatesQuery): Promise<readonly FilteredCertificate[]>;
  /** How many all pages of that list have. Never inside a transaction. */
  countFiltered(query: Omit<FilteredCertificatesQuery, 'limit' | 'before'>): Promise<Total>;
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
