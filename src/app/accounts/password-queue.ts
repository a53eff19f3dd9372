/**
 * The queue before the hashing of passwords, of which each takes 64 MiB and a fifth of a second: a few at the same time, a few
 * more that wait; everybody else must come back later. A user at a network of an earlier sign-in of theirs waits in a line of
 * their own, which goes first; in each line one network has only some of the places.
 */
import { refuse } from '../../domain/errors.ts';

export interface PasswordQueue {
  /** @throws {CertError} unavailable when the line is full */
  run<T>(place: QueuePlace, work: () => Promise<T>): Promise<T>;
}

export interface QueuePlace {
  /** The key by which places are counted: a network, or the account of somebody who is signed in. */
  readonly from: string;
  readonly isKnown: boolean;
}

export interface QueueSize {
  /** Hashed side by side: as many as the thread pool runs. */
  readonly atOnce: number;
  /** Limits of the two lines. */
  readonly waiting: number;
  readonly waitingOfOne: number;
}

export const passwordQueueSize: QueueSize = { atOnce: 4, waiting: 32, waitingOfOne: 8 };

/** About what the longest line takes. */
const retryAfterSeconds = 5;

interface Waiting {
  readonly from: string;
  readonly enter: () => void;
}

export function createPasswordQueue({ atOnce, waiting, waitingOfOne }: QueueSize = passwordQueueSize): PasswordQueue {
  const known: Waiting[] = [];
  const others: Waiting[] = [];
  let running = 0;

  async function wait({ from, isKnown }: QueuePlace): Promise<void> {
    const line = isKnown ? known : others;
    const own = line.filter((one) => one.from === from).length;
    if (line.length >= waiting || own >= waitingOfOne) throw refuse('passwordsBusy', { retryAfterSeconds });
    await new Promise<void>((enter) => line.push({ from, enter }));
  }

  return {
    async run(place, work) {
      // The one that leaves hands over its place, so that no newcomer gets in before those who wait.
      if (running < atOnce) running++;
      else await wait(place);
      try {
        return await work();
      } finally {
        const next = known.shift() ?? others.shift();
        if (next === undefined) running--;
        else next.enter();
      }
    },
  };
}
