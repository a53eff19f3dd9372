/** certmux's own lint, asked of what is finished: also of what was signed by a file, past the server. */
import type { LintFinding } from '../../src/domain/lint.ts';
import type { Profile } from '../../src/domain/profile.ts';
import { type Certificate, parseCertificate } from '../../src/pki/certificate.ts';
import { DerReader } from '../../src/pki/der-reader.ts';
import { tag } from '../../src/pki/der-tag.ts';
import {
  createCertificateLint,
  type ListFacts,
  lintEntries,
  lintedIssuerOf,
  lintList,
} from '../../src/pki/lint/index.ts';
import { openSigned } from '../../src/pki/signature.ts';

export interface OfCertificate {
  readonly issuer: Certificate;
  readonly now: Date;
}

export function findingsOfLeaf(
  der: Uint8Array,
  profile: Profile,
  { issuer, now }: OfCertificate,
): readonly LintFinding[] {
  return createCertificateLint({ kind: 'leaf', issuer: issuerOf(issuer), profile })(parseCertificate(der).tbs, now);
}

export function findingsOfCa(certificate: Certificate, { issuer, now }: OfCertificate): readonly LintFinding[] {
  const isRoot = certificate.issuer.der.equals(certificate.subject.der);
  const linted = isRoot ? { ...issuerOf(issuer), period: null, pathLength: undefined } : issuerOf(issuer);
  return createCertificateLint({ kind: isRoot ? 'root' : 'intermediate', issuer: linted, profile: null })(
    certificate.tbs,
    now,
  );
}

export interface OfList extends Omit<ListFacts, 'issuer' | 'numberBefore'> {
  readonly issuer: Certificate;
  readonly now: Date;
}

export function findingsOfList(der: Uint8Array, { issuer, now, ...facts }: OfList): readonly LintFinding[] {
  const { before, entries, after } = partsOf(der);
  const all = { ...facts, issuer: issuerOf(issuer), numberBefore: undefined };
  return [...lintList({ before, after, entriesSize: entries.length }, all, now), ...lintEntries(entries)];
}

function issuerOf(certificate: Certificate) {
  return lintedIssuerOf(certificate, { from: certificate.notBefore, until: certificate.notAfter });
}

/** The TBSCertList in pieces, as lint takes it: RFC 5280 §5.1. */
function partsOf(der: Uint8Array): { readonly before: Buffer; readonly entries: Buffer; readonly after: Buffer } {
  const { tbs } = openSigned(new DerReader(der, 'the list'));
  const body = new DerReader(tbs, 'the list').sequence();
  // Version, signature, issuer, thisUpdate, nextUpdate.
  for (let field = 0; field < 5; field++) body.raw();
  if (body.peek() !== tag.sequence) {
    return { before: tbs.subarray(0, body.offset), entries: Buffer.alloc(0), after: tbs.subarray(body.offset) };
  }
  const revoked = body.sequence();
  const start = revoked.offset;
  return {
    before: tbs.subarray(0, start),
    entries: tbs.subarray(start, body.offset),
    after: tbs.subarray(body.offset),
  };
}
