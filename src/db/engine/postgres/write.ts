/**
 * Transactions of this engine: SERIALIZABLE, and the whole work is run again when another transaction was in the way, or the
 * connection was lost before the commit. A commit whose answer was lost is looked up, never guessed.
 */
import type { AccountId } from '../../../domain/ids.ts';
import type { Meter } from '../../../domain/ports/meter.ts';
import type { Stores, WriteCounts, WriteOptions } from '../../../domain/ports/stores/index.ts';
import type { Clock, Log, Randomness } from '../../../domain/ports/system.ts';
import type { Connection } from './connection.ts';
import { isConnectionLost, isInTheWay, isTaken, toRefusal } from './errors.ts';
import { Gate } from './gate.ts';
import type { Pool } from './pool.ts';
import type { SharedConnections } from './shared-connections.ts';
import { alarm, pause } from './timers.ts';
import type { Isolation, Transaction } from './transaction.ts';

/** Runs of one work, the first included. */
const mostRuns = 6;

/** From this run on nothing else of this process runs at the same time. */
const firstAlone = 4;

/** Before the second run; twice as much before each further one, and any part of it at random, so that two do not meet again. */
const firstPauseMs = 5;

/** A transaction awaits only its stores: one that takes this long awaits something else, or a server that is no longer there. */
const transactionLimitMs = 20_000;

/** A commit under way ends with its connection, at the latest when the server notices that this is gone. */
const lookUpLimitMs = 30_000;

export interface WriterOptions {
  readonly pool: Pool;
  readonly reading: SharedConnections;
  readonly random: Randomness;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter?: Pick<Meter, 'committed'> | undefined;
  begin(connection: Connection, isolation: Isolation): { readonly session: Transaction; readonly stores: Stores };
  /** Called after each commit, before its caller continues. */
  afterCommit(changed: ReadonlySet<string>): void;
}

interface Run<T> {
  readonly value: T;
  readonly changed: ReadonlySet<string>;
}

export class Writer {
  readonly #options: WriterOptions;
  /** The last transaction of each account that charges it, while there is one. */
  readonly #charging = new Map<AccountId, Promise<unknown>>();
  readonly #gate = new Gate();
  #committed = 0;
  #retried = 0;
  #givenUp = 0;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  get counts(): WriteCounts {
    return { committed: this.#committed, retried: this.#retried, givenUp: this.#givenUp };
  }

  async write<T>(work: (tx: Stores) => Promise<T>, options: WriteOptions<T> = {}): Promise<T> {
    const { chargesAccount, onlyClaims = false, whenWritten, whenCommitted } = options;
    const { clock, meter } = this.#options;
    const startedMs = clock.monotonicMs();
    const run = () => this.#untilCommitted(work, onlyClaims ? 'read committed' : 'serializable');
    const value = await (chargesAccount === undefined ? run() : this.#inTurn(chargesAccount, run));
    meter?.committed(1, clock.monotonicMs() - startedMs);
    whenWritten?.(value);
    whenCommitted?.(value);
    return value;
  }

  /** One transaction of the account after the other: side by side all but one would be run again. */
  async #inTurn<T>(account: AccountId, run: () => Promise<T>): Promise<T> {
    const before = this.#charging.get(account);
    const mine = before === undefined ? run() : before.then(run);
    const ended = mine.catch(() => undefined);
    this.#charging.set(account, ended);
    try {
      return await mine;
    } finally {
      if (this.#charging.get(account) === ended) this.#charging.delete(account);
    }
  }

  async #untilCommitted<T>(work: (tx: Stores) => Promise<T>, isolation: Isolation): Promise<T> {
    let wasTaken = false;
    for (let run = 1; ; run++) {
      try {
        const { value, changed } = await this.#gate.run(() => this.#runOnce(work, isolation), {
          isAlone: run >= firstAlone,
        });
        this.#committed++;
        this.#options.afterCommit(changed);
        return value;
      } catch (error) {
        const mayReturn = isTaken(error) && !wasTaken;
        const isPassing = isInTheWay(error) || isConnectionLost(error);
        if (run >= mostRuns || !(isPassing || mayReturn)) {
          if (isPassing) this.#givenUp++;
          throw toRefusal(error);
        }
        wasTaken = isTaken(error);
        this.#retried++;
        await this.#pauseBefore(run);
      }
    }
  }

  async #pauseBefore(run: number): Promise<void> {
    const [byte = 0] = this.#options.random.bytes(1);
    await pause((firstPauseMs * 2 ** (run - 1) * (byte + 1)) / 256);
  }

  /** @throws what undid it; nothing of it is left then */
  async #runOnce<T>(work: (tx: Stores) => Promise<T>, isolation: Isolation): Promise<Run<T>> {
    const { pool } = this.#options;
    const connection = await pool.take();
    const { session, stores } = this.#options.begin(connection, isolation);
    const limit = alarm(transactionLimitMs, () => connection.destroy());
    let isClean = false;
    try {
      const value = await work(stores).catch(async (error: unknown) => {
        isClean = await session.rollback();
        // What the work throws may be what became of a statement that failed before.
        throw session.failure ?? error;
      });
      const outcome = await session.commit();
      isClean = outcome.committed;
      if (outcome.committed || (await this.#wasCommitted(outcome.transactionId, outcome.cause))) {
        return { value, changed: session.changed };
      }
      throw outcome.cause;
    } finally {
      limit.end();
      pool.giveBack(connection, isClean && !connection.hasEnded);
    }
  }

  /** @throws {CertError} unavailable, where nobody can say */
  async #wasCommitted(transactionId: string, cause: unknown): Promise<boolean> {
    const { reading, log } = this.#options;
    const query = {
      name: 'transaction status',
      text: 'select pg_xact_status($1::text::xid8)',
      values: [transactionId],
    } as const;
    log.warn({ transactionId, err: cause }, 'the answer to a commit was lost; the database is asked what became of it');
    for (
      let waitedMs = 0, waitMs = 20;
      waitedMs < lookUpLimitMs;
      waitedMs += waitMs, waitMs = Math.min(waitMs * 2, 1000)
    ) {
      try {
        const { rows } = await (await reading.get()).send(query);
        const status = rows[0]?.[0];
        if (status === 'committed') return true;
        if (status === 'aborted') return false;
        // Null: so long ago that the server has forgotten it.
        if (status === null) break;
      } catch (error) {
        if (!isConnectionLost(error)) throw toRefusal(error);
      }
      await pause(waitMs);
    }
    throw toRefusal(cause);
  }
}
