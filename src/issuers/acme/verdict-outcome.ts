/** What a failed call at an ACME CA means for the issuance. */
import { type Reason, reason } from '../../domain/errors.ts';
import type { UpstreamOutcome } from '../../domain/ports/issuer.ts';
import type { AcmeIssuerContext } from './context.ts';
import type { Verdict } from './problem-kinds.ts';

const hourMs = 3_600_000;
/** A CA that says no time. */
const limitedMs = hourMs;

export interface Situation {
  readonly orderUrl: string | null;
  /** The CSR may have been sent: nothing is ordered elsewhere. */
  readonly isFinalized: boolean;
  /** Nothing of this issuance is at the CA: no order was placed, or it is over. */
  readonly isUntaken: boolean;
}

/** Waits for the operator; it is looked at again every hour. */
export function waitForOperator(
  { clock }: Pick<AcmeIssuerContext, 'clock'>,
  orderUrl: string | null,
  why: Reason,
  until?: Date | null,
): UpstreamOutcome {
  const retryAt = until ?? new Date(clock.now().getTime() + hourMs);
  return { kind: 'pending', reference: orderUrl, retryAt, waits: { turn: 'operator', reason: why } };
}

/** The profile of the configuration is none of those that the CA has. */
export function lacksProfile(
  context: Pick<AcmeIssuerContext, 'id' | 'clock'>,
  { profile }: { readonly profile: string | null },
  offered: string,
): UpstreamOutcome {
  const lacking = { issuer: context.id, profile: profile ?? '', offered: offered || '–' };
  return waitForOperator(context, null, reason('caLacksProfile', lacking));
}

/** Kinds that have an outcome of their own; the others are for the step to deal with. */
export function outcomeOf(
  context: Pick<AcmeIssuerContext, 'id' | 'clock'>,
  verdict: Verdict,
  { orderUrl, isFinalized, isUntaken }: Situation,
): UpstreamOutcome {
  const { id: issuer, clock } = context;
  const { text: detail } = verdict;
  switch (verdict.kind) {
    case 'rateLimited': {
      const until = verdict.notBefore ?? new Date(clock.now().getTime() + limitedMs);
      const limit = reason('upstreamLimit', { issuer, until: until.toISOString(), detail });
      if (isFinalized || !isUntaken) {
        const waits = { turn: 'operator', reason: limit, limitedUntil: until } as const;
        return { kind: 'pending', reference: orderUrl, retryAt: until, waits };
      }
      return { kind: 'notTaken', reason: limit, retryAt: until, isLimit: true };
    }
    case 'userAction': {
      const wanted = reason('caWantsAction', { issuer, detail, instance: verdict.instance ?? '–' });
      return waitForOperator(context, orderUrl, wanted);
    }
    case 'accountGone':
      return waitForOperator(context, orderUrl, reason('caAccountGone', { issuer, detail }));
    default: {
      const refused = { kind: 'refused', reason: reason('caRefused', { issuer, detail }) } as const;
      const untaken = isUntaken ? ({ isUntaken } as const) : {};
      return { ...refused, ...untaken, ...(isFinalized || !verdict.mayFailOver ? {} : { isBeforeFinalize: true }) };
    }
  }
}
