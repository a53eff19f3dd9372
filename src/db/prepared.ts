/**
 * Queries that are built once. Kysely's builder costs more than SQLite needs to run what it builds, so a statement is
 * built and compiled a single time, with stand-ins where its values go; each run only binds the values in their order.
 */

import {
  type Compilable,
  type CompiledQuery,
  type Kysely,
  type KyselyPlugin,
  type OperationNode,
  OperationNodeTransformer,
  type PrimitiveValueListNode,
  type QueryId,
  TableNode,
  ValueListNode,
  ValueNode,
} from 'kysely';
import { compileBind } from './compile-codec.ts';
import type { SqlValue } from './fields.ts';
import { type Formed, formsOfRows } from './forms.ts';
import type { TextForm } from './id-bytes.ts';
import type { Tables } from './tables.ts';

export type Builder = Kysely<Tables>;

/** A query with named parameters `P` and rows `R`. Declared at the top of a store's file; compiled at first use. */
export interface Statement<P, R> {
  readonly build: (db: Builder, params: P) => Compilable<R>;
}

export function statement<P, R>(build: (db: Builder, params: P) => Compilable<R>): Statement<P, R> {
  return { build };
}

/**
 * A statement with a list among its parameters, one form for each power of two: a shorter list is filled up with its last
 * item, so that lists of every length share a handful of prepared statements.
 * @returns the form for lists of `length` items
 */
export function sized<P, R>(build: (size: number) => Statement<P, R>): (length: number) => Statement<P, R> {
  const forms: Statement<P, R>[] = [];
  return (length) => {
    const exponent = length <= 1 ? 0 : 32 - Math.clz32(length - 1);
    const form = forms[exponent] ?? build(2 ** exponent);
    forms[exponent] = form;
    return form;
  };
}

/**
 * A statement that sets the columns in which two rows differ, one form for each set of them: who changes one column must not
 * write the others back as they were read.
 * @returns undefined where nothing has changed
 * @throws {Error} where another column differs: a change that nobody stores must not look as if it were stored
 */
export function settingOf<R extends object>() {
  return <K extends keyof R & string>(
    columns: readonly K[],
    build: (changed: readonly K[]) => Statement<R, unknown>,
  ) => {
    const forms = new Map<string, Statement<R, unknown>>();
    const settable = new Set<string>(columns);
    const isLost = (column: string, before: object, after: object) =>
      !settable.has(column) && !isSame(Reflect.get(before, column), Reflect.get(after, column));
    return (before: R, after: R): Statement<R, unknown> | undefined => {
      const lost = Object.keys(after).find((column) => isLost(column, before, after));
      if (lost !== undefined)
        throw new Error(`the column ${lost} cannot be changed here: it is not in the store's list`);
      const changed = columns.filter((column) => !isSame(before[column], after[column]));
      if (changed.length === 0) return undefined;
      const key = changed.join();
      const form = forms.get(key) ?? build(changed);
      forms.set(key, form);
      return form;
    };
  };
}

function isSame(one: unknown, other: unknown): boolean {
  const areBytes = one instanceof Uint8Array && other instanceof Uint8Array;
  return areBytes ? Buffer.compare(one, other) === 0 : one === other;
}

/** Position of the value of a parameter, or of one item of a list parameter. */
class Placeholder implements Formed {
  readonly name: string;
  readonly index: number | undefined;
  readonly form: TextForm | undefined;
  constructor(name: string, index?: number, form?: TextForm) {
    this.name = name;
    this.index = index;
    this.form = form;
  }

  withForm(form: TextForm): Placeholder {
    return new Placeholder(this.name, this.index, form);
  }
}

/** The first `size` items of a list parameter, for `in (…)` and for inserts of many rows. */
export function each<T>(list: readonly T[], size: number): readonly T[] {
  const placeholder: unknown = list;
  if (!(placeholder instanceof Placeholder)) throw new Error('each() takes a parameter of a statement');
  return Array.from({ length: size }, (_, index) => standIn<T>(new Placeholder(placeholder.name, index)));
}

/** A list of any length in pieces of which each fits into one statement (SQLite takes 32,766 parameters). */
export function inPieces<T>(list: readonly T[], size = 1024): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}

/** The parameters of these names, as `values(…)` and `set(…)` take them. */
export function pick<P extends object, K extends keyof P>(params: P, names: readonly K[]): Pick<P, K> {
  const picked: Partial<Pick<P, K>> = {};
  for (const name of names) picked[name] = params[name];
  // Every key of K has been set just above.
  return picked as Pick<P, K>;
}

/** A placeholder in the clothes of the value it stands for: the builder only passes it on, `compile` finds it again. */
function standIn<T>(placeholder: Placeholder): T {
  return placeholder as T;
}

export interface Compiled {
  readonly sql: string;
  /** The values of a run, in their order. @throws {Error} where a parameter is missing, or is nothing that can be bound */
  readonly bind: (params: object) => SqlValue[];
  readonly isSelect: boolean;
  /** The one that is read or changed; undefined where there are several. */
  readonly table: string | undefined;
  /** The columns of its rows that are kept in another form. */
  readonly forms: ReadonlyMap<string, TextForm>;
}

/**
 * Writes what is the same in every run into the statement: the planner then knows it, and a partial index fits. Of a bound value it
 * only learns with each run, and SQLite plans again for each where an index depends on it.
 */
class ConstantWriter extends OperationNodeTransformer {
  protected override transformValue(node: ValueNode, queryId?: QueryId): ValueNode {
    const value = super.transformValue(node, queryId);
    return isConstant(value.value) ? ValueNode.createImmediate(value.value) : value;
  }

  // What a list of values is made of cannot be written one by one.
  protected override transformPrimitiveValueList(node: PrimitiveValueListNode): PrimitiveValueListNode {
    const isWritten = node.values.every(isConstant);
    const list: OperationNode = isWritten ? ValueListNode.create(node.values.map(ValueNode.createImmediate)) : node;
    // The compiler goes by the kind of the node, and both kinds stand where lists may.
    return list as PrimitiveValueListNode;
  }
}

const writtenConstants: KyselyPlugin = {
  transformQuery: ({ node, queryId }) => new ConstantWriter().transformNode(node, queryId),
  transformResult: async ({ result }) => result,
};

function isConstant(value: unknown): value is string | number | null {
  return value === null || typeof value === 'string' || typeof value === 'number';
}

export function compile<P extends object, R>(db: Builder, { build }: Statement<P, R>): Compiled {
  const params = new Proxy<P>(Object.create(null), {
    get: (_, name) => standIn<P[keyof P]>(new Placeholder(String(name))),
  });
  const query: CompiledQuery<R> = build(db.withPlugin(writtenConstants), params).compile();
  return {
    sql: query.sql,
    bind: compileBind(
      query.parameters.map((parameter) =>
        parameter instanceof Placeholder ? parameter : { name: undefined, value: toSqlValue(parameter) },
      ),
      { toSqlValue, itemOf },
    ),
    isSelect: query.query.kind === 'SelectQueryNode',
    table: tableOf(query.query),
    forms: formsOfRows(query.query),
  };
}

function tableOf(query: CompiledQuery['query']): string | undefined {
  if (query.kind === 'InsertQueryNode') return nameOf(query.into);
  if (query.kind === 'UpdateQueryNode') return nameOf(query.table);
  if (query.kind === 'DeleteQueryNode') return nameOf(query.from.froms[0]);
  if (query.kind !== 'SelectQueryNode' || query.joins !== undefined || query.from?.froms.length !== 1) return undefined;
  return nameOf(query.from.froms[0]);
}

function nameOf(node: OperationNode | undefined): string | undefined {
  return node !== undefined && TableNode.is(node) ? node.table.identifier.name : undefined;
}

/** Of a statement that has its values already. */
export const noValues: Compiled['bind'] = () => [];

/** The item at `index`; behind the end, the last one again. */
function itemOf(list: unknown, index: number): SqlValue {
  if (!Array.isArray(list) || list.length === 0) throw new Error('a list parameter has no items');
  return toSqlValue(list[Math.min(index, list.length - 1)]);
}

export function toSqlValue(value: unknown): SqlValue {
  if (typeof value === 'string' || typeof value === 'number' || value === null) return value;
  if (value instanceof Uint8Array) return value;
  throw new Error(`a parameter is ${value === undefined ? 'missing' : `a ${typeof value}`}`);
}
