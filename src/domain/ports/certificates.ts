/** What a front door asks of certificates. */
import type { Certificate } from '../certificate.ts';

export interface CertificateView {
  readonly certificate: Certificate;
  readonly chain: readonly Uint8Array[];
}
