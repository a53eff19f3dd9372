/**
 * Counts round trips to a PostgreSQL server: how often a piece of work, from its beginning to its end, has to wait for answers. Statements that
 * are sent together, on whatever connections, are one. Answers are held back until nothing more is sent without them; then all that are
 * there are handed out at once, which is one round trip.
 */
import pg from 'pg';
import { awaited, textOf } from './postgres.ts';

/** Turns of the event loop in which nothing was sent: whoever could go on without an answer has. */
const quietTurns = 4;

interface Held {
  readonly text: string;
  readonly isAnswered: boolean;
  release(): void;
}

/** @returns the statements of each round trip, in their order */
export async function countRoundTrips(work: () => Promise<void>): Promise<readonly (readonly string[])[]> {
  const trips: (readonly string[])[] = [];
  const held = new Set<Held>();
  let quiet = 0;
  const { query } = pg.Client.prototype;
  const holding = function call(this: pg.Client, config: unknown, ...args: unknown[]): unknown {
    quiet = 0;
    return awaited(() => hold(textOf(config), Reflect.apply(query, this, [config, ...args])));
  };
  function hold(text: string, answer: Promise<unknown>): Promise<unknown> {
    const { promise, resolve } = Promise.withResolvers<void>();
    let isAnswered = false;
    const one: Held = {
      text,
      get isAnswered() {
        return isAnswered;
      },
      release: resolve,
    };
    held.add(one);
    const arrive = () => {
      isAnswered = true;
    };
    answer.then(arrive, arrive);
    return promise.then(() => answer);
  }
  Object.assign(pg.Client.prototype, { query: holding });
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  try {
    const running = work();
    running.then(end, end);
    while (!isOver) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      quiet++;
      const all = [...held];
      if (all.length === 0 || quiet < quietTurns || !all.every((one) => one.isAnswered)) continue;
      trips.push(all.map(({ text }) => text));
      held.clear();
      for (const one of all) one.release();
      quiet = 0;
    }
    await running;
  } finally {
    Object.assign(pg.Client.prototype, { query });
    for (const one of held) one.release();
  }
  return trips;
}
