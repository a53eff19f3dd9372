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
  const { profile, issuer } = request;
  const backdatedMs = wholeSeconds(clock.now().getTime() - profile.backdateSeconds * 1000);
  const until = lastMoment(backdatedMs, request);
  const authorityId = issuer.chooseAuthority(request.csr, profile, { names: request.names, until });
  if (authorityId === undefined) return undefined;
  const notBeforeMs = Math.max(backdatedMs, issuer.validityOf(authorityId).from.getTime());
  return { notBefore: new Date(notBeforeMs), notAfter: lastMoment(notBeforeMs, request), authorityId };
}

function lastMoment(
  notBeforeMs: number,
  {
    validity,
    coverageUntil,
    profile,
  }: { readonly validity: RequestedValidity | null; readonly coverageUntil: Date; readonly profile: Profile },
): Date {
  const days = validity !== null && 'days' in validity ? Math.min(validity.days, profile.maxValidityDays) : undefined;
  const limits = [
    notBeforeMs + (days ?? profile.maxValidityDays) * dayMs,
    coverageUntil.getTime(),
    // The requested moment is the last that is valid; the others are the first that are not.
    validity !== null && 'until' in validity ? validity.until.getTime() + 1000 : Number.POSITIVE_INFINITY,
  ];
  return new Date(wholeSeconds(Math.min(...limits)) - 1000);
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
