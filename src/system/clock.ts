/** The wall clock, a steady clock and waiting. */

import { setTimeout as startTimer } from 'node:timers';
import type { Clock } from '../domain/ports/system.ts';

/** Node's timers hold a 32-bit signed delay; a longer one would fire at once. Longer waits are made of several. */
const longestTimerMs = 2 ** 31 - 1;

export function createClock(): Clock {
  return {
    now: () => new Date(),
    monotonicMs,
    sleep,
  };
}

/** Not `performance.now()`, which begins again in each thread: what threads note down together has one clock. */
function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

async function sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
  for (let leftMs = delayMs; ; leftMs -= longestTimerMs) {
    await sleepOnce(Math.min(Math.max(leftMs, 0), longestTimerMs), signal);
    if (leftMs <= longestTimerMs) return;
  }
}

function sleepOnce(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = startTimer(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
