/**
 * Limits of a directory, so that one client leaves something for the others: token buckets in the memory of this process. A restart
 * forgives. Where none is configured nothing is counted.
 */
import { type Allowance, createAllowance } from '../../domain/allowance.ts';
import { refuse } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports/system.ts';
import type { AcmeConfig, LimitName } from './config.ts';

export interface Limits {
  /** @throws {CertError} acmeRateLimited, acmeBusy for `requestsPerAddress` */
  check(limit: LimitName, key: string): void;
  /** Reports whether `check` would refuse. */
  isSpent(limit: LimitName, key: string): boolean;
  take(limit: LimitName, key: string): void;
  /** What was taken did not count after all. */
  giveBack(limit: LimitName, key: string): void;
  /**
   * Does work that counts, unless it fails. It is taken first: of many requests at once no more get through than one after the other.
   * @param counts false for a result that is nothing new
   * @throws {CertError} acmeRateLimited
   */
  within<T>(limit: LimitName, key: string, work: () => Promise<T>, counts?: (result: T) => boolean): Promise<T>;
}

/** Keys that are kept of each limit. */
const maxKeys = 50_000;

const limitNames = [
  'requestsPerAddress',
  'newAccountsPerAddress',
  'newOrdersPerAccount',
  'failedValidationsPerName',
  'certificatesPerNames',
] as const satisfies readonly LimitName[];

/** By the name of the directory. */
export function createLimits(clock: Clock, { directories }: AcmeConfig): ReadonlyMap<string, Limits> {
  return new Map(
    Object.entries(directories).map(([name, { limits }]) => {
      const allowances = new Map<LimitName, Allowance>();
      for (const limit of limitNames) {
        const rate = limits[limit];
        if (rate === undefined) continue;
        const everyMs = (rate.seconds * 1000) / rate.count;
        allowances.set(limit, createAllowance({ clock, burst: rate.count, everyMs, maxKeys }));
      }
      return [name, limitsOf(allowances)];
    }),
  );
}

function limitsOf(allowances: ReadonlyMap<LimitName, Allowance>): Limits {
  const waitMsOf = (limit: LimitName, key: string) => allowances.get(limit)?.waitMs(key) ?? 0;
  const limits: Limits = {
    isSpent: (limit, key) => waitMsOf(limit, key) > 0,
    check(limit, key) {
      const waitMs = waitMsOf(limit, key);
      if (waitMs <= 0) return;
      const retryAfterSeconds = Math.ceil(waitMs / 1000);
      if (limit === 'requestsPerAddress') throw refuse('acmeBusy', { retryAfterSeconds });
      throw refuse('acmeRateLimited', { limit, retryAfterSeconds });
    },
    take: (limit, key) => allowances.get(limit)?.take(key),
    giveBack: (limit, key) => allowances.get(limit)?.giveBack(key),
    async within(limit, key, work, counts = () => true) {
      limits.check(limit, key);
      limits.take(limit, key);
      let isCounted = false;
      try {
        const result = await work();
        isCounted = counts(result);
        return result;
      } finally {
        if (!isCounted) limits.giveBack(limit, key);
      }
    },
  };
  return limits;
}

/** A directory that there is not limits nothing. */
export const noLimits: Limits = {
  isSpent: () => false,
  check() {},
  take() {},
  giveBack() {},
  within: (_, __, work) => work(),
};

/** The checks that clients asked for and that nobody has seen the end of, each with the key that it was counted by. */
export interface OpenChecks {
  isOpen(authorizationId: string): boolean;
  begin(authorizationId: string, key: string): void;
  /** The key of a check that came to an end; undefined for one that was not counted. */
  end(authorizationId: string): string | undefined;
  /** The authorizations whose checks were counted by this key, and have not ended. */
  listOf(key: string): readonly string[];
}

/** Of too many checks the oldest are forgotten, and count as failed. */
export function createOpenChecks(): OpenChecks {
  const keys = new Map<string, string>();
  const idsOfKey = new Map<string, Set<string>>();

  function end(authorizationId: string): string | undefined {
    const key = keys.get(authorizationId);
    if (key === undefined) return undefined;
    keys.delete(authorizationId);
    const ids = idsOfKey.get(key);
    ids?.delete(authorizationId);
    if (ids?.size === 0) idsOfKey.delete(key);
    return key;
  }

  return {
    isOpen: (authorizationId) => keys.has(authorizationId),
    begin(authorizationId, key) {
      keys.set(authorizationId, key);
      idsOfKey.set(key, (idsOfKey.get(key) ?? new Set()).add(authorizationId));
      const [oldest] = keys.keys();
      if (keys.size > maxKeys && oldest !== undefined) end(oldest);
    },
    end,
    listOf: (key) => [...(idsOfKey.get(key) ?? [])],
  };
}
