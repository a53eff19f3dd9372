/** Many moments to wait for with one sleep under way: the nearest. Setting and cancelling one costs next to nothing. */
import type { Clock } from '../domain/ports/system.ts';

export interface Deadlines {
  /** Calls `onPassed` once, `delayMs` from now, unless cancelled. It must not throw. */
  set(delayMs: number, onPassed: () => void): Deadline;
  /** Cancels all; sets no more. */
  close(): void;
}

export interface Deadline {
  /** On the steady clock. */
  readonly atMs: number;
  cancel(): void;
}

interface Entry extends Deadline {
  readonly onPassed: () => void;
}

export function createDeadlines(clock: Clock): Deadlines {
  const entries = new Set<Entry>();
  let sleep: { readonly untilMs: number; readonly abort: AbortController } | undefined;
  let isClosed = false;

  /** Sleeps until the nearest, unless a sleep that ends earlier is under way: it will look again. */
  function arm(): void {
    let untilMs = Number.POSITIVE_INFINITY;
    for (const entry of entries) untilMs = Math.min(untilMs, entry.atMs);
    if (isClosed || untilMs === Number.POSITIVE_INFINITY) return;
    if (sleep !== undefined && sleep.untilMs <= untilMs) return;
    sleep?.abort.abort();
    const abort = new AbortController();
    sleep = { untilMs, abort };
    clock.sleep(untilMs - clock.monotonicMs(), abort.signal).then(
      () => {
        sleep = undefined;
        pass();
        arm();
      },
      () => {
        // Aborted: a nearer sleep has taken over, or it is closed.
      },
    );
  }

  function pass(): void {
    const now = clock.monotonicMs();
    for (const entry of [...entries]) {
      if (entry.atMs > now) continue;
      entries.delete(entry);
      entry.onPassed();
    }
  }

  return {
    set(delayMs, onPassed) {
      const entry: Entry = {
        atMs: clock.monotonicMs() + delayMs,
        onPassed,
        cancel: () => {
          entries.delete(entry);
        },
      };
      entries.add(entry);
      if (sleep === undefined || entry.atMs < sleep.untilMs) arm();
      return entry;
    },
    close() {
      isClosed = true;
      entries.clear();
      sleep?.abort.abort();
    },
  };
}
