/**
 * Limits of a directory, so that one client leaves something for the others. They hold over all threads; a restart forgives. What every
 * request meets is counted in memory that the threads share, and what can turn out not to count is counted by the core. Where none is
 * configured nothing is counted.
 */

import { type CertError, refuse } from '../../domain/errors.ts';
import type { Allowance, Rate, SharedAllowances } from '../../domain/ports/allowances.ts';
import type { Attempt, AttemptLimit, Attempts } from '../../domain/ports/attempts.ts';
import type { AcmeConfig, Directory, LimitName } from './config.ts';

const sharedNames = [
  'requestsPerAddress',
  'newAccountsPerAddress',
  'newOrdersPerAccount',
] as const satisfies LimitName[];

export type SharedLimit = (typeof sharedNames)[number];
export type AttemptName = Exclude<LimitName, SharedLimit>;

export interface Limits {
  /** Counts one. @throws {CertError} acmeRateLimited, acmeBusy for `requestsPerAddress` */
  take(limit: SharedLimit, key: string): void;
  /**
   * Does work that counts, unless it fails. It is taken first: of many requests at once no more get through than one after the other.
   * @param counts false for a result that is nothing new
   * @throws {CertError} acmeRateLimited
   */
  within<T>(limit: SharedLimit, key: string, work: () => Promise<T>, counts?: (result: T) => boolean): Promise<T>;
  /** Undefined where the directory has no such limit. */
  attempts(limit: AttemptName): AttemptsWithin | undefined;
}

/** See `Attempts`. */
export interface AttemptsWithin {
  /** @throws {CertError} acmeRateLimited */
  check(key: string): Promise<void>;
  /**
   * Counts an attempt. False where it is open already, and counted.
   * @param endKnown ends those of the open attempts of the key that are over, before one is refused
   * @throws {CertError} acmeRateLimited
   */
  begin(attempt: Attempt, endKnown?: (open: readonly string[]) => Promise<void>): Promise<boolean>;
  end(id: string, counts: boolean): Promise<void>;
}

interface Counting {
  readonly allowances: SharedAllowances;
  readonly attempts: Attempts;
}

/** By the name of the directory. */
export function createLimits(counting: Counting, { directories }: AcmeConfig): ReadonlyMap<string, Limits> {
  return new Map(
    Object.entries(directories).map(([name, directory]) => [name, limitsOf(name, directory.limits, counting)]),
  );
}

function limitsOf(directory: string, rates: Directory['limits'], counting: Counting): Limits {
  const rateOf = (limit: LimitName): Rate | undefined => {
    const rate = rates[limit];
    return rate && { burst: rate.count, everyMs: (rate.seconds * 1000) / rate.count };
  };
  const allowances = new Map<SharedLimit, Allowance>();
  for (const limit of sharedNames) {
    const rate = rateOf(limit);
    // Directories have their rates and so their own keys in one table.
    if (rate !== undefined) allowances.set(limit, counting.allowances.open(`acme ${limit}`, rate));
  }
  const keyOf = (key: string) => `${directory} ${key}`;

  const limits: Limits = {
    take(limit, key) {
      const waitMs = allowances.get(limit)?.tryTake(keyOf(key)) ?? 0;
      if (waitMs > 0) throw refusal(limit, waitMs);
    },
    async within(limit, key, work, counts = () => true) {
      limits.take(limit, key);
      let isCounted = false;
      try {
        const result = await work();
        isCounted = counts(result);
        return result;
      } finally {
        if (!isCounted) allowances.get(limit)?.giveBack(keyOf(key));
      }
    },
    attempts(limit) {
      const rate = rateOf(limit);
      return rate && attemptsWithin(limit, { name: `acme ${directory} ${limit}`, rate }, counting.attempts);
    },
  };
  return limits;
}

function attemptsWithin(limit: AttemptName, counted: AttemptLimit, attempts: Attempts): AttemptsWithin {
  return {
    async check(key) {
      const waitMs = await attempts.waitMs(counted, key);
      if (waitMs > 0) throw refusal(limit, waitMs);
    },
    async begin(attempt, endKnown) {
      let begun = await attempts.begin(counted, attempt);
      if (typeof begun === 'object' && endKnown !== undefined) {
        await endKnown(await attempts.listOpen(counted, attempt.key));
        begun = await attempts.begin(counted, attempt);
      }
      if (typeof begun === 'object') throw refusal(limit, begun.waitMs);
      return begun === 'counted';
    },
    end: (id, counts) => attempts.end(counted, id, counts),
  };
}

function refusal(limit: LimitName, waitMs: number): CertError {
  const retryAfterSeconds = Math.ceil(waitMs / 1000);
  if (limit === 'requestsPerAddress') return refuse('acmeBusy', { retryAfterSeconds });
  return refuse('acmeRateLimited', { limit, retryAfterSeconds });
}

/** A directory that there is not limits nothing. */
export const noLimits: Limits = {
  take() {},
  within: (_, __, work) => work(),
  attempts: () => undefined,
};
