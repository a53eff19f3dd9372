/** A certificate as plain text for people: the quickstart and the command line print it. */
import { type Certificate, colonHex, parseCertificate, thumbprint } from './certificate.ts';
import { formatName } from './name.ts';
import { oidName, oids } from './oid.ts';
import { visibleText } from './text.ts';

const dayMs = 86_400_000;

/**
 * One aligned line per fact; lists go on below. Text from the certificate cannot break the layout.
 * @throws {CertError} derMalformed
 */
export function describeCertificate(der: Uint8Array): string {
  const certificate = parseCertificate(der);
  const rows = rowsOf(certificate).filter(([, lines]) => lines.length > 0);
  const width = Math.max(...rows.map(([title]) => title.length)) + 2;
  const indent = ' '.repeat(width);
  return rows.map(([title, lines]) => `${title.padEnd(width)}${lines.map(visibleText).join(`\n${indent}`)}\n`).join('');
}

function rowsOf(certificate: Certificate): [title: string, lines: readonly string[]][] {
  const { extensions, keyUsages, purposes, subjectKeyId, authorityKeyId } = certificate;
  return [
    ['Subject', [formatName(certificate.subject)]],
    ['Issuer', [formatName(certificate.issuer)]],
    ['Serial', [colonHex(certificate.serialHex)]],
    ['Valid', validityLines(certificate)],
    ['Key', [certificate.keyName]],
    ['Signature', [certificate.signatureAlgorithmName]],
    ['Names', certificate.names],
    ['CA', certificate.isCa ? [caLine(certificate.pathLength)] : []],
    ['Key usage', joined(keyUsages)],
    ['Purposes', joined(purposes.map(oidName))],
    ['Policies', certificate.policies.map(policyLine)],
    ['Registered', certificate.organizationIdentifier === undefined ? [] : [certificate.organizationIdentifier]],
    ['Subject key', subjectKeyId === undefined ? [] : [colonHex(subjectKeyId)]],
    ['Issuer key', authorityKeyId === undefined ? [] : [colonHex(authorityKeyId)]],
    ['CA issuers', certificate.caIssuersUrls],
    ['OCSP', certificate.ocspUrls],
    ['CRL', certificate.crlUrls],
    ['Others', extensions.filter(({ oid }) => !shown.has(oid)).map(otherLine)],
    ['SHA-1', [colonHex(thumbprint(certificate.der, 'sha1'))]],
    ['SHA-256', [colonHex(thumbprint(certificate.der, 'sha256'))]],
  ];
}

/** Extensions that have a line of their own. */
const shown = new Set<string>([
  oids.subjectAltName,
  oids.basicConstraints,
  oids.keyUsage,
  oids.extendedKeyUsage,
  oids.certificatePolicies,
  oids.cabfOrganizationIdentifier,
  oids.subjectKeyIdentifier,
  oids.authorityKeyIdentifier,
  oids.authorityInfoAccess,
  oids.crlDistributionPoints,
]);

/** RFC 5280 §4.1.2.5: the last second counts, so a certificate from 00:00:00 to 23:59:59 the same day lasts one day. */
function validityLines({ notBefore, notAfter }: Certificate): string[] {
  const days = (notAfter.getTime() - notBefore.getTime() + 1000) / dayMs;
  return [`from ${moment(notBefore)}`, `to   ${moment(notAfter)} (${Number(days.toFixed(2))} days)`];
}

function moment(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function caLine(pathLength: number | undefined): string {
  return pathLength === undefined ? 'yes' : `yes, at most ${pathLength} more below it`;
}

function policyLine(policy: string): string {
  const name = oidName(policy);
  return name === policy ? policy : `${policy} (${name})`;
}

function otherLine({ oid, isCritical }: { readonly oid: string; readonly isCritical: boolean }): string {
  return `${policyLine(oid)}${isCritical ? ', critical' : ''}`;
}

function joined(words: readonly string[]): string[] {
  return words.length === 0 ? [] : [words.join(', ')];
}
