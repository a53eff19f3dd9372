/**
 * Whether certificates that a CA outside has made can be used: the certificate for a key of ours, and all above it. Each check names the
 * certificate that fails, and nothing is decided here about what is done with them.
 */
import { CertError, refuse, renderReason } from '../domain/errors.ts';
import { type Certificate, colonHex } from './certificate.ts';
import { isIssuedBy, namesAsIssuer } from './chain.ts';
import { checkPublicKey } from './key-check.ts';
import { formatName } from './name.ts';
import {
  excludesAll,
  type NameConstraints,
  nameOutside,
  readNameConstraints,
  subtreeText,
} from './name-constraints.ts';
import { oidName, oids } from './oid.ts';

/** A CA with more above it is nobody's. */
const longestChain = 8;
const anyPurpose = '2.5.29.37.0';

/** Those that say what every client must understand (RFC 5280 §4.2), and that clients do. */
const knownCritical = new Set<string>([
  oids.basicConstraints,
  oids.keyUsage,
  oids.extendedKeyUsage,
  oids.nameConstraints,
  oids.certificatePolicies,
  oids.subjectAltName,
  oids.policyConstraints,
  oids.inhibitAnyPolicy,
]);

/** The certificate itself first, the root last. */
export type CaChain = readonly [Certificate, ...Certificate[]];

/**
 * The certificates above it, found by name and key identifier.
 * @param candidates in the order of preference
 * @throws {CertError} issuerCertificateMissing, issuerKeyDiffers, notSignedByIssuer, ownRootInstalled, chainTooLong
 */
export async function chainAbove(certificate: Certificate, candidates: readonly Certificate[]): Promise<CaChain> {
  if (isSelfIssued(certificate)) throw refuse('ownRootInstalled', { subject: shown(certificate) });
  const chain: [Certificate, ...Certificate[]] = [certificate];
  for (let current = certificate; !isSelfIssued(current); ) {
    const above = await issuerAmong(current, candidates);
    chain.push(above);
    if (chain.length > longestChain) throw refuse('chainTooLong', { limit: longestChain - 1 });
    current = above;
  }
  return chain;
}

async function issuerAmong(certificate: Certificate, candidates: readonly Certificate[]): Promise<Certificate> {
  const [subject, issuer] = [shown(certificate), formatName(certificate.issuer)];
  const named = candidates.filter((one) => one.subject.der.equals(certificate.issuer.der));
  if (named.length === 0) throw refuse('issuerCertificateMissing', { subject, issuer });
  const fitting = named.filter((one) => namesAsIssuer(certificate, one));
  if (fitting.length === 0) throw refuse('issuerKeyDiffers', { subject, issuer });
  // Checked at the end, with what else is wrong, where there is only one.
  if (fitting.length === 1 && fitting[0] !== undefined) return fitting[0];
  for (const one of fitting) if (await isIssuedBy(certificate, one)) return one;
  throw refuse('notSignedByIssuer', { subject, issuer });
}

function isSelfIssued({ subject, issuer }: Certificate): boolean {
  return subject.der.equals(issuer.der);
}

/**
 * What the certificate of an authority says of itself: CA, key usage, purposes, constraints, signature, key.
 * @throws {CertError}
 */
export function examineCa(certificate: Certificate): void {
  const subject = shown(certificate);
  if (certificate.subject.attributes.length === 0) throw refuse('subjectEmpty', {});
  if (!certificate.isCa) throw refuse('certificateNoCa', { subject });
  requireUsages(certificate, ['keyCertSign', 'cRLSign']);
  requirePurpose(certificate);
  const unknown = certificate.extensions.find(({ oid, isCritical }) => isCritical && !knownCritical.has(oid));
  if (unknown !== undefined) throw refuse('extensionUnknownCritical', { subject, extension: oidName(unknown.oid) });
  const constraints = constraintsOf(certificate);
  if (constraints !== undefined && excludesAll(constraints)) throw refuse('constraintsExcludeAll', { subject });
  if (certificate.subjectKeyId === undefined) throw refuse('keyIdMissing', { subject });
  requireStrongSignature(certificate);
  requireFitKey(certificate);
}

/** One that is new here: it can still be made again. */
function examineNew(certificate: Certificate): void {
  examineCa(certificate);
  if (certificate.hasUsualSerial) return;
  throw refuse('caSerialUnfit', { subject: shown(certificate), serial: colonHex(certificate.serialHex) });
}

/** The key of the CA signs both, and RFC 5280 §4.2.1.3 wants the extension in every CA certificate. */
function requireUsages(certificate: Certificate, needed: readonly string[]): void {
  const missing = needed.filter((usage) => !certificate.keyUsages.includes(usage));
  if (missing.length === 0) return;
  throw refuse('certificateLacksUsage', { subject: shown(certificate), missing: missing.join(' and ') });
}

/** Where a CA certificate has purposes, clients apply them to all below (as RFC 5280 does not say and everybody does). */
function requirePurpose({ purposes, ...certificate }: Certificate): void {
  if (purposes.length === 0 || purposes.includes(oids.serverAuth) || purposes.includes(anyPurpose)) return;
  throw refuse('purposeNotAllowed', { subject: formatName(certificate.subject) });
}

function requireStrongSignature(certificate: Certificate): void {
  // SHA-1, MD5 and PSS are not among those that are read.
  if (certificate.signatureAlgorithm !== undefined) return;
  throw refuse('signatureTooWeak', { subject: shown(certificate), algorithm: certificate.signatureAlgorithmName });
}

function requireFitKey(certificate: Certificate): void {
  const { publicKey, keyName } = certificate;
  const unfit = (cause?: unknown) =>
    refuse('authorityKeyUnfit', { subject: shown(certificate), key: keyName }, { cause });
  if (publicKey === undefined) throw unfit();
  try {
    checkPublicKey(publicKey);
  } catch (cause) {
    throw unfit(cause);
  }
}

/** @throws {CertError} constraintsUnreadable */
export function constraintsOf(certificate: Certificate): NameConstraints | undefined {
  try {
    return readNameConstraints(certificate.extensions);
  } catch (thrown) {
    if (!(thrown instanceof CertError)) throw thrown;
    const detail = renderReason(thrown.reason, 'en');
    throw refuse('constraintsUnreadable', { subject: shown(certificate), detail }, { cause: thrown });
  }
}

/**
 * The whole chain: each as `examineCa`, a fit serial of the first, room for those below, constraints that allow the names of those below, time, and last the
 * signatures. A root is trusted for what it is, and its own signature proves nothing: one made with an old hash is no fault.
 * @throws {CertError}
 */
export async function examineChain(chain: CaChain, now: Date, examineFirst = examineNew): Promise<void> {
  for (const [place, certificate] of chain.entries()) {
    if (place === 0) examineFirst(certificate);
    else examineAbove(certificate);
    // RFC 5280 §4.2.1.9: those that are not self-issued count, and the last, which is no CA, does not.
    const needed = chain.slice(0, place).filter((below) => !isSelfIssued(below)).length;
    const { pathLength } = certificate;
    if (pathLength !== undefined && pathLength < needed)
      throw refuse('pathTooShort', { subject: shown(certificate), length: pathLength, needed });
    requireNamesInside(chain.slice(0, place), certificate);
  }
  for (const certificate of chain) requireTime(certificate, now);
  for (const [place, certificate] of chain.entries()) {
    const issuer = chain[place + 1];
    if (issuer === undefined || (await isIssuedBy(certificate, issuer))) continue;
    throw refuse('notSignedByIssuer', { subject: shown(certificate), issuer: shown(issuer) });
  }
}

/**
 * The chain of a CA that was run elsewhere and goes on here. It is as it is, since its clients know it: what they do not ask for is not
 * asked for here, such as a key usage (RFC 5280 §4.2.1.3 wants one; `openssl req -x509` makes none), or a root's own signature.
 * @throws {CertError}
 */
export function examineTakenOver(chain: CaChain, now: Date): Promise<void> {
  return examineChain(chain, now, (own) => {
    if (own.subject.attributes.length === 0) throw refuse('subjectEmpty', {});
    examineAbove(own);
    if (own.keyUsages.length > 0) requireUsages(own, ['cRLSign']);
    const unknown = own.extensions.find(({ oid, isCritical }) => isCritical && !knownCritical.has(oid));
    if (unknown !== undefined)
      throw refuse('extensionUnknownCritical', { subject: shown(own), extension: oidName(unknown.oid) });
    if (own.subjectKeyId === undefined) throw refuse('keyIdMissing', { subject: shown(own) });
  });
}

function examineAbove(certificate: Certificate): void {
  if (!certificate.isCa) throw refuse('certificateNoCa', { subject: shown(certificate) });
  if (certificate.keyUsages.length > 0) requireUsages(certificate, ['keyCertSign']);
  requirePurpose(certificate);
  const constraints = constraintsOf(certificate);
  if (constraints !== undefined && excludesAll(constraints))
    throw refuse('constraintsExcludeAll', { subject: shown(certificate) });
  if (!isSelfIssued(certificate)) requireStrongSignature(certificate);
  requireFitKey(certificate);
}

function requireNamesInside(below: readonly Certificate[], certificate: Certificate): void {
  const constraints = constraintsOf(certificate);
  if (constraints === undefined) return;
  for (const one of below) {
    const outside = isSelfIssued(one) ? undefined : nameOutside(constraints, { names: [], subject: one.subject.der });
    if (outside === undefined) continue;
    const { name: subject, constraint } = outside;
    throw refuse('subjectOutsideConstraints', { subject, constraint, authority: shown(certificate) });
  }
}

function requireTime(certificate: Certificate, now: Date): void {
  const { notBefore, notAfter } = certificate;
  const at = { subject: shown(certificate), now: now.toISOString() };
  if (now < notBefore) throw refuse('caNotYetValid', { ...at, from: notBefore.toISOString() });
  if (now > notAfter) throw refuse('caEnded', { ...at, until: notAfter.toISOString() });
}

/** The end of the certificate that ends first. */
export function endOfChain(chain: CaChain): Certificate {
  return chain.reduce((first, one) => (one.notAfter < first.notAfter ? one : first));
}

/** As people write them, for what is shown beside a certificate. */
export function constraintTexts({ permitted, excluded }: NameConstraints): {
  readonly permitted: readonly string[];
  readonly excluded: readonly string[];
} {
  return { permitted: permitted.map(subtreeText), excluded: excluded.map(subtreeText) };
}

function shown({ subject, serialHex }: Certificate): string {
  return subject.attributes.length === 0 ? `with the serial ${colonHex(serialHex)}` : formatName(subject);
}
