/** Taking a name out of an order at a vendor. */
import { type Reason, reason } from '../../domain/errors.ts';
import type { NameKept, NameRemovingIssuer } from '../../domain/ports/issuer.ts';
import { UpstreamFailure } from '../../domain/upstream-failure.ts';
import type { VendorIssuerContext } from './context.ts';
import { withoutProofs } from './outcome.ts';
import { afterFailureOf, isRefusal, notPassedOn } from './passing-on.ts';
import { driveOrder, type StepFor } from './steps.ts';
import { isHere } from './whereabouts.ts';

/** A vendor that looks for the proofs first has no order yet: a name leaves it without a call. */
export function removing(
  context: VendorIssuerContext,
  stepFor: StepFor,
): Partial<Pick<NameRemovingIssuer, 'removeName'>> {
  const { id: issuer, upstream } = context;
  const { removeName, manners } = upstream;
  if (removeName === undefined && !manners.provesFirst) return {};
  return {
    async removeName(request, { name }, signal) {
      const { row } = await stepFor(request, true);
      if (row.step === 'waiting') return { kind: 'nameRemoved', reference: null };
      if (row.step === 'over' || !isHere(context, row)) {
        return withoutProofs(await driveOrder(context, { request, row, isRelaying: true }, signal));
      }
      const reference = row.reference?.order ?? null;
      const kept = (why: Reason): NameKept => ({ kind: 'nameKept', reference, reason: why });
      // It was sent since, which it never is before all names are proved.
      if (row.reference === null || removeName === undefined) {
        return kept(reason('relayedNamesProved', { issuer, names: name.value }));
      }
      try {
        await removeName(row.reference, name, signal);
      } catch (thrown) {
        if (!(thrown instanceof UpstreamFailure)) throw thrown;
        if (thrown.kind === 'limited') return notPassedOn(context, row, thrown);
        if (!isRefusal(thrown)) return afterFailureOf(context, row, thrown);
        return kept(reason('issuerKeptName', { issuer, name: name.value, detail: thrown.message }));
      }
      return { kind: 'nameRemoved', reference };
    },
  };
}
