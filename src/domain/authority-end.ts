/** How long before its end an authority must be replaced: years, since every client has to trust its successor first. */
import type { Authority } from './authority.ts';
import type { Profile } from './profile.ts';

const dayMs = 86_400_000;
/** Time to bring a new root to every client, on top of the longest certificate that the old one still has to outlive. */
const marginDays = 365;
const atLeastDays = 730;

/**
 * From when on the operator is warned: two years before the end, or as long before it as the longest certificate lasts and a
 * year more.
 */
export function warningBegins({ notAfter }: Pick<Authority, 'notAfter'>, profiles: Iterable<Profile>): Date {
  const longestDays = Math.max(0, ...[...profiles].map(({ maxValidityDays }) => maxValidityDays));
  return new Date(notAfter.getTime() - Math.max(atLeastDays, longestDays + marginDays) * dayMs);
}

export function endsSoon(authority: Pick<Authority, 'notAfter'>, profiles: Iterable<Profile>, now: Date): boolean {
  return warningBegins(authority, profiles) <= now;
}
