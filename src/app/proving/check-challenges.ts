/** Looks for proofs on demand, before there is an order. */
import type { CheckResult } from '../../domain/challenge.ts';
import { customersCheck } from '../../domain/evidence.ts';
import type { Proving } from '../../domain/ports/proving.ts';
import type { AppContext } from '../context.ts';
import { createGate } from '../issuing/gate.ts';
import { accountOf, isOperator } from '../scope.ts';

/** Over all callers together: a request of many names must not open a socket for each of them at once. */
const checksAtOnce = 32;
/** The whole request, so that names on dead servers do not keep its sender waiting. */
const limitMs = 20_000;

export function createCheckChallenges(context: AppContext): Proving['checkChallenges'] {
  const oneOfFew = createGate(checksAtOnce);
  return async (caller, requests): Promise<readonly CheckResult[]> => {
    await accountOf(context.database.read, caller);
    const limit = new AbortController();
    const done = new AbortController();
    const timer = context.clock.sleep(limitMs, done.signal).then(
      () => limit.abort(),
      () => undefined,
    );
    try {
      const found = await Promise.all(
        requests.map(({ identifier, challenge }) =>
          oneOfFew(() => context.checkChallenge(identifier, challenge, limit.signal)),
        ),
      );
      return isOperator(caller) ? found : found.map(customersCheck);
    } finally {
      done.abort();
      await timer;
    }
  };
}
