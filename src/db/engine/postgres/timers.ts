/**
 * Waits for a server: real time, since the server's does not stand still where a test's clock does (the one place besides
 * `src/system` that has timers).
 */
import { setTimeout } from 'node:timers';
import { setTimeout as wait } from 'node:timers/promises';

export function pause(delayMs: number): Promise<void> {
  return wait(delayMs);
}

/** Calls back once the time is over, unless it is ended before. */
export function alarm(delayMs: number, ring: () => void): { end(): void } {
  const timer = setTimeout(ring, delayMs);
  timer.unref();
  return { end: () => clearTimeout(timer) };
}
