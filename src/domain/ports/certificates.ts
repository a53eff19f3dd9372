/** Port for front doors: certificates. */
import type { Caller } from '../caller.ts';
import type { Certificate } from '../certificate.ts';
import type { CertificateId } from '../ids.ts';
import type { Page } from '../page.ts';
import type { CertificateReference, RenewalWindow } from '../renewal.ts';
import type { CertificateFilter, FilteredPageQuery, ListPlace } from './list-filters.ts';
import type { OrderReference } from './orders.ts';

export interface CertificateView {
  readonly certificate: Certificate;
  readonly chain: readonly Uint8Array[];
}

/** What stands around a certificate. Numbers are of certificates: null where there is none. */
export interface CertificateSurroundings {
  readonly certificateId: CertificateId;
  readonly accountName: string;
  readonly orderNumber: number;
  readonly issuanceNumber: number | null;
  /** We made its key, and keep it. */
  readonly isKeyOurs: boolean;
  /** The one whose place it took, of its order or of the one that its order renews; a duplicate takes none. */
  readonly replaces: number | null;
  readonly replacedBy: number | null;
}

export interface Certificates {
  /** @throws {CertError} notFound for another account's, unknownProduct, invalidField */
  list(caller: Caller, query: CertificateFilter & FilteredPageQuery): Promise<Page<Certificate, ListPlace>>;
  /** The certificate with this SHA-1 or SHA-256, in lower-case hex. Looks at every certificate of the account. */
  findByThumbprint(caller: Caller, thumbprint: string): Promise<Pick<Certificate, 'orderId' | 'number'> | undefined>;
  get(caller: Caller, idOrNumber: string): Promise<CertificateView>;
  /** Of those of these certificates that are the caller's to see, in no order. */
  surroundings(caller: Caller, ids: readonly CertificateId[]): Promise<readonly CertificateSurroundings[]>;
  /** When the certificate should be renewed: read by everybody who knows it. @throws {CertError} notFound */
  renewalWindow(reference: CertificateReference): Promise<RenewalWindow>;
  /**
   * Mails a certificate and those above it, as PEM, to each of the addresses.
   * @throws {CertError} certificateNotIssued, mailNotConfigured, invalidField, rateLimited
   */
  send(caller: Caller, reference: OrderReference, addresses: readonly string[]): Promise<void>;
}
