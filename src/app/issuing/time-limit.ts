/** A limit on what is waited for, by the injected clock. */
import type { Clock } from '../../domain/ports/system.ts';

/** @param work is handed a signal that aborts with a `TimeoutError` after so long */
export async function withinMs<T>(
  clock: Pick<Clock, 'sleep'>,
  limitMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const done = new AbortController();
  const timer = clock.sleep(limitMs, done.signal).then(
    () => limit.abort(new DOMException(`it took longer than ${limitMs / 1000} s`, 'TimeoutError')),
    () => undefined,
  );
  try {
    return await work(limit.signal);
  } finally {
    done.abort();
    await timer;
  }
}
