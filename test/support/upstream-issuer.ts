/** An issuer that buys from the nasty upstream, as the client half of a dialect would. */
import { reason } from '../../src/domain/errors.ts';
import type {
  CancellingIssuer,
  RenewalInformingIssuer,
  RevokingIssuer,
  UpstreamIssuer,
  UpstreamOutcome,
} from '../../src/domain/ports/issuer.ts';
import type { UpstreamTerms } from '../../src/domain/upstream-account.ts';
import type { NastyUpstream, Status } from './nasty-upstream.ts';
import type { FakeClock } from './system.ts';

export interface UpstreamIssuerOptions {
  readonly terms?: Partial<UpstreamTerms>;
  /** The upstream takes an order once for each client reference, so that it may be sent again. */
  readonly isIdempotent?: boolean;
  readonly pollSeconds?: number;
}

/** Optional capabilities to leave out. */
export type Capability = 'cancel' | 'revoke' | 'renewalInfo';

export const upstreamTerms: UpstreamTerms = {
  account: 'nasty',
  deadlineHours: 48,
  afterDeadline: 'fail',
  concurrency: 2,
  budget: null,
};

export type FullIssuer = CancellingIssuer & RevokingIssuer & RenewalInformingIssuer;

export function createUpstreamIssuer(
  upstream: NastyUpstream,
  clock: () => FakeClock,
  { terms = {}, isIdempotent = false, pollSeconds = 60 }: UpstreamIssuerOptions = {},
): FullIssuer {
  const id = 'upstream';
  const soon = () => new Date(clock().now().getTime() + pollSeconds * 1000);

  function outcomeOf(status: Status): UpstreamOutcome {
    const { state, reference } = status;
    switch (state) {
      case 'pending':
        return { kind: 'pending', reference, retryAt: soon() };
      case 'issued':
        return { kind: 'issued', reference, der: status.der, chain: status.chain };
      case 'refused':
      case 'cancelled':
        return { kind: 'refused', reason: reason('issuerRefused', { issuer: id, detail: state }) };
      default:
        return { kind: 'unclear', detail: `its state is "${state}"`, reference, retryAt: soon() };
    }
  }

  return {
    id,
    upstream: { ...upstreamTerms, ...terms },
    async begin({ issuanceId: clientReference, csr, names }, signal) {
      return outcomeOf(await upstream.place({ clientReference, csr, names }, signal));
    },
    async resume({ issuanceId: clientReference, csr, names }, reference, signal) {
      if (reference !== null && reference !== 'none') return outcomeOf(await upstream.status(reference, signal));
      const found = await upstream.find(clientReference, signal);
      if (found !== undefined) return outcomeOf(found);
      if (isIdempotent) return outcomeOf(await upstream.place({ clientReference, csr, names }, signal));
      return {
        kind: 'unclear',
        detail: 'it knows of no such order',
        reference: null,
        retryAt: new Date(clock().now().getTime() + 43_200_000),
      };
    },
    async cancel({ issuanceId, reference }, signal) {
      const known = reference ?? (await upstream.find(issuanceId, signal))?.reference;
      return known === undefined ? 'tooLate' : upstream.cancel(known, signal);
    },
    revoke: ({ serial }, _reason, signal) => upstream.revoke(serial, signal),
    async renewalInfo({ serial }, signal) {
      const from = await upstream.renewalInfo(serial, signal);
      return from === undefined ? null : { from, until: new Date(from.getTime() + 86_400_000), retryAt: soon() };
    },
  };
}

/** The same without some of its capabilities. */
export function without(issuer: FullIssuer, ...capabilities: readonly Capability[]): UpstreamIssuer {
  const kept = Object.entries(issuer).filter(([name]) => !capabilities.some((one) => one === name));
  return {
    id: issuer.id,
    upstream: issuer.upstream,
    begin: issuer.begin,
    resume: issuer.resume,
    ...Object.fromEntries(kept),
  };
}
