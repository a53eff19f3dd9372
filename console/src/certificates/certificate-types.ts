/** A certificate as its page shows it. */
import type { Reply } from '../api/call.ts';

export type Certificate = Reply<'certificates', 'show'>;

export interface CertificateProps {
  readonly certificate: Certificate;
}
