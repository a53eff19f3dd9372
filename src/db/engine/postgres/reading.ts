/** The session outside of transactions: each statement sees what is committed at its moment. */
import type { Compilable } from 'kysely';
import type { SqlValue } from '../../fields.ts';
import type { Builder, Statement } from '../../prepared.ts';
import type { Session, Tenancy } from '../../session.ts';
import { createCarriedTotals } from '../../totals-kept.ts';
import type { SessionSystem } from '../session-system.ts';
import { toRefusal } from './errors.ts';
import type { Lister } from './lister.ts';
import type { RowCache } from './row-cache.ts';
import type { SharedConnections } from './shared-connections.ts';
import { type Prepared, queryOf, rowsOf, type Statements, withValues } from './statements.ts';
import { ginIndex } from './text-index.ts';

export interface ReadingParts {
  readonly connections: SharedConnections;
  readonly statements: Statements;
  readonly cache: RowCache;
  /** Resolves once the events of every transaction of this process have their numbers; undefined when they have. */
  sealed(): Promise<void> | undefined;
  readonly lister: Pick<Lister, 'catchUp'>;
  readonly system: SessionSystem;
  readonly tenancy: Tenancy;
}

export class Reading implements Session {
  readonly textIndex = ginIndex;
  readonly carriedTotals = createCarriedTotals();
  readonly system: SessionSystem;
  readonly tenancy: Tenancy;
  readonly #parts: ReadingParts;

  constructor(parts: ReadingParts) {
    this.#parts = parts;
    this.system = parts.system;
    this.tenancy = parts.tenancy;
  }

  async all<P extends object, R>(statement: Statement<P, R>, params: P): Promise<readonly R[]> {
    const prepared = this.#prepare(statement);
    return this.#rows<R>(prepared, queryOf(prepared, params).values);
  }

  async first<P extends object, R>(statement: Statement<P, R>, params: P): Promise<R | undefined> {
    return (await this.all(statement, params))[0];
  }

  async kept<P extends object, R, T>(
    statement: Statement<P, R>,
    params: P,
    make: (row: R) => T,
  ): Promise<T | undefined> {
    const { cache } = this.#parts;
    const { table } = this.#prepare(statement).compiled;
    if (table === undefined) throw new Error('the statement is not about one table');
    const key = JSON.stringify(Object.values(params));
    const known = cache.get(statement, key);
    // The value cached under this statement was made by the one `make` of its store.
    if (known !== undefined) return known as T;
    const began = cache.begin(table);
    const row = await this.first(statement, params);
    // Rows that are not there are not kept: anybody may ask for any number of them.
    if (row === undefined) return undefined;
    const value = make(row);
    cache.put(statement, began, { table, key, value });
    return value;
  }

  run(): never {
    throw outside();
  }

  write(): never {
    throw outside();
  }

  async select<R>(build: (db: Builder) => Compilable<R>): Promise<readonly R[]> {
    const { prepared, values } = this.#parts.statements.build(build);
    return this.#rows<R>(prepared, values);
  }

  /** The server looks, and this process does not wait for it. */
  beside<R>(build: (db: Builder) => Compilable<R>): Promise<readonly R[]> {
    return this.select(build);
  }

  takeTurn(): never {
    throw outside();
  }

  async isListed(): Promise<boolean> {
    try {
      await this.#parts.sealed();
      return await this.#parts.lister.catchUp();
    } catch (error) {
      throw toRefusal(error);
    }
  }

  nextNumber(): never {
    throw outside();
  }

  async #rows<R>(prepared: Prepared, values: readonly SqlValue[]): Promise<R[]> {
    try {
      if (prepared.readsEvents) await this.#parts.sealed();
      const connection = await this.#parts.connections.get();
      return rowsOf<R>(prepared, await connection.send(withValues(prepared, values)));
    } catch (error) {
      throw toRefusal(error);
    }
  }

  #prepare<P extends object, R>(statement: Statement<P, R>): Prepared {
    const prepared = this.#parts.statements.prepare(statement);
    if (!prepared.compiled.isSelect) throw outside();
    return prepared;
  }
}

function outside(): Error {
  return new Error('this changes the database and must run in a transaction (database.write)');
}
