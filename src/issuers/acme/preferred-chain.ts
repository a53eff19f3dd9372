/** The chain that the operator prefers, among those that the CA has for a certificate (RFC 8555 §7.4.2). */
import type { AcmeChain, AcmeClient } from '../../dialects/acme/client/face.ts';
import { parseCertificate, thumbprint } from '../../pki/certificate.ts';
import { commonNameOf } from '../../pki/name.ts';

/**
 * The first chain that leads to the preferred certificate, which is one of the chain or the one that issued its last. The first of all where
 * none does, with `isFound` false.
 */
export async function preferredChain(
  client: Pick<AcmeClient, 'certificate'>,
  first: AcmeChain,
  preferred: string | null,
  signal: AbortSignal,
): Promise<{ readonly chain: AcmeChain; readonly isFound: boolean }> {
  if (preferred === null || leadsTo(first, preferred)) return { chain: first, isFound: true };
  for (const url of first.alternates) {
    const { shown } = await client.certificate(url, signal);
    if (leadsTo(shown, preferred)) return { chain: shown, isFound: true };
  }
  return { chain: first, isFound: false };
}

function leadsTo({ certificates }: AcmeChain, preferred: string): boolean {
  const fingerprint = preferred.replaceAll(':', '').toLowerCase();
  const chain = certificates.map(parseCertificate);
  return chain.some(
    (one) =>
      thumbprint(one.der, 'sha256') === fingerprint ||
      commonNameOf(one.subject) === preferred ||
      commonNameOf(one.issuer) === preferred,
  );
}
