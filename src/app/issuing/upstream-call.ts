/** Calling somebody else's server from a job. */

/** The call's answer, or a throw when the signal comes first: an issuer that ignores it holds up nobody. */
export async function untilAborted<T>(signal: AbortSignal, call: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([call, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    // The call that lost the race may still fail; without this the rejection would be unhandled.
    call.catch(() => {});
    aborted.promise.catch(() => {});
  }
}

/** It was cut off because the server stops, which says nothing of the upstream. A call that took too long does. */
export function isStopping({ aborted, reason }: AbortSignal): boolean {
  return aborted && !(reason instanceof DOMException && reason.name === 'TimeoutError');
}

const longestMessage = 500;

export function messageOf(thrown: unknown): string {
  return (thrown instanceof Error ? thrown.message : String(thrown)).slice(0, longestMessage);
}
