/** Chains: which certificate signed which, and the order servers send them in (RFC 8446 §4.4.2). */
import type { CertificateFault } from '../domain/messages/faults.ts';
import { type Certificate, parseCertificate } from './certificate.ts';
import { isSignedBy } from './signature.ts';

/** Whether `issuer` is named as the issuer of `certificate` and their key identifiers do not say otherwise (RFC 5280 §4.2.1.1). */
export function namesAsIssuer(certificate: Certificate, issuer: Certificate): boolean {
  const { authorityKeyId } = certificate;
  const { subjectKeyId } = issuer;
  const keysMatch = authorityKeyId === undefined || subjectKeyId === undefined || authorityKeyId === subjectKeyId;
  return keysMatch && certificate.issuer.der.equals(issuer.subject.der);
}

/** Whether the issuer's key made the certificate's signature. */
export async function isIssuedBy(certificate: Certificate, issuer: Certificate): Promise<boolean> {
  const { signatureAlgorithm: algorithm, tbs: data, signature } = certificate;
  const { publicKey } = issuer;
  if (algorithm === undefined || publicKey === undefined || !namesAsIssuer(certificate, issuer)) return false;
  return isSignedBy({ algorithm, publicKey, data, signature });
}

/**
 * Leaf first, each followed by its issuer as far as there is one among them. The leaf is the first that is no CA, else
 * the first of all; certificates that have no place in its chain are left out.
 */
export function orderChain(certificates: readonly Certificate[]): Certificate[] {
  const chain: Certificate[] = [];
  let next = certificates.find((certificate) => !certificate.isCa) ?? certificates[0];
  while (next !== undefined) {
    const current: Certificate = next;
    chain.push(current);
    next = certificates.find(
      (candidate) => !chain.includes(candidate) && candidate.isCa && namesAsIssuer(current, candidate),
    );
  }
  return chain;
}

/** The first flaw of a chain in order, leaf first; undefined when each is signed by the next. */
export async function findChainFlaw(chain: readonly Certificate[], at: Date): Promise<CertificateFault | undefined> {
  for (const [index, certificate] of chain.entries()) {
    const where = { place: index + 1, of: chain.length };
    if (at < certificate.notBefore) return { fault: 'notYetValid', ...where, at: certificate.notBefore.toISOString() };
    if (at > certificate.notAfter) return { fault: 'expired', ...where, at: certificate.notAfter.toISOString() };
    if (index > 0 && !certificate.isCa) return { fault: 'notCa', ...where };
    const issuer = chain[index + 1];
    if (issuer !== undefined && !(await isIssuedBy(certificate, issuer))) return { fault: 'notSigned', ...where };
  }
  return undefined;
}

/** Servers do not send the root: clients have it or do not trust it (RFC 8446 §4.4.2). */
export function withoutRoot(chain: readonly Uint8Array[]): readonly Uint8Array[] {
  return chain.filter((der) => !isRoot(der));
}

/** The certificates of our CAs stand in memory and end every chain: each is read once. */
const roots = new WeakMap<Uint8Array, boolean>();

function isRoot(der: Uint8Array): boolean {
  const known = roots.get(der);
  if (known !== undefined) return known;
  const { subject, issuer } = parseCertificate(der);
  const isOwn = subject.der.equals(issuer.der);
  roots.set(der, isOwn);
  return isOwn;
}
