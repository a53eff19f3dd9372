/** An authority as lint measures what it signs: from its certificate. */
import type { Period } from '../../domain/authority.ts';
import type { Certificate } from '../certificate.ts';
import { DerReader } from '../der-reader.ts';
import { keyKindOf, type LintedKeyKind } from './algorithms.ts';
import type { LintedIssuer } from './rule.ts';

/** @param period when it and everything above it is valid */
export function lintedIssuerOf(certificate: Certificate, period: Period): LintedIssuer {
  return {
    name: certificate.subject.der,
    keyId: Buffer.from(certificate.subjectKeyId ?? '', 'hex'),
    keyKind: keyKindOfSpki(certificate.spkiDer),
    period,
    pathLength: certificate.pathLength,
  };
}

/** @throws for a key that no authority has */
export function keyKindOfSpki(spkiDer: Uint8Array): LintedKeyKind {
  const kind = keyKindOf(new DerReader(spkiDer, 'the public key').sequence().raw());
  if (kind === undefined) throw new Error('the key of the authority is of a kind that lint does not know');
  return kind;
}
