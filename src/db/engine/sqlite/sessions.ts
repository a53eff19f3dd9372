/** The sessions of the embedded engine: inside a transaction, and outside of one. */

import type { Compilable } from 'kysely';
import type { FirstNumbers, Sequence } from '../../options.ts';
import type { Builder, Statement } from '../../prepared.ts';
import { floorSql } from '../../restored.ts';
import { usualFirstNumbers } from '../../sequences.ts';
import type { Answer, NumberedTable, Session, Tenancy } from '../../session.ts';
import { eventStatements } from '../../stores/events.ts';
import { createCarriedTotals } from '../../totals-kept.ts';
import type { SessionSystem } from '../session-system.ts';
import { type Connection, compileSelect, rowsOfTable } from './connection.ts';
import type { RowCache } from './row-cache.ts';
import type { SearchThread } from './search-thread.ts';
import { ftsIndex } from './text-index.ts';

/**
 * Numbers come from memory: only this process writes, so the highest number need be read only once.
 * A transaction that is rolled back leaves a gap.
 */
export class Numbers {
  readonly #connection: Connection;
  readonly #firstNumbers: Readonly<Record<Sequence, number>>;
  readonly #next: { [T in Sequence]?: number } = {};

  constructor(connection: Connection, firstNumbers: FirstNumbers = {}) {
    this.#connection = connection;
    this.#firstNumbers = { ...usualFirstNumbers, ...firstNumbers };
  }

  take(table: Sequence): number {
    const number = this.#next[table] ?? this.#first(table);
    this.#next[table] = number + 1;
    return number;
  }

  #first(table: Sequence): number {
    const highest = this.#connection.value(`SELECT max(number) FROM ${table}`);
    const next = typeof highest === 'number' ? highest + 1 : this.#firstNumbers[table];
    // Of a database that was made from a backup: above what was given out after it.
    return Math.max(next, Number(this.#connection.value(floorSql(table)) ?? 0));
  }
}

export interface TransactionParts {
  readonly connection: Connection;
  readonly numbers: Numbers;
  readonly cache: RowCache;
  readonly system: SessionSystem;
  readonly tenancy: Tenancy;
}

/** One transaction. Once ended it refuses: work that was not awaited must not slip into the next transaction. */
export class Transaction implements Session {
  readonly textIndex = ftsIndex;
  readonly system: SessionSystem;
  readonly tenancy: Tenancy;
  readonly #connection: Connection;
  readonly #numbers: Numbers;
  readonly #cache: RowCache;
  #hasEnded = false;

  constructor({ connection, numbers, cache, system, tenancy }: TransactionParts) {
    this.#connection = connection;
    this.#numbers = numbers;
    this.#cache = cache;
    this.system = system;
    this.tenancy = tenancy;
  }

  end(): void {
    this.#hasEnded = true;
  }

  all<P extends object, R>(statement: Statement<P, R>, params: P): readonly R[] {
    return this.#open().all(statement, params);
  }

  first<P extends object, R>(statement: Statement<P, R>, params: P): R | undefined {
    return this.#open().first(statement, params);
  }

  kept<P extends object, R, T>(statement: Statement<P, R>, params: P, make: (row: R) => T): T | undefined {
    const connection = this.#open();
    if (!this.#cache.isChanged(connection.tableOf(statement))) {
      return throughCache(this.#cache, connection, { statement, params, make });
    }
    const row = connection.first(statement, params);
    return row && make(row);
  }

  run<P extends object, R>(statement: Statement<P, R>, params: P): number {
    return this.#open().run(statement, params);
  }

  write<P extends object, R>(statement: Statement<P, R>, params: P): void {
    this.#open().run(statement, params);
  }

  select<R>(build: (db: Builder) => Compilable<R>): readonly R[] {
    return this.#open().select(build);
  }

  beside<R>(build: (db: Builder) => Compilable<R>): readonly R[] {
    return this.select(build);
  }

  /** One transaction is open at a time. */
  takeTurn(): void {}

  isListed(): boolean {
    return false;
  }

  nextNumber(table: NumberedTable): number {
    this.#open();
    return this.#numbers.take(table);
  }

  #open(): Connection {
    if (this.#hasEnded) throw new Error('the transaction has ended: its stores cannot be used any more');
    return this.#connection;
  }
}

export interface ReadingParts {
  /** The connection that sees the committed state, and only that, at this moment. */
  connection(): Connection;
  /** For queries that look at many rows. */
  readonly searches: Pick<SearchThread, 'ask' | 'catchUp'>;
  /** The wait until what is committed is on the disk as well; undefined when it is. */
  sync(): Promise<void> | undefined;
  readonly cache: RowCache;
  readonly system: SessionSystem;
  readonly tenancy: Tenancy;
}

/** Reads the committed state, and returns it once it is durable: what was shown must be true after a power failure. */
export class Reading implements Session {
  readonly textIndex = ftsIndex;
  readonly carriedTotals = createCarriedTotals();
  readonly system: SessionSystem;
  readonly tenancy: Tenancy;
  readonly #parts: ReadingParts;

  constructor(parts: ReadingParts) {
    this.#parts = parts;
    this.system = parts.system;
    this.tenancy = parts.tenancy;
  }

  all<P extends object, R>(statement: Statement<P, R>, params: P): Answer<readonly R[]> {
    return this.#durable(this.#for(statement).all(statement, params));
  }

  first<P extends object, R>(statement: Statement<P, R>, params: P): Answer<R | undefined> {
    return this.#durable(this.#for(statement).first(statement, params));
  }

  kept<P extends object, R, T>(statement: Statement<P, R>, params: P, make: (row: R) => T): Answer<T | undefined> {
    return this.#durable(throughCache(this.#parts.cache, this.#for(statement), { statement, params, make }));
  }

  run(): never {
    throw outside();
  }

  write(): never {
    throw outside();
  }

  select<R>(build: (db: Builder) => Compilable<R>): Answer<readonly R[]> {
    return this.#durable(this.#parts.connection().select(build));
  }

  async beside<R>(build: (db: Builder) => Compilable<R>): Promise<readonly R[]> {
    const { sql, parameters, forms } = compileSelect(this.#parts.connection().db, build);
    const found = await this.#parts.searches.ask(sql, parameters);
    // It saw what was committed, which may not be on the disk yet.
    await this.#parts.sync();
    return rowsOfTable<R>(found, forms);
  }

  takeTurn(): never {
    throw outside();
  }

  async isListed(): Promise<boolean> {
    const newest = this.#parts.connection().first(eventStatements.newest, {})?.newest ?? 0;
    // Only what cannot be lost any more goes into the projection.
    await this.#parts.sync();
    return this.#parts.searches.catchUp(newest);
  }

  nextNumber(): never {
    throw outside();
  }

  #durable<T>(found: T): Answer<T> {
    const sync = this.#parts.sync();
    return sync === undefined ? found : sync.then(() => found);
  }

  #for<P extends object, R>(statement: Statement<P, R>): Connection {
    const connection = this.#parts.connection();
    if (!connection.isSelect(statement)) throw outside();
    return connection;
  }
}

function throughCache<P extends object, R, T>(
  cache: RowCache,
  connection: Connection,
  { statement, params, make }: { statement: Statement<P, R>; params: P; make: (row: R) => T },
): T | undefined {
  const key = keyOf(params);
  const known = cache.get(statement, key);
  // The value cached under this statement was made by the one `make` of its store.
  if (known !== undefined) return known as T;
  const row = connection.first(statement, params);
  // Rows that are not there are not kept: anybody may ask for any number of them.
  if (row === undefined) return undefined;
  const value = make(row);
  cache.put(statement, connection.tableOf(statement), { key, value });
  return value;
}

function keyOf(params: object): string {
  const values: unknown[] = Object.values(params);
  const [only] = values;
  return values.length === 1 && typeof only === 'string' ? only : JSON.stringify(values);
}

function outside(): Error {
  return new Error('this changes the database and must run in a transaction (database.write)');
}
