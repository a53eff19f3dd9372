/** The certificate that a web server uses now: whether it serves its names, and when another one takes its place. */
import type { Identifier } from '../../domain/identifier.ts';
import { successionDue } from '../../domain/order.ts';
import { parseCertificateBundle, thumbprint } from '../../pki/certificate.ts';

export interface UsedCertificate {
  /** Empty where the file holds no certificate: a new site has none yet. */
  readonly sha256: string;
  /** Null: at once. It is none, lacks a name of its servers, or signs itself. */
  readonly replaceAt: Date | null;
}

/** The agent runs once a day, so that this leaves room for some runs that fail. */
const mostBeforeEndMs = 14 * 86_400_000;

/** 14 days before the end; of a short one in its last third, or half: otherwise it would be replaced as soon as it is there. */
export function replacementDue({ notBefore, notAfter }: { readonly notBefore: Date; readonly notAfter: Date }): Date {
  const due = successionDue(notBefore, notAfter);
  return new Date(Math.max(due.getTime(), notAfter.getTime() - mostBeforeEndMs));
}

export function usedCertificate(pem: string, names: readonly Identifier[]): UsedCertificate {
  const leaf = leafOf(pem);
  if (leaf === undefined) return { sha256: '', replaceAt: null };
  // nginx starts only with a certificate in place, so that people put one there that signs itself until the first run.
  const signsItself = leaf.issuer.der.equals(leaf.subject.der);
  const covered = new Set(leaf.names.map((name) => name.toLowerCase()));
  const isFit = !signsItself && names.every((name) => isCovered(name, covered));
  return { sha256: thumbprint(leaf.der, 'sha256'), replaceAt: isFit ? replacementDue(leaf) : null };
}

/** By itself, or by the wildcard of the name above it (RFC 6125 §6.4.3). */
function isCovered(name: Identifier, covered: ReadonlySet<string>): boolean {
  if (covered.has(name.value)) return true;
  if (name.kind !== 'dns') return false;
  const dot = name.value.indexOf('.');
  return dot > 0 && covered.has(`*${name.value.slice(dot)}`);
}

function leafOf(pem: string) {
  try {
    return parseCertificateBundle(pem)[0];
  } catch {
    return undefined;
  }
}
