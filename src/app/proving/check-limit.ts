/**
 * How often somebody may have an object checked at once. Each check asks name servers and hosts of others, who did not ask for it; and what is
 * missing is looked for by schedule anyway.
 */
import { createAllowance } from '../../domain/allowance.ts';
import { type CertError, refuse } from '../../domain/errors.ts';
import type { AppContext } from '../context.ts';

/** So many at once, and as many in each minute. */
export const checksPerMinute = 6;
const everyMs = 60_000 / checksPerMinute;
/** Objects that are kept; the ones that were checked the longest ago are forgotten first. */
const most = 50_000;

export interface CheckLimit {
  /** Counts a check of the object. @throws {CertError} rateLimited, then it is not counted */
  take(object: Checked): void;
  /** Counts a check of the object. False: it is one too many, and not counted. */
  tryTake(object: Checked): boolean;
}

interface Checked {
  readonly id: string;
  readonly number: number;
}

export function createCheckLimit({ clock }: Pick<AppContext, 'clock'>, what: 'order' | 'managedDomain'): CheckLimit {
  const allowance = createAllowance({ clock, burst: checksPerMinute, everyMs, maxKeys: most });
  return {
    take({ id, number }) {
      const waitMs = allowance.tryTake(id);
      if (waitMs > 0) throw refused(what, number, waitMs);
    },
    tryTake: ({ id }) => allowance.tryTake(id) <= 0,
  };
}

function refused(what: 'order' | 'managedDomain', number: number, waitMs: number): CertError {
  const retryAfterSeconds = Math.ceil(waitMs / 1000);
  return refuse('checksTooOften', { what, value: String(number), limit: checksPerMinute, retryAfterSeconds });
}
