/** One look at one place for the proof of a name: it waits for its turn, and is counted. */
import type { Authorization } from '../../domain/authorization.ts';
import type { CheckedChallenge, CheckResult } from '../../domain/challenge.ts';
import { costOfUnprovedName } from '../../domain/ports/request-turns.ts';
import type { AppContext } from '../context.ts';
import { placeOf } from './check-places.ts';

/** The name, and who has it proved; `createdAt` null: it is looked at before there is an order. */
export type ToCheck = Pick<Authorization, 'accountId' | 'identifier'> & { readonly createdAt: Date | null };

export async function check(
  context: AppContext,
  wanted: ToCheck,
  challenge: CheckedChallenge,
  signal: AbortSignal,
): Promise<CheckResult> {
  const { checkPlaces, checkChallenge, meter, turns } = context;
  const { identifier, createdAt, accountId } = wanted;
  const result = await checkPlaces.run(placeOf(context, wanted), signal, () =>
    checkChallenge(identifier, challenge, signal),
  );
  turns.charge(accountId, costOfUnprovedName);
  meter.checked({ name: identifier.value, wantedSince: createdAt, result });
  return result;
}
