/** Looking up CAA records and keeping what was found. */
import type { AppContext } from '../context.ts';
import { createGate } from './gate.ts';

/** Look-ups of all issuances together, each of which asks for every level of a name. */
const lookUpsAtOnce = 32;
/** A run stores what it has found by then, and the next one goes on. */
const runBudgetMs = 60_000;

export type LookUpCaaOf = (names: readonly string[], signal: AbortSignal) => Promise<void>;

/** Looks the names up and stores what was found. What was cut off is not stored: it says nothing. */
export function createCaaLookUps({ clock, database, lookUpCaa }: AppContext): LookUpCaaOf {
  const oneOfFew = createGate(lookUpsAtOnce);
  return async (names, signal) => {
    const deadline = clock.monotonicMs() + runBudgetMs;
    const looks = await Promise.all(
      names.map((name) =>
        oneOfFew(async () => {
          if (signal.aborted || clock.monotonicMs() >= deadline) return [];
          const outcome = await lookUpCaa(name, signal);
          if (!outcome.ok && outcome.problem.key === 'checkAborted') return [];
          return [{ name, outcome, checkedAt: clock.now() }];
        }),
      ),
    );
    await database.write(async (tx) => {
      for (const look of looks.flat()) await tx.caaChecks.put(look);
    });
  };
}
