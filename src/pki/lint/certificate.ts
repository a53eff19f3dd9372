/** The lint of certificates: every rule that is asked of one kind of certificate, of one profile, under one issuer. */
import type { LintFinding } from '../../domain/lint.ts';
import { readTbs, type Tbs } from './read-certificate.ts';
import { readOrFinding } from './read-or-finding.ts';
import { type CertificateFacts, type CertificateRule, findingOf, isInScope } from './rule.ts';
import { basicRules } from './rules/basics.ts';
import { keyRules } from './rules/key.ts';
import { nameRules } from './rules/names.ts';
import { pointerRules } from './rules/pointers.ts';
import { serialRules } from './rules/serial.ts';
import { subjectRules } from './rules/subject.ts';
import { usageRules } from './rules/usage.ts';
import { validityRules } from './rules/validity.ts';

export const certificateRules: readonly CertificateRule[] = [
  ...basicRules,
  ...serialRules,
  ...validityRules,
  ...subjectRules,
  ...nameRules,
  ...keyRules,
  ...usageRules,
  ...pointerRules,
];

/** What is wrong with a TBSCertificate that is to be signed now; empty where nothing is. */
export type CertificateLint = (tbs: Uint8Array, now: Date) => readonly LintFinding[];

/** Chooses the rules once for all certificates of the same facts. */
export function createCertificateLint(facts: CertificateFacts): CertificateLint {
  const rules = certificateRules.filter(({ kinds, only }) => kinds.includes(facts.kind) && isInScope(only, facts));
  return (bytes, now) => {
    const read = readOrFinding((): Tbs => readTbs(bytes));
    if ('rule' in read) return [read];
    const findings: LintFinding[] = [];
    for (const rule of rules) {
      const found = rule.find(read, facts, now);
      if (found !== undefined) findings.push(findingOf(rule, found));
    }
    return findings;
  };
}
