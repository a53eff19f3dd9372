/** Which intermediate signs a certificate, of those for its kind of key. */
import { signsLeaves } from '../../domain/authority.ts';
import type { SigningAuthority } from './authority-set.ts';

/**
 * Of those that sign and last until then, the one that began last: after a rollover all certificates move to the successor. Where none lasts
 * so long, a successor signs before its time: it is published already, and the other choice is no certificate. Where that does not help
 * either, the one that lasts longest says until when it can sign.
 */
export function authorityFor(
  some: readonly SigningAuthority[],
  { until, now }: { readonly until: Date | undefined; readonly now: Date },
): SigningAuthority | undefined {
  const lasts = ({ period }: SigningAuthority) => until === undefined || period.until >= until;
  const signing = some.filter(({ authority }) => signsLeaves(authority, now));
  const coming = some.filter(({ authority }) => {
    const { signsFrom } = authority;
    return signsFrom !== null && signsLeaves(authority, signsFrom);
  });
  return (
    best(signing.filter(lasts), beganMs) ??
    best(coming.filter(lasts), (one) => -beganMs(one)) ??
    best(signing, ({ period }) => period.until.getTime())
  );
}

function beganMs({ authority: { signsFrom, createdAt } }: SigningAuthority): number {
  return (signsFrom ?? createdAt).getTime();
}

/** The one with the highest rank; of equal ones the one that ends last. */
function best(
  some: readonly SigningAuthority[],
  rank: (one: SigningAuthority) => number,
): SigningAuthority | undefined {
  return some.reduce<SigningAuthority | undefined>((chosen, next) => {
    if (chosen === undefined) return next;
    const difference = rank(next) - rank(chosen);
    const isLater = next.authority.notAfter > chosen.authority.notAfter;
    return difference > 0 || (difference === 0 && isLater) ? next : chosen;
  }, undefined);
}
