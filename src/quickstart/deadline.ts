/** Nothing in the quickstart waits for ever: every step has a time limit and can be interrupted. */
import type { Clock } from '../domain/ports/system.ts';

export interface Deadline {
  readonly clock: Clock;
  readonly limitMs: number;
  /** Ends the work as well, with its own reason. */
  readonly signal: AbortSignal;
}

/**
 * Runs the work until it ends, the time is over or the signal aborts. Its own signal stops the work; work that
 * does not listen is not waited for.
 */
export async function withDeadline<T>(
  { clock, limitMs, signal }: Deadline,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const late = new AbortController();
  const watch = clock.sleep(limitMs, done.signal).then(
    () => late.abort(new Error(`gave up after ${limitMs / 1000} s`)),
    () => undefined,
  );
  const either = AbortSignal.any([signal, late.signal]);
  try {
    either.throwIfAborted();
    const ended = new Promise<never>((_, reject) => {
      either.addEventListener('abort', () => reject(either.reason), { once: true });
    });
    return await Promise.race([run(either), ended]);
  } finally {
    done.abort();
    await watch;
  }
}
