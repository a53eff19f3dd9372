/** A few connections that everybody uses at the same time: each carries many statements, one transaction each. */
import { Connection, type ConnectionOptions } from './connection.ts';

export class SharedConnections {
  readonly #options: Omit<ConnectionOptions, 'onEnd'>;
  readonly #places: (Promise<Connection> | undefined)[];
  #isClosed = false;

  constructor(options: Omit<ConnectionOptions, 'onEnd'>, most: number) {
    this.#options = options;
    this.#places = new Array<undefined>(most).fill(undefined);
  }

  /** The connection with the least to do; a further one is opened while all have something. @throws {ConnectionLost} */
  async get(): Promise<Connection> {
    if (this.#isClosed) throw new Error('the database is closed');
    let best: Connection | undefined;
    for (const [place, opened] of this.#places.entries()) {
      if (opened === undefined) return this.#open(place);
      const connection = await opened;
      if (connection.inFlight === 0 && !connection.hasEnded) return connection;
      if (best === undefined || connection.inFlight < best.inFlight) best = connection;
    }
    return best === undefined || best.hasEnded ? this.get() : best;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const opened = await Promise.allSettled(this.#places);
    await Promise.all(opened.map((one) => (one.status === 'fulfilled' ? one.value?.close() : undefined)));
  }

  #open(place: number): Promise<Connection> {
    const free = () => {
      if (this.#places[place] === opening) this.#places[place] = undefined;
    };
    const opening = Connection.open({ ...this.#options, onEnd: free });
    this.#places[place] = opening;
    // Whoever asks next tries again.
    opening.catch(free);
    return opening;
  }
}
