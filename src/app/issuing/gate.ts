/** Lets only so many pieces of work run at the same time; the others wait, in the order in which they came. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>;

export function createGate(width: number): Gate {
  const waiting: (() => void)[] = [];
  let running = 0;

  return async (work) => {
    // The one that leaves hands over its place, so that no newcomer gets in before those who wait.
    if (running < width) running++;
    else await new Promise<void>((enter) => waiting.push(enter));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
