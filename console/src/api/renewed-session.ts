/**
 * A session gets another secret when it becomes more than it was. Of the calls that are on their way at that moment all but one still have the
 * one before, and are told that their session is over: by the time that all of them are answered, the browser has the new one.
 */

/** So that a cookie which another tab is just getting is there too. */
const pauseMs = 250;
const longestMs = 2000;

const underWay = new Set<Promise<unknown>>();

/** Counts a call as on its way until it is answered. */
export function counted<T>(call: Promise<T>): Promise<T> {
  underWay.add(call);
  const answered = () => underWay.delete(call);
  call.then(answered, answered);
  return call;
}

/** Waits until whatever was on its way has been answered. */
export async function othersAnswered(): Promise<void> {
  const others = Promise.allSettled(underWay);
  await pause(pauseMs);
  await Promise.race([others, pause(longestMs)]);
}

const pause = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));
