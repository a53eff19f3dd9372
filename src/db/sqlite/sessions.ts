/** The sessions of the embedded engine: inside a transaction, and outside of one. */
import type { Compilable } from 'kysely';
import type { Clock, Randomness } from '../../domain/system.ts';
import type { Builder, Statement } from '../prepared.ts';
import type { NumberedTable, Session } from '../session.ts';
import type { Connection } from './connection.ts';

/** int32-safe, and high enough that nobody takes an order number for a count. */
const firstNumbers = {
  accounts: 100_001,
  orders: 10_000_001,
  approvals: 10_000_001,
  issuances: 10_000_001,
  certificates: 10_000_001,
} as const satisfies Record<NumberedTable, number>;

/**
 * Numbers come from memory: this process is the only one that writes, so that the highest number need be asked for once.
 * A transaction that is rolled back leaves a gap.
 */
export class Numbers {
  readonly #connection: Connection;
  readonly #next: { [T in NumberedTable]?: number } = {};

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  take(table: NumberedTable): number {
    const number = this.#next[table] ?? this.#first(table);
    this.#next[table] = number + 1;
    return number;
  }

  #first(table: NumberedTable): number {
    const highest = this.#connection.value(`SELECT max(number) FROM ${table}`);
    return typeof highest === 'number' ? highest + 1 : firstNumbers[table];
  }
}

export interface SessionSystem {
  readonly clock: Clock;
  readonly random: Randomness;
}

/** One transaction. Once ended it refuses: work that was not awaited must not slip into the next transaction. */
export class Transaction implements Session {
  readonly system: SessionSystem;
  readonly #connection: Connection;
  readonly #numbers: Numbers;
  #hasEnded = false;

  constructor(connection: Connection, numbers: Numbers, system: SessionSystem) {
    this.#connection = connection;
    this.#numbers = numbers;
    this.system = system;
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

  run<P extends object, R>(statement: Statement<P, R>, params: P): number {
    return this.#open().run(statement, params);
  }

  select<R>(build: (db: Builder) => Compilable<R>): readonly R[] {
    return this.#open().select(build);
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

/** Reads what is committed. `connection` says which connection sees that, and only that, at this moment. */
export class Reading implements Session {
  readonly system: SessionSystem;
  readonly #connection: () => Connection;

  constructor(connection: () => Connection, system: SessionSystem) {
    this.#connection = connection;
    this.system = system;
  }

  all<P extends object, R>(statement: Statement<P, R>, params: P): readonly R[] {
    return this.#for(statement).all(statement, params);
  }

  first<P extends object, R>(statement: Statement<P, R>, params: P): R | undefined {
    return this.#for(statement).first(statement, params);
  }

  run(): never {
    throw outside();
  }

  select<R>(build: (db: Builder) => Compilable<R>): readonly R[] {
    return this.#connection().select(build);
  }

  nextNumber(): never {
    throw outside();
  }

  #for<P extends object, R>(statement: Statement<P, R>): Connection {
    const connection = this.#connection();
    if (!connection.isSelect(statement)) throw outside();
    return connection;
  }
}

function outside(): Error {
  return new Error('this changes the database and must run in a transaction (database.write)');
}
