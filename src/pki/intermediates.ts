/** The certificates that a server sends beside its own. */
import type { OrderView } from '../domain/ports/orders.ts';
import { parseCertificate } from './certificate.ts';

/** The chain without its root, which clients have or must get another way. An upstream may send its root or leave it out. */
export function intermediatesOf({
  certificate,
  chain,
}: Pick<OrderView, 'certificate' | 'chain'>): readonly Uint8Array[] {
  if (certificate?.upstreamChain == null) return chain.slice(0, -1);
  return chain.filter((der) => {
    const { issuer, subject } = parseCertificate(der);
    return !issuer.der.equals(subject.der);
  });
}
