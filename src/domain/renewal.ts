/** When a certificate should be renewed (RFC 9773 §4.2), and how its client names it (§4.1). */
import type { Certificate } from './certificate.ts';

/** A certificate by what stands in it: the issuer's key and the serial. Lower-case hex. */
export interface CertificateReference {
  readonly authorityKeyId: string;
  /** The magnitude, without a sign octet. */
  readonly serial: string;
}

export interface RenewalWindow {
  readonly start: Date;
  readonly end: Date;
}

const shortLifeMs = 10 * 86_400_000;
const hourMs = 3_600_000;

/**
 * The last third of its life, of a short life the last half, begins in the middle of the window, which has a fiftieth of the life. What is
 * revoked should be replaced at once: its window has passed.
 */
export function renewalWindowOf(
  certificate: Pick<Certificate, 'notBefore' | 'notAfter' | 'state'>,
  now: Date,
): RenewalWindow {
  const { notBefore, notAfter, state } = certificate;
  if (state === 'revoked') {
    return { start: new Date(now.getTime() - hourMs), end: new Date(now.getTime() - hourMs / 2) };
  }
  const lifeMs = notAfter.getTime() - notBefore.getTime();
  const middleMs = notAfter.getTime() - lifeMs / (lifeMs < shortLifeMs ? 2 : 3);
  return { start: new Date(middleMs - lifeMs / 100), end: new Date(middleMs + lifeMs / 100) };
}
