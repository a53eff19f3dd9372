/**
 * Slows down who registers: guesses of the operator's code, for each network; and accounts, for each network and in total, since
 * a code may have got around. The guesses are kept in memory, of which nodes let each other know: a restart forgives. The accounts are counted from their rows,
 * so that the limit is that of the whole installation (decision 0020).
 */

import { refuse } from '../../domain/errors.ts';
import type { Registration } from '../../domain/ports/accounts.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { createCommonAllowance, type LimitNode } from '../common-allowance.ts';

const hourMs = 3_600_000;
const maxNetworks = 50_000;

export interface CodeLimit {
  /** @throws {CertError} rateLimited after too many wrong codes */
  check(network: string): void;
  wasWrong(network: string): void;
}

export function createCodeLimit(node: LimitNode): CodeLimit {
  const rate = { burst: 10, everyMs: 90_000, maxKeys: maxNetworks };
  const codes = createCommonAllowance(node, 'registrationCodes', rate);
  return {
    check(network) {
      const waitMs = codes.waitMs(network);
      if (waitMs > 0) throw refuse('loginRateLimited', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
    },
    wasWrong: (network) => codes.take(network),
  };
}

interface Attempt {
  readonly network: string;
  readonly limits: Registration['limits'];
  readonly now: Date;
}

/**
 * Two registrations at once count each other where this is asked in the transaction that makes the account.
 * @throws {CertError} rateLimited, with the seconds after which there is room
 */
export async function requireRoom({ accounts }: Stores, { network, limits, now }: Attempt): Promise<void> {
  for (const [from, limit] of [
    [network, limits.perHourAndNetwork],
    [null, limits.perHour],
  ] as const) {
    // Those of a clock that was ahead do not count: nobody could register until it comes to them again.
    const oldest = await accounts.nthNewestRegistered(from, limit, now);
    const waitMs = oldest === undefined ? 0 : oldest.getTime() + hourMs - now.getTime();
    if (waitMs > 0) throw refuse('registrationRateLimited', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  }
}
