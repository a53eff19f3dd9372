/** Statements as this engine sends them: compiled once for all connections, each under a name by which a connection prepares it once. */
import type { Compilable } from 'kysely';
import { compileRow } from '../../compile-codec.ts';
import type { SqlValue } from '../../fields.ts';
import { formsOfRows } from '../../forms.ts';
import { type Builder, type Compiled, compile, noValues, type Statement, toSqlValue } from '../../prepared.ts';
import { createPostgresBuilder } from './dialect.ts';

/** Queries built for one call differ in shape by their filters only; more shapes than this are not prepared. */
const keptShapes = 200;

export interface Query {
  /** Undefined: it is not prepared. */
  readonly name: string | undefined;
  readonly text: string;
  readonly values: readonly SqlValue[];
}

export interface Prepared {
  readonly compiled: Compiled;
  readonly name: string | undefined;
  /** Reports whether it reads events, whose numbers the sealer must have drawn before. */
  readonly readsEvents: boolean;
  /** Makes a row, whose values come as an array, into an object; known once there was an answer. */
  toObject: ((values: readonly unknown[]) => unknown) | undefined;
}

/** A statement of any parameters and rows, where only its identity matters. */
type AnyStatement = Statement<never, unknown>;

export class Statements {
  readonly db: Builder = createPostgresBuilder();
  readonly #prepared = new Map<AnyStatement, Prepared>();
  readonly #shapes = new Map<string, Prepared>();
  #names = 0;

  prepare<P extends object, R>(statement: Statement<P, R>): Prepared {
    const known = this.#prepared.get(statement);
    if (known !== undefined) return known;
    const prepared = this.#of(compile(this.db, statement), true);
    this.#prepared.set(statement, prepared);
    return prepared;
  }

  /** A query that is built for one call, and its values. */
  build<R>(build: (db: Builder) => Compilable<R>): { readonly prepared: Prepared; readonly values: SqlValue[] } {
    const query = build(this.db).compile();
    if (query.query.kind !== 'SelectQueryNode') throw new Error('select() takes queries that only read');
    const values = query.parameters.map(toSqlValue);
    const known = this.#shapes.get(query.sql);
    if (known !== undefined) return { prepared: known, values };
    const isKept = this.#shapes.size < keptShapes;
    const forms = formsOfRows(query.query);
    const prepared = this.#of({ sql: query.sql, bind: noValues, isSelect: true, table: undefined, forms }, isKept);
    if (isKept) this.#shapes.set(query.sql, prepared);
    return { prepared, values };
  }

  #of(compiled: Compiled, isNamed: boolean): Prepared {
    return {
      compiled,
      name: isNamed ? `s${this.#names++}` : undefined,
      readsEvents:
        compiled.isSelect &&
        /\b(events|account_events|subject_events|kind_events|actor_events|request_events)\b/.test(compiled.sql),
      toObject: undefined,
    };
  }
}

export function queryOf(prepared: Prepared, params: object): Query {
  return withValues(prepared, prepared.compiled.bind(params));
}

export function withValues({ name, compiled }: Prepared, values: readonly SqlValue[]): Query {
  return { name, text: compiled.sql, values };
}

/** An answer of the server. */
export interface Answered {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  /** Rows that it changed, or found. */
  readonly count: number;
  /** What the server calls what it did: `COMMIT`, `ROLLBACK`, `INSERT`. */
  readonly command: string;
}

export function rowsOf<R>(prepared: Prepared, { columns, rows }: Answered): R[] {
  const [first] = rows;
  if (first === undefined) return [];
  prepared.toObject ??= compileRow(columns, prepared.compiled.forms);
  const { toObject } = prepared;
  // That it is an `R` is what Kysely derived from the query and `tables.ts`.
  return rows.map((row) => toObject(row) as R);
}
