/**
 * Waiting for new events. The number of the newest one is read from the database, so that events of other processes count as
 * well; one look serves everybody who waits in this process, and none is made while nobody does.
 */
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Clock } from '../../domain/ports/system.ts';

/** Between looks. */
const stepMs = 250;

export interface EventNews {
  /** The number of the newest event, as it was a moment ago. */
  newest(): Promise<number>;
  /** Resolves when there is a newer one than this, or after `withinMs`. */
  wait(newest: number, withinMs: number): Promise<void>;
}

export function createEventNews({ read, clock }: { readonly read: Stores; readonly clock: Clock }): EventNews {
  let look: { readonly atMs: number; readonly newest: Promise<number> } | undefined;

  function newest(): Promise<number> {
    const atMs = clock.monotonicMs();
    if (look === undefined || atMs - look.atMs >= stepMs) look = { atMs, newest: read.events.newest() };
    return look.newest;
  }

  return {
    newest,
    async wait(seen, withinMs) {
      const deadline = clock.monotonicMs() + withinMs;
      for (;;) {
        const leftMs = deadline - clock.monotonicMs();
        if (leftMs <= 0) return;
        await clock.sleep(Math.min(stepMs, leftMs));
        if ((await newest()) > seen) return;
      }
    },
  };
}
