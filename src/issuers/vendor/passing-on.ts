/** What a call that passes a customer's wish on comes to where the vendor does not do it. */
import type { NotPassedOn, UpstreamOutcome } from '../../domain/ports/issuer.ts';
import type { UpstreamFailure } from '../../domain/upstream-failure.ts';
import type { VendorOrder } from '../../domain/vendor-order.ts';
import type { VendorIssuerContext } from './context.ts';
import { afterFailure } from './steps.ts';

const limitedMs = 60_000;

/** It has said no, and would again. */
export function isRefusal({ kind }: UpstreamFailure): boolean {
  return kind === 'refused' || kind === 'wrongState' || kind === 'absent';
}

/** It takes too much from us: the same goes to it again later. */
export function notPassedOn(
  { clock }: Pick<VendorIssuerContext, 'clock'>,
  { reference }: Pick<VendorOrder, 'reference'>,
  { retryAt }: UpstreamFailure,
): NotPassedOn {
  const soon = new Date(clock.now().getTime() + limitedMs);
  return { kind: 'notPassedOn', reference: reference?.order ?? null, retryAt: retryAt ?? soon };
}

/** An order that is gone is for the next look to find. */
export function afterFailureOf(
  context: VendorIssuerContext,
  row: VendorOrder,
  failure: UpstreamFailure,
): UpstreamOutcome {
  if (failure.kind === 'absent') {
    return { kind: 'pending', reference: row.reference?.order ?? null, retryAt: context.clock.now() };
  }
  return afterFailure(context, row, failure);
}
