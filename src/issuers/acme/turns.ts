/** One after the other: work on one account, which two calls of one process would do twice. */

export interface Turns {
  /** Waits for those before it. @throws the signal's reason when it comes first */
  take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return {
    async take(signal, work) {
      signal.throwIfAborted();
      const aborted = Promise.withResolvers<never>();
      const onAbort = () => aborted.reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      const mine = last.then(() => {
        // Whoever waited for it has left.
        signal.throwIfAborted();
        return work();
      });
      // The next one waits for the end of this one, however it ends.
      last = mine.catch(() => undefined);
      try {
        return await Promise.race([mine, aborted.promise]);
      } finally {
        signal.removeEventListener('abort', onAbort);
        // Whichever lost the race may still fail.
        aborted.promise.catch(() => undefined);
      }
    },
  };
}
