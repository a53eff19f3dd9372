/**
 * The most sockets that are open to strangers at the same time, resolvers included. Who finds no place waits, first come, first served: whose turn
 * it is has been decided before (`app/proving/check-places.ts`), so that this bound is reached by no check, only by everything together.
 */
export interface SocketPlaces {
  /** Resolves with what gives the place back, which may be called twice; at once when the signal is aborted. */
  take(signal: AbortSignal): Promise<() => void>;
}

export function createSocketPlaces(limit: number): SocketPlaces {
  const waiting = new Set<() => void>();
  let open = 0;

  function giveBack(): void {
    const [next] = waiting;
    if (next === undefined) open--;
    else next();
  }

  return {
    async take(signal) {
      if (signal.aborted) return () => undefined;
      if (open < limit) open++;
      else if (!(await placeGivenBack(waiting, signal))) return () => undefined;
      let isHeld = true;
      return () => {
        if (isHeld) giveBack();
        isHeld = false;
      };
    },
  };
}

/** Where nothing else limits them: tests of one exchange. */
export const anySockets: SocketPlaces = { take: () => Promise.resolve(() => undefined) };

function placeGivenBack(waiting: Set<() => void>, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const leave = (hasPlace: boolean) => {
      waiting.delete(enter);
      signal.removeEventListener('abort', giveUp);
      resolve(hasPlace);
    };
    const enter = () => leave(true);
    const giveUp = () => leave(false);
    signal.addEventListener('abort', giveUp, { once: true });
    waiting.add(enter);
  });
}
