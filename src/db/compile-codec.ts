/**
 * The two directions of a codec as straight-line code, written once for each noun when the program starts, and what statements bind, once for
 * each: a row must not cost a walk through its declaration. Every name in the code is one of a declaration's, never of anything that came in.
 */
import { type Column, type Group, type Mapped, type Sequence, type SqlValue, same } from './fields.ts';
import type { TextForm } from './id-bytes.ts';

type AnyColumn = Column<string, never, unknown, boolean>;
interface AnyMapped extends Omit<Mapped<string, never, unknown, never>, 'write'> {
  readonly write: (whole: never) => unknown;
}
/** A field of whatever noun. */
export type Field = AnyColumn | AnyMapped | Sequence<string> | Group<Readonly<Record<string, AnyColumn>>, boolean>;
export type Fields = Readonly<Record<string, Field>>;

type Convert = (value: never, row: never) => unknown;

/** Code that is being written, and the functions that it calls. */
class Code {
  readonly #functions: Convert[] = [];

  /** The expression into which `convert` turns the values of others. */
  call(convert: Convert, ...expressions: readonly [string, ...string[]]): string {
    if (convert === same) return expressions[0];
    return `f[${this.#functions.push(convert) - 1}](${expressions.join(', ')})`;
  }

  /** @param body of a function whose parameter is `from` */
  compile<F>(body: string): F {
    return new Function('f', `'use strict'; return (from) => { ${body} };`)(this.#functions);
  }
}

export function compileToRow<F>(fields: Fields): F {
  const code = new Code();
  const columns = Object.entries(fields).flatMap(([key, field]) => written(code, field, member('from', key)));
  return code.compile(`return { ${columns.join(', ')} };`);
}

/** The columns of one field, as members of the row. */
function written(code: Code, field: Field, from: string): readonly string[] {
  switch (field.kind) {
    case 'sequence':
      return [];
    case 'mapped':
      return [entry(field.name, code.call(field.write, 'from'))];
    case 'column':
      return [entry(field.name, writtenColumn(code, field, from))];
    case 'group':
      return Object.entries(field.columns).map(([key, column]) => {
        const value = writtenColumn(code, column, member(from, key));
        return entry(column.name, field.isNullable ? orNull([from], value) : value);
      });
  }
}

function writtenColumn(code: Code, { write, isNullable }: AnyColumn, from: string): string {
  const value = code.call(write, from);
  return isNullable && write !== same ? orNull([from], value) : value;
}

export function compileFromRow<F>(fields: Fields): F {
  const code = new Code();
  const lazy: string[] = [];
  const properties = Object.entries(fields).map(([key, field]) => {
    const value = read(code, field);
    if (!('isLazy' in field) || !field.isLazy) return entry(key, value);
    const kept = `lazy${lazy.length}`;
    lazy.push(kept);
    return `get ${JSON.stringify(key)}() { return ${kept} === undefined ? (${kept} = ${value}) : ${kept}; }`;
  });
  const variables = lazy.map((name) => `let ${name};`).join(' ');
  return code.compile(`${variables} return { ${properties.join(', ')} };`);
}

/** The property that one field keeps. */
function read(code: Code, field: Field): string {
  switch (field.kind) {
    case 'sequence':
      return member('from', field.name);
    case 'mapped':
      return code.call(field.read, member('from', field.name), 'from');
    case 'column':
      return readColumn(code, field);
    case 'group': {
      const entries = Object.entries(field.columns);
      const value = `{ ${entries.map(([key, column]) => entry(key, readColumn(code, column))).join(', ')} }`;
      return field.isNullable
        ? orNull(
            entries.map(([, { name }]) => member('from', name)),
            value,
          )
        : value;
    }
  }
}

function readColumn(code: Code, { name, read, isNullable }: AnyColumn): string {
  const from = member('from', name);
  const value = code.call(read, from);
  return isNullable && read !== same ? orNull([from], value) : value;
}

/** Makes rows, which come as arrays, into objects with the names of their columns, and texts of those in a form. */
export function compileRow<R>(
  columns: readonly string[],
  forms: ReadonlyMap<string, TextForm>,
): (values: readonly unknown[]) => R {
  const code = new Code();
  const entries = columns.map((name, index) => {
    const [value, form] = [`from[${index}]`, forms.get(name)];
    return entry(name, form === undefined ? value : orNull([value], code.call(form.toText, value)));
  });
  return code.compile(`return { ${entries.join(', ')} };`);
}

/** What stands in one place of a statement: a parameter or an item of one that is a list, in the form of its column; or always the same value. */
export type Slot =
  | { readonly name: string; readonly index: number | undefined; readonly form: TextForm | undefined }
  | { readonly name: undefined; readonly value: SqlValue };

/** How parameters become values. */
interface Binding {
  /** @throws {Error} for what cannot be bound */
  readonly toSqlValue: (value: unknown) => SqlValue;
  readonly itemOf: (list: unknown, index: number) => SqlValue;
}

/** Takes the values of a statement out of its parameters, in the order of its places. */
export function compileBind(slots: readonly Slot[], { toSqlValue, itemOf }: Binding): (params: object) => SqlValue[] {
  const code = new Code();
  const values = slots.map((slot) => {
    if (slot.name === undefined) return code.call(() => slot.value, 'null');
    const { name, index, form } = slot;
    const given = member('from', name);
    const value = index === undefined ? code.call(toSqlValue, given) : code.call(itemOf, given, String(index));
    if (form === undefined) return value;
    const inForm = (bound: SqlValue) => (typeof bound === 'string' ? form.toBytes(bound) : bound);
    return code.call(inForm, value);
  });
  return code.compile(`return [${values.join(', ')}];`);
}

function member(of: string, name: string): string {
  return `${of}[${JSON.stringify(name)}]`;
}

function entry(name: string, value: string): string {
  return `${JSON.stringify(name)}: ${value}`;
}

function orNull(sources: readonly string[], value: string): string {
  return `${sources.map((source) => `${source} === null`).join(' || ')} ? null : ${value}`;
}
