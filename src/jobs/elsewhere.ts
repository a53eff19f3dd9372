/** Word of runs that ended on other nodes: it shortens the wait of whoever looks for what became of a job. */
import type { Clock } from '../domain/ports/system.ts';

export interface Elsewhere {
  /** Runs of these have ended. */
  hear(keys: readonly string[]): void;
  /** Resolves at such a word, which may have come a moment before, or after so long. Never rejects. */
  wait(key: string, withinMs: number): Promise<void>;
}

/** Words that nobody waited for when they came. Whoever read the job before it ended may begin to wait only now. */
const mostKept = 1_000;

export function createElsewhere(clock: Clock): Elsewhere {
  const waiting = new Map<string, AbortController>();
  const early = new Set<string>();

  return {
    hear(keys) {
      for (const key of keys) {
        const heard = waiting.get(key);
        if (heard !== undefined) {
          waiting.delete(key);
          heard.abort();
          continue;
        }
        early.add(key);
        const [oldest] = early;
        if (early.size > mostKept && oldest !== undefined) early.delete(oldest);
      }
    },

    async wait(key, withinMs) {
      // Each counts once, so that nobody looks again and again for a run that ended long ago.
      if (early.delete(key)) return;
      const heard = waiting.get(key) ?? new AbortController();
      waiting.set(key, heard);
      // It rejects when the word comes.
      await clock.sleep(withinMs, heard.signal).catch(() => undefined);
      if (waiting.get(key) === heard) waiting.delete(key);
    },
  };
}
