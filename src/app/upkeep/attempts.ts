/** Attempts that front doors count, in the memory of this process. */
import { createAllowance } from '../../domain/allowance.ts';
import type { Allowance } from '../../domain/ports/allowances.ts';
import type { Attempt, AttemptLimit, Attempts } from '../../domain/ports/attempts.ts';
import type { Clock } from '../../domain/ports/system.ts';

/** Keys that are kept of each limit, and open attempts. */
const most = 50_000;

interface Counted {
  readonly allowance: Allowance;
  readonly open: OpenAttempts;
}

export function createAttempts({ clock }: { readonly clock: Clock }): Attempts {
  const limits = new Map<string, Counted>();

  /** The names are those of the configuration: there are few. */
  function of({ name, rate }: AttemptLimit): Counted {
    const known = limits.get(name);
    if (known !== undefined) return known;
    const counted = {
      allowance: createAllowance({ clock, ...rate, maxKeys: most }),
      open: createOpenAttempts(rate.burst),
    };
    limits.set(name, counted);
    return counted;
  }

  return {
    async begin(limit, attempt) {
      const { allowance, open } = of(limit);
      if (open.has(attempt.id)) return 'open';
      const waitMs = allowance.tryTake(attempt.key);
      if (waitMs > 0) return { waitMs };
      open.add(attempt);
      return 'counted';
    },
    async end(limit, id, counts) {
      const { allowance, open } = of(limit);
      const key = open.remove(id);
      if (key !== undefined && !counts) allowance.giveBack(key);
    },
    listOpen: async (limit, key) => of(limit).open.listOf(key),
    waitMs: async (limit, key) => of(limit).allowance.waitMs(key),
  };
}

interface OpenAttempts {
  has(id: string): boolean;
  add(attempt: Attempt): void;
  /** Its key; undefined where there was none. */
  remove(id: string): string | undefined;
  listOf(key: string): readonly string[];
}

/**
 * Of too many the oldest are forgotten, and count.
 * @param mostOfKey as many as may be begun at once: whatever was before them counts no longer
 */
function createOpenAttempts(mostOfKey: number): OpenAttempts {
  const keys = new Map<string, string>();
  const idsOfKey = new Map<string, Set<string>>();

  function remove(id: string): string | undefined {
    const key = keys.get(id);
    if (key === undefined) return undefined;
    keys.delete(id);
    const ids = idsOfKey.get(key);
    ids?.delete(id);
    if (ids?.size === 0) idsOfKey.delete(key);
    return key;
  }

  return {
    has: (id) => keys.has(id),
    add({ id, key }) {
      keys.set(id, key);
      const ids = (idsOfKey.get(key) ?? new Set()).add(id);
      idsOfKey.set(key, ids);
      const [oldest] = keys.keys();
      if (keys.size > most && oldest !== undefined) remove(oldest);
      const [oldestOfKey] = ids;
      if (ids.size > mostOfKey && oldestOfKey !== undefined) remove(oldestOfKey);
    },
    remove,
    listOf: (key) => [...(idsOfKey.get(key) ?? [])],
  };
}
