/**
 * Budgets of an account at an upstream: how much it takes in a period. What is spent is counted in rows, so that a restart forgets
 * nothing and every node counts alike. Pure rules.
 */
import { baseName, type Identifier, isIp } from './identifier.ts';
import type { IssuanceId } from './ids.ts';
import type { PublicSuffixes } from './ports/system.ts';

/** `order`: one that is placed. `certificate`: one that it issues, counted from its order on. `failedValidation`: a name it could not validate. */
export type Spent = 'order' | 'certificate' | 'failedValidation';

export interface UpstreamBudget {
  /** How the operator knows it, like `certificates per registered domain`. */
  readonly name: string;
  readonly counts: Spent;
  /** What is counted together. `exactSet`: certificates for the very same names. */
  readonly per: 'account' | 'registeredDomain' | 'exactSet' | 'name';
  readonly limit: number;
  readonly windowSeconds: number;
  /** A certificate that follows another one of the same upstream is not counted (RFC 9773 §5). */
  readonly isExemptForRenewal: boolean;
}

/** One that was counted. `subject` is what it counts for: a domain, a name, a set of names; empty for the whole account. */
export interface UpstreamSpending {
  readonly account: string;
  readonly budget: string;
  readonly subject: string;
  readonly issuanceId: IssuanceId;
  readonly spentAt: Date;
}

/** What is counted for these names, each once. */
export function subjectsOf(
  { per }: Pick<UpstreamBudget, 'per'>,
  names: readonly Identifier[],
  publicSuffixes: PublicSuffixes,
): readonly string[] {
  switch (per) {
    case 'account':
      return [''];
    case 'exactSet':
      return [
        names
          .map(({ value }) => value)
          .toSorted()
          .join(' '),
      ];
    case 'name':
      return [...new Set(names.map(({ value }) => value))];
    case 'registeredDomain':
      return [...new Set(names.map((name) => registeredDomainOf(name, publicSuffixes)))];
  }
}

/** Of an address the address itself. */
function registeredDomainOf(name: Identifier, publicSuffixes: PublicSuffixes): string {
  if (isIp(name)) return name.value;
  const base = baseName(name);
  return publicSuffixes.registrableDomain(base) ?? base;
}

/** When one more is left again; undefined: it is now. `oldest` is the time of the one that has to leave the window first. */
export function leftAgainAt(
  { limit, windowSeconds }: Pick<UpstreamBudget, 'limit' | 'windowSeconds'>,
  { spent, oldest }: { readonly spent: number; readonly oldest: Date | undefined },
): Date | undefined {
  if (spent < limit || oldest === undefined) return undefined;
  return new Date(oldest.getTime() + windowSeconds * 1000);
}
