/**
 * Rate limits that hold over all nodes of a database. Each node counts in its memory, and lets the others know what it has counted
 * (`NodeSignals`), which costs no row and no wait. What two nodes let through within the few milliseconds of that word, or what is lost while a
 * node is cut off from the database, goes beyond the limit; a node that has just started has counted nothing.
 */
import { hash } from 'node:crypto';
import { type AllowanceOptions, createAllowance } from '../domain/allowance.ts';
import type { Allowance } from '../domain/ports/allowances.ts';
import type { Count, NodeSignals } from '../domain/ports/stores/index.ts';
import type { Clock } from '../domain/ports/system.ts';

/** 128 bits of a digest: no two keys have the same. */
const keyLength = 22;

/** What one node counts by, and what joins it to the others. */
export interface LimitNode {
  readonly clock: Clock;
  readonly signals: NodeSignals;
}

/** @param limit its name, the same on every node and of no other limit */
export function createCommonAllowance(
  { clock, signals }: LimitNode,
  limit: string,
  options: Omit<AllowanceOptions, 'clock'>,
): Allowance {
  const own = createAllowance({ clock, ...options });
  signals.receive((signal) => {
    if (signal.kind === 'counted' && signal.count.limit === limit) own[signal.count.change](signal.count.key);
  });

  function count(change: Count['change'], key: string): void {
    own[change](key);
    signals.send({ kind: 'counted', count: { change, limit, key } });
  }

  return {
    waitMs: (key) => own.waitMs(shortened(key)),
    take: (key) => count('take', shortened(key)),
    tryTake(key) {
      const short = shortened(key);
      const waitMs = own.waitMs(short);
      if (waitMs === 0) count('take', short);
      return waitMs;
    },
    giveBack: (key) => count('giveBack', shortened(key)),
    forget: (key) => count('forget', shortened(key)),
  };
}

/** One size whatever a stranger calls a user, and nothing that others who listen on the database could read. */
function shortened(key: string): string {
  return hash('sha256', key, 'base64url').slice(0, keyLength);
}
