/**
 * Numbers the events of committed transactions (decision 0019), and fills the lists of them. One process at a time does: an
 * advisory lock, which the server drops with the connection that holds it. At READ COMMITTED, so that it waits for no open
 * transaction and none waits for it: an event of a transaction that commits later is numbered later.
 */
import type { Log } from '../../../domain/ports/system.ts';
import { fillEventLists } from '../../stores/late-lists.ts';
import type { Connection } from './connection.ts';
import { isConnectionLost } from './errors.ts';
import type { Pool } from './pool.ts';
import type { Query } from './statements.ts';
import type { Transaction } from './transaction.ts';

/** Any number, the same in every process: "cert" and "seal". */
const lock = `pg_advisory_xact_lock(1667592820, 1936023916)`;

const eventsAtOnce = 1000;

const takeLock: Query = { name: 'seal lock', text: `select ${lock}`, values: [] };
const number: Query = {
  name: 'seal',
  text: `update events set sequence = fresh.number from (
    select written, (select coalesce(max(sequence), 0) from events) + row_number() over (order by transaction, written) as number
      from events where sequence is null order by transaction, written limit ${eventsAtOnce}) as fresh
    where events.written = fresh.written`,
  values: [],
};

export interface Sealer {
  /** A transaction of this process has committed events. */
  wake(): void;
  /** Resolves once the events that were committed before are numbered; undefined when there are none. */
  sealed(): Promise<void> | undefined;
  close(): Promise<void>;
}

export interface SealerOptions {
  readonly pool: Pool;
  readonly log: Log;
  begin(connection: Connection): Transaction;
}

export function createSealer({ pool, log, begin }: SealerOptions): Sealer {
  let isWanted = false;
  let underWay: Promise<void> | undefined;
  let isClosed = false;

  /** @returns whether there may be more */
  async function sealOnce(): Promise<boolean> {
    const connection = await pool.take();
    const tx = begin(connection);
    let isClean = false;
    try {
      await tx.query(takeLock);
      const { count } = await tx.query(number);
      if (count > 0) await fillEventLists(tx);
      await tx.commit();
      isClean = true;
      return count === eventsAtOnce;
    } catch (error) {
      isClean = await tx.rollback();
      throw error;
    } finally {
      pool.giveBack(connection, isClean);
    }
  }

  async function run(): Promise<void> {
    while (isWanted && !isClosed) {
      isWanted = false;
      try {
        if (await sealOnce()) isWanted = true;
      } catch (error) {
        // They are numbered with the next events, by whatever process has them.
        if (!isConnectionLost(error)) log.error({ err: error }, 'events could not be numbered');
        throw error;
      }
    }
  }

  function wake(): void {
    isWanted = true;
    underWay ??= run().finally(() => {
      underWay = undefined;
    });
    underWay.catch(() => undefined);
  }

  return {
    wake,
    sealed: () => underWay,
    async close() {
      await underWay?.catch(() => undefined);
      isClosed = true;
    },
  };
}
