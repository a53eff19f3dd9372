/** What a lint rule is: its text, and a function that looks at what was read. */
import type { LintFinding, LintRuleText, LintScope } from '../../domain/lint.ts';
import type { Profile } from '../../domain/profile.ts';
import type { LintedKeyKind } from './algorithms.ts';
import type { Tbs } from './read-certificate.ts';

/** Of the certificate above, as it is stored; of a root its own. */
export interface LintedIssuer {
  /** Its subject, byte for byte. */
  readonly name: Uint8Array;
  readonly keyId: Uint8Array;
  /** The kind of its key, which the signature must fit. */
  readonly keyKind: LintedKeyKind;
  /** When it and everything above it is valid; null for a root. */
  readonly period: { readonly from: Date; readonly until: Date } | null;
  /** How many CAs may stand below; undefined: any number. */
  readonly pathLength: number | undefined;
}

/** What certificates are measured by. */
export interface CertificateFacts {
  readonly kind: 'leaf' | 'intermediate' | 'root';
  readonly issuer: LintedIssuer;
  /** Of a leaf. */
  readonly profile: Pick<Profile, 'level' | 'isPublicLike' | 'maxValidityDays'> | null;
}

export interface CertificateRule extends LintRuleText {
  /** @returns what breaks the rule, in no language; empty where something is missing; undefined where all is well */
  readonly find: (tbs: Tbs, facts: CertificateFacts, now: Date) => string | undefined;
}

/** What stands for something that is not there. */
export const missing = '';

export function findingOf({ id, source }: LintRuleText, found: string): LintFinding {
  return { rule: id, source, found: shortened(found) };
}

/** Names may be long, and findings stand in logs, events and alarms. */
function shortened(found: string): string {
  return found.length <= 120 ? found : `${found.slice(0, 119)}…`;
}

/** Reports whether rules of this scope are asked of the certificate. */
export function isInScope(only: LintScope | undefined, { profile }: Pick<CertificateFacts, 'profile'>): boolean {
  if (only === undefined) return true;
  if (profile === null) return false;
  if (only === 'public') return profile.isPublicLike;
  return only === 'ov-ev' ? profile.level !== 'dv' : profile.level === only;
}
