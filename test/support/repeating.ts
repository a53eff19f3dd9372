/**
 * A database that runs the work of every transaction, undoes it, and runs it again before it commits: what an engine does
 * that gives up a transaction for another one (`Database.write`). Every test of the app runs over it, so that work with a
 * side effect, or that goes by what an undone run left in memory, fails some test.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Database, Stores, WriteOptions } from '../../src/domain/ports/stores/index.ts';
import type { LedgerStore } from '../../src/domain/ports/stores/ledger.ts';
import { createFakeRandomness } from './system.ts';

const works = new AsyncLocalStorage<true>();

/** Thrown behind the work, so that its transaction is undone. */
const undone = new Error('this run is undone, and another one follows');

/**
 * One run in eight is undone twice, as when the second run meets the same neighbour.
 * @param isSteady each run is undone exactly once, so that the numbers that undone runs lose can be foreseen
 */
export function repeating(database: Database, { isSteady = false }: { readonly isSteady?: boolean } = {}): Database {
  const random = createFakeRandomness(2);

  async function runInVain<T>(work: (tx: Stores) => Promise<T>, options?: WriteOptions<T>): Promise<void> {
    const run = async (tx: Stores): Promise<never> => {
      await works.run(true, () => work(announced(tx, options)));
      throw undone;
    };
    // An error of the work counts in the last run only: an engine may show a run what another transaction then takes back.
    await database.write(run, options).catch(() => undefined);
  }

  return {
    read: database.read,
    async write(work, options) {
      const times = !isSteady && (random.bytes(1)[0] ?? 0) % 8 === 0 ? 2 : 1;
      for (let run = 0; run < times; run++) await runInVain(work, options);
      return database.write((tx) => works.run(true, () => work(announced(tx, options))), options);
    },
    get isFull() {
      return database.isFull;
    },
    nextNumber: (of) => database.nextNumber(of),
    isExclusive: database.isExclusive,
    node: database.node,
    alone: (work) => database.alone(work),
    signals: database.signals,
    usedNumbers: database.usedNumbers,
    get writeCounts() {
      return database.writeCounts;
    },
    close: () => database.close(),
  };
}

/** Stores whose ledger takes charges of the account only that the transaction announced (`WriteOptions.chargesAccount`). */
function announced(tx: Stores, options: Pick<WriteOptions, 'chargesAccount'> = {}): Stores {
  const ledger: LedgerStore = {
    ...tx.ledger,
    append(entry) {
      if (entry.kind === 'charge' && entry.accountId !== options.chargesAccount) {
        throw new Error(`the transaction charges ${entry.accountId} without having announced it`);
      }
      return tx.ledger.append(entry);
    },
  };
  return new Proxy(tx, { get: (stores, key) => (key === 'ledger' ? ledger : Reflect.get(stores, key, stores)) });
}

/** The same function, which throws when work inside a transaction calls it: what it does could not be undone. */
export function outsideWork<A extends unknown[], R>(name: string, effect: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    if (works.getStore()) throw new Error(`work inside a transaction calls ${name}, which cannot be undone`);
    return effect(...args);
  };
}

/** The same with every function of the object, down to what `child` of a log answers. */
export function allOutsideWork<T extends object>(name: string, target: T): T {
  return new Proxy(target, {
    get(object, key) {
      const value: unknown = Reflect.get(object, key);
      if (typeof value !== 'function') return value;
      const guarded = outsideWork(`${name}.${String(key)}`, (...args: unknown[]) => Reflect.apply(value, object, args));
      return key === 'child' ? (...args: unknown[]) => allOutsideWork(name, guarded(...args) as object) : guarded;
    },
  });
}
