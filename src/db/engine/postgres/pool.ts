/** The connections that transactions take for themselves. Who finds none free waits in line. */
import { Connection } from './connection.ts';

type Given = (connection: Connection | Error) => void;

export class Pool {
  readonly #url: string;
  readonly #most: number;
  readonly #free: Connection[] = [];
  readonly #waiting: Given[] = [];
  /** Those that are being opened, too. */
  #count = 0;
  #isClosed = false;
  #onIdle: (() => void) | undefined;

  constructor(url: string, most: number) {
    this.#url = url;
    this.#most = most;
  }

  /** A connection that nobody else uses until it is given back. @throws {ConnectionLost} when the server cannot be reached */
  take(): Promise<Connection> {
    if (this.#isClosed) return Promise.reject(new Error('the database is closed'));
    const free = this.#free.pop();
    if (free !== undefined) return Promise.resolve(free);
    if (this.#count < this.#most) return this.#open();
    return new Promise((resolve, reject) => {
      this.#waiting.push((given) => (given instanceof Error ? reject(given) : resolve(given)));
    });
  }

  /** @param isClean no transaction is open on it */
  giveBack(connection: Connection, isClean: boolean): void {
    if (connection.hasEnded) return;
    if (!isClean) {
      connection.destroy();
      return;
    }
    const next = this.#waiting.shift();
    if (next !== undefined) next(connection);
    else this.#free.push(connection);
    this.#checkIdle();
  }

  /** Takes no more work, and waits until what is under way has ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const next of this.#waiting.splice(0)) next(new Error('the database is closed'));
    if (this.#count > this.#free.length) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    await Promise.all(this.#free.map((connection) => connection.close()));
  }

  async #open(): Promise<Connection> {
    this.#count++;
    try {
      return await Connection.open({ url: this.#url, use: 'write', onEnd: (ended) => this.#forget(ended) });
    } catch (error) {
      this.#lessOne();
      throw error;
    }
  }

  #forget(connection: Connection): void {
    const place = this.#free.indexOf(connection);
    if (place >= 0) this.#free.splice(place, 1);
    this.#lessOne();
  }

  /** There is room for another one, and whoever is next in line opens it, or hears why it cannot be opened. */
  #lessOne(): void {
    this.#count--;
    const next = this.#waiting.shift();
    if (next !== undefined) this.#open().then(next, next);
    this.#checkIdle();
  }

  #checkIdle(): void {
    if (this.#isClosed && this.#count <= this.#free.length) this.#onIdle?.();
  }
}
