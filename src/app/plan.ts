/** The plan of a certificate: serial and validity, fixed before anything is signed. */
import type { IssuancePlan, RequestedValidity } from '../domain/issuance.ts';
import type { Issuer } from '../domain/issuer.ts';
import type { Profile } from '../domain/profile.ts';
import { serialFrom } from '../pki/leaf-template.ts';
import type { AppContext } from './context.ts';

const dayMs = 86_400_000;

/**
 * RFC 5280 §4.1.2.5, BR §6.3.2: both ends are inside the validity, so a certificate of n days ends one second early. It
 * never outlives the order's coverage nor the authority that signs it, nor what the customer asked for.
 */
export function planIssuance(
  context: AppContext,
  request: {
    readonly csr: Uint8Array;
    readonly validity: RequestedValidity | null;
    readonly coverageUntil: Date;
    readonly profile: Profile;
    readonly issuer: Issuer;
  },
): IssuancePlan {
  const { validity, profile, issuer } = request;
  const now = context.clock.now();
  const authorityId = issuer.chooseAuthority(request.csr, profile);
  const notBeforeMs = wholeSeconds(now.getTime() - profile.backdateSeconds * 1000);
  const days = validity !== null && 'days' in validity ? Math.min(validity.days, profile.maxValidityDays) : undefined;
  const limits = [
    notBeforeMs + (days ?? profile.maxValidityDays) * dayMs,
    request.coverageUntil.getTime(),
    // The moment asked for is the last that is valid; the others are the first that are not.
    validity !== null && 'until' in validity ? validity.until.getTime() + 1000 : Number.POSITIVE_INFINITY,
    issuer.latestNotAfter(authorityId)?.getTime() ?? Number.POSITIVE_INFINITY,
  ];
  return {
    serial: serialFrom(context.random.bytes(16)).toString('hex'),
    notBefore: new Date(notBeforeMs),
    notAfter: new Date(wholeSeconds(Math.min(...limits)) - 1000),
    authorityId,
  };
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
