/** One connection of `node:sqlite`: statements are prepared once and run at once. */

import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Compilable } from 'kysely';
import { compileRow } from '../../compile-codec.ts';
import type { SqlValue } from '../../fields.ts';
import { formsOfRows } from '../../forms.ts';
import { type Builder, type Compiled, compile, noValues, type Statement, toSqlValue } from '../../prepared.ts';
import type { Table } from './search-thread.ts';

/** Queries built for one call differ in shape by their filters only; more shapes than this are not kept. */
const keptShapes = 200;

interface Prepared {
  readonly compiled: Compiled;
  readonly native: StatementSync;
  /** Gives the values of a row, which come as an array, their columns' names. */
  readonly toObject: (values: readonly unknown[]) => unknown;
}

/** A statement of any parameters and rows, where only its identity matters. */
type AnyStatement = Statement<never, unknown>;

export class Connection {
  readonly db: Builder;
  /** Tables that statements have changed since somebody emptied the set. */
  readonly changed = new Set<string>();
  readonly #native: DatabaseSync;
  readonly #prepared = new Map<AnyStatement, Prepared>();
  readonly #shapes = new Map<string, Prepared>();

  constructor(path: string, options: { readonly db: Builder; readonly readOnly: boolean; readonly pragmas: string }) {
    this.db = options.db;
    this.#native = new DatabaseSync(path, { readOnly: options.readOnly });
    this.#native.exec(options.pragmas);
  }

  /** True if a transaction is open. Some errors (a full disk) end it on their own. */
  get isInTransaction(): boolean {
    return this.#native.isTransaction;
  }

  isSelect<P extends object, R>(statement: Statement<P, R>): boolean {
    return this.#prepare(statement).compiled.isSelect;
  }

  /** @throws {Error} when it is not one */
  tableOf<P extends object, R>(statement: Statement<P, R>): string {
    const { table } = this.#prepare(statement).compiled;
    if (table === undefined) throw new Error('the statement is not about one table');
    return table;
  }

  all<P extends object, R>(statement: Statement<P, R>, params: P): R[] {
    const prepared = this.#use(statement);
    return rowsOf<R>(prepared, prepared.compiled.bind(params));
  }

  first<P extends object, R>(statement: Statement<P, R>, params: P): R | undefined {
    const { compiled, native, toObject } = this.#use(statement);
    const row: unknown = native.get(...compiled.bind(params));
    return row === undefined ? undefined : objectOf<R>(toObject, row);
  }

  run<P extends object, R>(statement: Statement<P, R>, params: P): number {
    const { compiled, native } = this.#use(statement);
    return Number(native.run(...compiled.bind(params)).changes);
  }

  select<R>(build: (db: Builder) => Compilable<R>): R[] {
    const { sql, parameters, forms } = compileSelect(this.db, build);
    return rowsOf<R>(this.#shape(sql, forms), parameters);
  }

  /** The same by a query that was compiled elsewhere, as arrays of what is stored. */
  table(sql: string, parameters: readonly SqlValue[]): Table {
    const { native } = this.#shape(sql, new Map());
    return { columns: native.columns().map(({ name }) => name), rows: valuesOf(native, parameters) };
  }

  /** Schema changes and the like, without rows. */
  execute(query: Compilable<unknown>): void {
    const { sql, parameters } = query.compile();
    this.#native.prepare(sql).run(...parameters.map(toSqlValue));
  }

  exec(sql: string): void {
    this.#native.exec(sql);
  }

  /** A statement without parameters and rows, as a function: BEGIN, COMMIT, SAVEPOINT. */
  command(sql: string): () => void {
    const native = this.#native.prepare(sql);
    return () => {
      native.run();
    };
  }

  /** The first column of the first row, for pragmas and one-off questions. */
  value(sql: string): SqlValue | undefined {
    const compiled: Compiled = { sql, bind: noValues, isSelect: true, table: undefined, forms: new Map() };
    const row: unknown = this.#prepareCompiled(compiled).native.get();
    return Array.isArray(row) ? toSqlValue(row[0]) : undefined;
  }

  /** Rows as arrays of values, one after the other, however many there are. */
  *rows(sql: string): Generator<readonly SqlValue[], undefined> {
    const native = this.#native.prepare(sql);
    native.setReturnArrays(true);
    for (const row of native.iterate()) yield asValues(row);
  }

  /** A statement that changes rows, as a function of its values. */
  changer(sql: string): (values: readonly SqlValue[]) => void {
    const native = this.#native.prepare(sql);
    return (values) => {
      native.run(...values);
    };
  }

  close(): void {
    this.#native.close();
  }

  #shape(sql: string, forms: Compiled['forms']): Prepared {
    const known = this.#shapes.get(sql);
    if (known !== undefined) return known;
    if (this.#shapes.size >= keptShapes) this.#shapes.clear();
    const prepared = this.#prepareCompiled({ sql, bind: noValues, isSelect: true, table: undefined, forms });
    this.#shapes.set(sql, prepared);
    return prepared;
  }

  #use<P extends object, R>(statement: Statement<P, R>): Prepared {
    const prepared = this.#prepare(statement);
    const { isSelect, table } = prepared.compiled;
    if (!isSelect && table !== undefined) this.changed.add(table);
    return prepared;
  }

  #prepare<P extends object, R>(statement: Statement<P, R>): Prepared {
    const known = this.#prepared.get(statement);
    if (known !== undefined) return known;
    const prepared = this.#prepareCompiled(compile(this.db, statement));
    this.#prepared.set(statement, prepared);
    return prepared;
  }

  #prepareCompiled(compiled: Compiled): Prepared {
    const native = this.#native.prepare(compiled.sql);
    // Rows as arrays: node:sqlite takes half as long to make one as to make an object.
    native.setReturnArrays(true);
    const names = native.columns().map((column) => column.name);
    return { compiled, native, toObject: compileRow(names, compiled.forms) };
  }
}

/** A query of one call, ready to run. @throws {Error} for one that changes something */
export function compileSelect(
  db: Builder,
  build: (db: Builder) => Compilable<unknown>,
): { readonly sql: string; readonly parameters: SqlValue[]; readonly forms: Compiled['forms'] } {
  const { sql, parameters, query } = build(db).compile();
  if (query.kind !== 'SelectQueryNode') throw new Error('select() takes queries that only read');
  return { sql, parameters: parameters.map(toSqlValue), forms: formsOfRows(query) };
}

/** The rows of a table that another thread has read. */
export function rowsOfTable<R>({ columns, rows }: Table, forms: Compiled['forms']): readonly R[] {
  const toObject = compileRow(columns, forms);
  return rows.map((row) => objectOf<R>(toObject, row));
}

/** What SQLite returns are the values that can be bound: integers come as numbers. */
function valuesOf(native: StatementSync, parameters: readonly SqlValue[]): Table['rows'] {
  const rows: readonly unknown[] = native.all(...parameters);
  return rows as Table['rows'];
}

function asValues(row: unknown): readonly SqlValue[] {
  if (!Array.isArray(row)) throw new Error('a row is not an array');
  return row;
}

function rowsOf<R>({ native, toObject }: Prepared, values: SqlValue[]): R[] {
  const rows: readonly unknown[] = native.all(...values);
  return rows.map((row) => objectOf<R>(toObject, row));
}

/** That it is an `R` is what Kysely derived from the query and `tables.ts`. */
function objectOf<R>(toObject: Prepared['toObject'], row: unknown): R {
  return toObject(asValues(row)) as R;
}
