/**
 * TLS-ALPN: the host itself presents a certificate that was made for this one question (RFC 8737 §3; for addresses RFC 8738 §6;
 * BR §3.2.2.4.20 and §3.2.2.5.7).
 */
import type { Challenge } from '../domain/challenge.ts';
import { CertError, type Reason, reason } from '../domain/errors.ts';
import { baseName, type Identifier, ipBytes, isIp } from '../domain/identifier.ts';
import type { HandshakeOutcome, HandshakeUntrusted } from '../domain/ports/system.ts';
import { type Certificate, parseCertificate } from '../pki/certificate.ts';
import { DerReader } from '../pki/der-reader.ts';
import { oids } from '../pki/oid.ts';
import { isSignedBy } from '../pki/signature.ts';
import { excerpt } from './evidence.ts';
import type { Finding } from './measured.ts';

/** RFC 8737 §6.2. */
const protocol = 'acme-tls/1';

export interface TlsAlpnCheck {
  readonly identifier: Identifier;
  readonly challenge: Extract<Challenge, { readonly method: 'tlsAlpn' }>;
  readonly handshakeUntrusted: HandshakeUntrusted;
  readonly signal: AbortSignal;
}

export async function checkTlsAlpn(check: TlsAlpnCheck): Promise<Finding> {
  const { identifier, challenge, handshakeUntrusted, signal } = check;
  const host = identifier.kind === 'ipv6' ? `[${identifier.value}]` : baseName(identifier);
  const serverName = serverNameOf(identifier);
  const outcome = await handshakeUntrusted({ host, serverName, protocol, signal });
  const certificate = outcome.ok ? readable(outcome.certificate) : undefined;
  const problem = await problemOf(outcome, certificate, { name: identifier.value, expected: challenge.identifierHash });
  return {
    method: challenge.method,
    binding: challenge.binding,
    proved: problem === undefined,
    asked: `tls://${host}`,
    answeredBy: outcome.connectedTo,
    answer: outcome.ok ? answerText(outcome.protocol, certificate) : '',
    // Nothing redirects a handshake.
    source: { isOwn: outcome.isPublic },
    ...(problem === undefined ? {} : { problem }),
  };
}

/** SNI has no addresses, so that RFC 8738 §6 takes their reverse name. */
function serverNameOf(identifier: Identifier): string {
  if (!isIp(identifier)) return baseName(identifier);
  const bytes = [...ipBytes(identifier)];
  if (identifier.kind === 'ipv4') return `${bytes.reverse().join('.')}.in-addr.arpa`;
  const nibbles = bytes.flatMap((byte) => [byte >> 4, byte & 0xf]).reverse();
  return `${nibbles.map((nibble) => nibble.toString(16)).join('.')}.ip6.arpa`;
}

function readable(der: Uint8Array | null): Certificate | undefined {
  if (der === null) return undefined;
  try {
    return parseCertificate(der);
  } catch (thrown) {
    if (thrown instanceof CertError) return undefined;
    throw thrown;
  }
}

/** One rule after the other, as RFC 8737 §3 has them. */
async function problemOf(
  outcome: HandshakeOutcome,
  certificate: Certificate | undefined,
  { name, expected }: { readonly name: string; readonly expected: string },
): Promise<Reason | undefined> {
  const host = name;
  if (!outcome.ok) return outcome.problem;
  if (outcome.protocol !== protocol) return reason('alpnNotNegotiated', { host, protocol });
  if (certificate === undefined) return reason('alpnNoCertificate', { host });
  const { names, otherNameKinds, extensions } = certificate;
  const isForName = names.length === 1 && otherNameKinds.length === 0 && names[0]?.toLowerCase() === name;
  if (!isForName) return reason('alpnWrongNames', { host, found: namesText(certificate) });
  const found = extensions.find(({ oid }) => oid === oids.acmeIdentifier);
  if (found === undefined) return reason('alpnNoIdentifier', { host });
  if (!found.isCritical) return reason('alpnNotCritical', { host });
  const value = identifierHashOf(found.value);
  if (value !== expected) return reason('alpnWrongValue', { host, found: excerpt(value), expected });
  // A certificate of a CA that copies what a CSR asks for would prove who can get one there, not who runs the host.
  return (await isSelfSigned(certificate)) ? undefined : reason('alpnNotSelfSigned', { host });
}

/** The hash in hex; whatever else is there as it stands. */
function identifierHashOf(extension: Buffer): string {
  try {
    const reader = new DerReader(extension, 'acmeIdentifier');
    const value = reader.octetString();
    reader.finish();
    return value.toString('hex');
  } catch (thrown) {
    if (thrown instanceof CertError) return `DER ${extension.toString('hex')}`;
    throw thrown;
  }
}

async function isSelfSigned(certificate: Certificate): Promise<boolean> {
  const { subject, issuer, signatureAlgorithm: algorithm, publicKey, tbs, signature } = certificate;
  if (algorithm === undefined || publicKey === undefined || !subject.der.equals(issuer.der)) return false;
  return isSignedBy({ algorithm, publicKey, data: tbs, signature });
}

function namesText({ names, otherNameKinds }: Certificate): string {
  const all = [...names, ...otherNameKinds];
  return all.length === 0 ? 'no name' : excerpt(all.join(', '));
}

function answerText(agreed: string | null, certificate: Certificate | undefined): string {
  const text = `ALPN ${agreed === null ? 'none' : excerpt(agreed)}`;
  return certificate === undefined ? text : `${text}, certificate for ${namesText(certificate)}`;
}
