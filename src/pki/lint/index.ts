/** Lint before signing: all rules, and the two ways to ask them. */
import type { LintRuleText } from '../../domain/lint.ts';
import { certificateRules } from './certificate.ts';
import { derRule } from './rules/basics.ts';
import { entryRules, listRules, uniqueEntryRule } from './rules/list.ts';

/** Every rule, for people and tests. */
export const lintRules: readonly LintRuleText[] = [
  derRule,
  ...certificateRules,
  ...listRules,
  ...entryRules,
  uniqueEntryRule,
];

export { type CertificateLint, createCertificateLint } from './certificate.ts';
export { keyKindOfSpki, lintedIssuerOf } from './issuer.ts';
export { lintEntries, lintList } from './list.ts';
export type { CertificateFacts, LintedIssuer } from './rule.ts';
export type { ListFacts } from './rules/list.ts';
