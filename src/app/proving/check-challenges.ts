/** Looks for proofs on demand, before there is an order. */
import type { CheckResult } from '../../domain/challenge.ts';
import { customersCheck } from '../../domain/evidence.ts';
import type { Proving } from '../../domain/ports/proving.ts';
import type { AppContext } from '../context.ts';
import { accountOf, seesAllAccounts } from '../scope.ts';
import { check } from './counted-check.ts';

/** The whole request, so that names on dead servers do not keep its sender waiting. */
const limitMs = 20_000;

export function createCheckChallenges(context: AppContext): Proving['checkChallenges'] {
  return async (caller, requests): Promise<readonly CheckResult[]> => {
    const { id: accountId } = await accountOf(context.database.read, caller);
    const limit = new AbortController();
    const done = new AbortController();
    const timer = context.clock.sleep(limitMs, done.signal).then(
      () => limit.abort(),
      () => undefined,
    );
    try {
      const found = await Promise.all(
        requests.map(({ identifier, challenge }) =>
          check(context, { accountId, identifier, createdAt: null }, challenge, limit.signal),
        ),
      );
      return seesAllAccounts(caller) ? found : found.map(customersCheck);
    } finally {
      done.abort();
      await timer;
    }
  };
}
