/**
 * The next numbers of each sequence. Whoever asks in one turn of the event loop is served by one statement, outside of transactions:
 * a number that is drawn is gone, whatever becomes of it.
 */
import type { Sequence } from '../../options.ts';
import { sequenceName } from './dialect.ts';
import type { Answered, Query } from './statements.ts';

type Waiting = { readonly resolve: (number: number) => void; readonly reject: (error: unknown) => void };

export class Numbers {
  readonly #send: (query: Query) => Promise<Answered>;
  readonly #waiting = new Map<Sequence, Waiting[]>();

  constructor(send: (query: Query) => Promise<Answered>) {
    this.#send = send;
  }

  take(table: Sequence): Promise<number> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(table);
      if (waiting !== undefined) {
        waiting.push({ resolve, reject });
        return;
      }
      this.#waiting.set(table, [{ resolve, reject }]);
      process.nextTick(() => void this.#draw(table));
    });
  }

  async #draw(table: Sequence): Promise<void> {
    const waiting = this.#waiting.get(table) ?? [];
    this.#waiting.delete(table);
    try {
      const { rows } = await this.#send({
        name: `next ${table}`,
        text: `select nextval('${sequenceName(table)}') from generate_series(1, $1::bigint)`,
        values: [waiting.length],
      });
      for (const [i, one] of waiting.entries()) one.resolve(Number(rows[i]?.[0]));
    } catch (error) {
      for (const one of waiting) one.reject(error);
    }
  }
}
