/** What a vendor's answer means for the issuance. */
import { type Reason, reason } from '../../domain/errors.ts';
import type { ProofsAccepted, RelayOutcome, UpstreamOutcome, UpstreamWait } from '../../domain/ports/issuer.ts';
import type { VendorAnswer } from '../../domain/ports/upstream.ts';
import type { VendorOrder } from '../../domain/vendor-order.ts';
import type { VendorIssuerContext } from './context.ts';

const hourMs = 3_600_000;
/** Challenges of vendors that name no end are fetched anew so often. */
const usualProofsMs = 24 * hourMs;

type Pending = Extract<UpstreamOutcome, { readonly kind: 'pending' }>;

/** A tenth of the time since it was sent, within the vendor's limits: what has taken hours will not be done in seconds. */
export function nextLook(
  { clock, upstream }: Pick<VendorIssuerContext, 'clock' | 'upstream'>,
  { sentAt }: Pick<VendorOrder, 'sentAt'>,
): Date {
  const { first, longest } = upstream.manners.pollSeconds;
  const nowMs = clock.now().getTime();
  const ageMs = sentAt === null ? 0 : nowMs - sentAt.getTime();
  return new Date(nowMs + Math.min(Math.max(ageMs / 10, first * 1000), longest * 1000));
}

/** Waits for somebody; it is looked at again every hour, or at the time that the vendor named. */
export function waitsFor(
  { clock }: Pick<VendorIssuerContext, 'clock'>,
  row: Pick<VendorOrder, 'reference'>,
  wait: UpstreamWait,
  retryAt: Date = new Date(clock.now().getTime() + hourMs),
): Pending {
  return { kind: 'pending', reference: row.reference?.order ?? null, retryAt, waits: wait };
}

export function operatorWaits(
  context: Pick<VendorIssuerContext, 'clock'>,
  row: Pick<VendorOrder, 'reference'>,
  why: Reason,
  retryAt?: Date,
): Pending {
  return waitsFor(context, row, { turn: 'operator', reason: why }, retryAt);
}

/** @param isRelaying the core asks for proofs, and is told once they are accepted */
export function outcomeOf(
  context: VendorIssuerContext,
  {
    answer,
    row,
    isRelaying,
  }: { readonly answer: VendorAnswer; readonly row: VendorOrder; readonly isRelaying: boolean },
): RelayOutcome {
  const { id: issuer, clock } = context;
  const { words } = answer;
  const reference = answer.reference.order;
  const retryAt = nextLook(context, row);
  const pending: Pending = { kind: 'pending', reference, retryAt };
  const accepted: ProofsAccepted = { kind: 'accepted', reference, retryAt };
  switch (answer.state) {
    case 'preparing':
      return pending;
    case 'proving':
      if (!isRelaying)
        return operatorWaits(context, row, reason('vendorNotStanding', { issuer, what: reference, words }));
      if (answer.proofs.length === 0) return pending;
      if (answer.proofs.every(({ isProved }) => isProved === true)) return accepted;
      return {
        kind: 'proofs',
        reference,
        names: answer.proofs,
        expiresAt: answer.proofsUntil ?? new Date(clock.now().getTime() + usualProofsMs),
        retryAt,
      };
    case 'held':
      return operatorWaits(context, row, reason('vendorHolds', { issuer, order: reference, words }));
    case 'processing':
      return isRelaying ? accepted : pending;
    case 'issued':
      return issuedBy(answer, retryAt);
    case 'refused':
    case 'cancelled':
      return { kind: 'refused', reason: reason('issuerRefused', { issuer, detail: words }) };
    case 'unknown':
      return { kind: 'unclear', detail: words, reference, retryAt };
    default:
      return answer.state satisfies never;
  }
}

/** Some say that it is issued a moment before it can be had. */
function issuedBy({ reference: { order: reference }, certificate }: VendorAnswer, retryAt: Date): UpstreamOutcome {
  if (certificate === null) return { kind: 'pending', reference, retryAt };
  const { der, chain, privateKey } = certificate;
  return { kind: 'issued', reference, der, chain, ...(privateKey === undefined ? {} : { privateKey }) };
}

/** Without a relay nobody is asked for proofs: whoever drives it asks again. */
export function withoutProofs(outcome: RelayOutcome): UpstreamOutcome {
  if (outcome.kind !== 'proofs' && outcome.kind !== 'accepted') return outcome;
  const { reference, retryAt } = outcome;
  return { kind: 'pending', reference, retryAt };
}
