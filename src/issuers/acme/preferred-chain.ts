/** The chain that the operator prefers, among those that the CA has for a certificate (RFC 8555 §7.4.2). */
import type { AcmeChain, AcmeClient } from '../../dialects/acme/client/face.ts';
import { AcmeFailure } from '../../dialects/acme/client/failure.ts';
import { CertError } from '../../domain/errors.ts';
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
    const shown = await alternateAt(client, url, signal);
    if (shown !== undefined && leadsTo(shown, preferred)) return { chain: shown, isFound: true };
  }
  return { chain: first, isFound: false };
}

/** Undefined where it does not come: the certificate is there, and a preference holds up nobody. */
async function alternateAt(
  client: Pick<AcmeClient, 'certificate'>,
  url: string,
  signal: AbortSignal,
): Promise<AcmeChain | undefined> {
  try {
    return (await client.certificate(url, signal)).shown;
  } catch (thrown) {
    if (signal.aborted || !(thrown instanceof AcmeFailure)) throw thrown;
    return undefined;
  }
}

/** A chain that cannot be read leads nowhere; where it is the only one, it is refused when it is examined. */
function leadsTo(chain: AcmeChain, preferred: string): boolean {
  try {
    return hasPreferred(chain, preferred);
  } catch (thrown) {
    if (thrown instanceof CertError) return false;
    throw thrown;
  }
}

function hasPreferred({ certificates }: AcmeChain, preferred: string): boolean {
  const fingerprint = preferred.replaceAll(':', '').toLowerCase();
  const chain = certificates.map(parseCertificate);
  return chain.some(
    (one) =>
      thumbprint(one.der, 'sha256') === fingerprint ||
      commonNameOf(one.subject) === preferred ||
      commonNameOf(one.issuer) === preferred,
  );
}
