/**
 * Fills the projection of orders (decision 0032) with the events that are numbered. One process at a time does: an advisory lock. At
 * READ COMMITTED: an event that has its number is of a transaction that has committed, and of its order the newest state is read.
 */
import { fillListings, orderFillStatements } from '../../stores/order-fill.ts';
import type { Connection } from './connection.ts';
import type { Pool } from './pool.ts';
import type { Query } from './statements.ts';
import type { Transaction } from './transaction.ts';

/** Any number, the same in every process: "cert" and "list". */
const takeLock: Query = {
  name: 'list lock',
  text: 'select pg_advisory_xact_lock(1667592820, 1818850164)',
  values: [],
};
const newestSequence: Query = { name: 'list end', text: 'select coalesce(max(sequence), 0) from events', values: [] };

/** So many events are done in a moment; who asks does not wait for more. */
const waitedForEvents = 5000;

export interface Lister {
  /** Brings the projection up to the newest event that has a number. False where it is far behind: it is brought nearer meanwhile. */
  catchUp(): Promise<boolean>;
  close(): Promise<void>;
}

export interface ListerOptions {
  readonly pool: Pool;
  begin(connection: Connection): Transaction;
}

export function createLister({ pool, begin }: ListerOptions): Lister {
  let underWay: Promise<void> | undefined;
  let isClosed = false;

  async function inTransaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const connection = await pool.take();
    const tx = begin(connection);
    let isClean = false;
    try {
      const done = await work(tx);
      await tx.commit();
      isClean = true;
      return done;
    } catch (error) {
      isClean = await tx.rollback();
      throw error;
    } finally {
      pool.giveBack(connection, isClean);
    }
  }

  async function newestOf(tx: Transaction): Promise<number> {
    return Number((await tx.query(newestSequence)).rows[0]?.[0] ?? 0);
  }

  async function fill(): Promise<void> {
    for (let isBehind = true; isBehind && !isClosed; )
      isBehind = await inTransaction(async (tx) => {
        await tx.query(takeLock);
        const newest = await newestOf(tx);
        return (await fillListings(tx, newest)) < newest;
      });
  }

  return {
    async catchUp() {
      if (isClosed) return false;
      const behind = await inTransaction(
        async (tx) => (await newestOf(tx)) - ((await tx.first(orderFillStatements.progress, {}))?.sequence ?? 0),
      );
      if (behind === 0) return true;
      // One that is under way has perhaps read how far the events go before the newest came.
      const filling = (underWay ?? Promise.resolve()).catch(() => undefined).then(fill);
      underWay = filling.finally(() => {
        if (underWay === filling) underWay = undefined;
      });
      underWay.catch(() => undefined);
      if (behind > waitedForEvents) return false;
      await filling;
      return true;
    },
    async close() {
      isClosed = true;
      await underWay?.catch(() => undefined);
    },
  };
}
