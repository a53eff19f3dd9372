/**
 * Lint before signing: what is to be signed is checked against the rules of RFC 5280 and of the CA/Browser Forum, as it is encoded. What a
 * rule finds is not signed.
 */
import type { Language } from './language.ts';

/** What is looked at: the certificates by their place in the chain, and a list of revoked certificates. */
export type LintKind = 'leaf' | 'intermediate' | 'root' | 'list';

/** A rule as people read it. */
export interface LintRuleText {
  /** Kebab case, the same in every version: operators search for it. */
  readonly id: string;
  /** Document and section. */
  readonly source: string;
  readonly kinds: readonly LintKind[];
  /** Only certificates of these profiles. Absent: of all. */
  readonly only?: LintScope;
  /** What must be so. */
  readonly demand: Readonly<Record<Language, string>>;
}

export type LintScope = 'public' | 'dv' | 'ov' | 'ov-ev' | 'ev';

/** What one rule found. */
export interface LintFinding {
  readonly rule: string;
  readonly source: string;
  /** The value that breaks the rule, in no language; empty where something is missing. */
  readonly found: string;
}

/** The findings of which the operator has an alarm, as a setting of the installation: the newest by authority and rule. */
export const lintFindingsKey = 'lintFindings';

export interface KeptLintFinding extends LintFinding {
  readonly authority: string;
  readonly kind: LintKind;
  /** What was to be signed: the first name of a certificate, or the subject of an authority. */
  readonly subject: string;
  readonly atMs: number;
}

/** No more are kept: an alarm shows one of them. */
const mostKept = 20;

/** Those of a certificate stay for so long: the same fault may come back with the next order of its kind. */
export const lintAlarmMs = 86_400_000;

/** As the setting has them, without those that are over. What this version cannot read is left out. */
export function keptLintFindings(value: unknown, nowMs: number): readonly KeptLintFinding[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [];
  return all.filter(isKept).filter(({ kind, atMs }) => kind === 'list' || nowMs - atMs < lintAlarmMs);
}

/** With one more, in the place of the same one. */
export function withLintFinding(kept: readonly KeptLintFinding[], one: KeptLintFinding): readonly KeptLintFinding[] {
  const others = kept.filter(({ rule, authority, kind }) => {
    return rule !== one.rule || authority !== one.authority || kind !== one.kind;
  });
  return [one, ...others].slice(0, mostKept);
}

function isKept(value: unknown): value is KeptLintFinding {
  if (typeof value !== 'object' || value === null) return false;
  const one = value as Partial<Record<keyof KeptLintFinding, unknown>>;
  const texts = [one.rule, one.source, one.found, one.authority, one.subject, one.kind];
  return texts.every((text) => typeof text === 'string') && typeof one.atMs === 'number';
}
