/** The validity and the authority of a certificate, from what was requested and what is allowed. */
import type { Identifier } from '../../domain/identifier.ts';
import type { IssuancePlan, RequestedValidity } from '../../domain/issuance.ts';
import type { LocalIssuer } from '../../domain/ports/issuer.ts';
import type { Clock } from '../../domain/ports/system.ts';
import type { Profile } from '../../domain/profile.ts';

const dayMs = 86_400_000;

/** A plan without its serial, which is drawn once the plan has no objections. */
export type DraftPlan = Omit<IssuancePlan, 'serial'>;

/**
 * RFC 5280 §4.1.2.5, BR §6.3.2: both ends are inside the validity, so a certificate of n days ends one second early. It
 * never outlives the order's coverage nor the requested end. The authority shortens nothing: one that ends too
 * soon is an objection (`objectionToPeriod`); where none signs there is no plan. A backdated begin is moved to that of the authority, which makes the
 * certificate no shorter.
 */
export function draftPlan(
  { clock }: { readonly clock: Clock },
  request: {
    readonly csr: Uint8Array;
    readonly validity: RequestedValidity | null;
    readonly coverageUntil: Date;
    readonly profile: Profile;
    readonly issuer: LocalIssuer;
    readonly names: readonly Identifier[];
  },
): DraftPlan | undefined {
  const { validity, profile, issuer } = request;
  const authorityId = issuer.chooseAuthority(request.csr, profile, request.names);
  if (authorityId === undefined) return undefined;
  const period = issuer.validityOf(authorityId);
  const backdatedMs = wholeSeconds(clock.now().getTime() - profile.backdateSeconds * 1000);
  const notBeforeMs = Math.max(backdatedMs, period.from.getTime());
  const days = validity !== null && 'days' in validity ? Math.min(validity.days, profile.maxValidityDays) : undefined;
  const limits = [
    notBeforeMs + (days ?? profile.maxValidityDays) * dayMs,
    request.coverageUntil.getTime(),
    // The requested moment is the last that is valid; the others are the first that are not.
    validity !== null && 'until' in validity ? validity.until.getTime() + 1000 : Number.POSITIVE_INFINITY,
  ];
  return {
    notBefore: new Date(notBeforeMs),
    notAfter: new Date(wholeSeconds(Math.min(...limits)) - 1000),
    authorityId,
  };
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
