/** The certificate in an upstream's answer, with what its buyer looks at first. */
import { CertError } from '../domain/errors.ts';
import { type Certificate, parseCertificate } from './certificate.ts';
import { type ReceivedCertificate, receivedCertificate } from './received-certificates.ts';

export interface SoldCertificate extends ReceivedCertificate {
  readonly leaf: Certificate;
  /** Whether it is for the key that was asked for. */
  readonly isForKey: boolean;
}

/** As `receivedCertificate`. Undefined: there is none. `unreadable`: there is something else in its place. */
export function soldCertificate(
  texts: readonly (string | undefined)[],
  spkiDer: Uint8Array | undefined,
): SoldCertificate | 'unreadable' | undefined {
  try {
    const received = receivedCertificate(texts, spkiDer);
    if (received === undefined) return undefined;
    const leaf = parseCertificate(received.der);
    return { ...received, leaf, isForKey: spkiDer !== undefined && leaf.spkiDer.equals(spkiDer) };
  } catch (thrown) {
    if (thrown instanceof CertError) return 'unreadable';
    throw thrown;
  }
}
