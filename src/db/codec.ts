/**
 * Codec of a noun of the domain and its table, declared once: for each property the column, and how it is written and read.
 * The type of the row, the list of columns and both directions follow from it.
 */
import type { Generated, Selectable } from 'kysely';
import { compileFromRow, compileToRow, type Field, type Fields } from './compile-codec.ts';
import type { Column, ColumnType, Group, Mapped, Sequence, StoredTypeName, Unchanged } from './fields.ts';
import type { TextForm } from './id-bytes.ts';

type IsNullable<V> = null extends V ? true : false;

/** A column that a property of type `V` fits into. */
interface ColumnFor<V> {
  readonly kind: 'column';
  readonly name: string;
  readonly type: ColumnType;
  readonly isNullable: IsNullable<V>;
  readonly isLazy: boolean;
  readonly form?: TextForm;
  readonly write: (value: NonNullable<V>) => unknown;
  readonly read: (stored: never) => unknown;
}

interface GroupFor<V> {
  readonly kind: 'group';
  readonly isNullable: IsNullable<V>;
  readonly columns: { readonly [K in keyof NonNullable<V>]-?: ColumnFor<NonNullable<V>[K]> };
}

interface MappedFor<T, V> extends Pick<Mapped<string, T, V, never>, 'kind' | 'name' | 'type' | 'isLazy' | 'read'> {
  readonly write: (whole: T) => unknown;
}

/** Fields that can store a property of type `V` of a `T`. */
type FieldFor<T, V> = ColumnFor<V> | GroupFor<V> | MappedFor<T, V> | Sequence<string>;

type FieldsFor<T> = { readonly [K in keyof T]-?: FieldFor<T, T[K]> };

/** Columns that are not read back into the noun. */
type ExtrasFor<T> = Readonly<Record<string, MappedFor<T, never> | Sequence<string>>>;

type OrNull<S, Nullable> = Nullable extends true ? S | null : S;

/** The columns of a field that keeps a `V`. */
type ColumnsOf<V, F> =
  F extends Column<infer N, infer _A, infer S, infer Nullable>
    ? Record<N, OrNull<S extends Unchanged ? Exclude<V, null> : S, Nullable>>
    : F extends Mapped<infer N, infer _T, infer _V, infer S>
      ? Record<N, S>
      : F extends Sequence<infer N>
        ? Record<N, Generated<number>>
        : F extends Group<infer G, infer Nullable>
          ? GroupColumns<Merge<ColumnsOfAll<Exclude<V, null>, G>>, Nullable>
          : never;

type GroupColumns<R, Nullable> = { [C in keyof R]: OrNull<R[C], Nullable> };

type ColumnsOfAll<T, F> = { [K in keyof F]: ColumnsOf<K extends keyof T ? T[K] : never, F[K]> }[keyof F];

/** One object type of a union of them. */
type Merge<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer I) => void
  ? { [K in keyof I]: I[K] }
  : never;

type SequenceKeys<F> = { [K in keyof F]: F[K] extends Sequence<string> ? K : never }[keyof F];

/** A row as it is inserted: what the engine numbers by itself is not in it. */
export type Inserted<R> = { [C in keyof R as R[C] extends Generated<number> ? never : C]: R[C] };

export interface ColumnDefinition {
  readonly name: string;
  readonly type: ColumnType;
  readonly isNullable: boolean;
  readonly form?: TextForm | undefined;
}

/** A noun `T` in its table. `R`: the table as Kysely sees it; `New`: what is inserted. */
export interface Codec<T, N extends string, R, New> {
  readonly table: N;
  /** Those that are inserted. */
  readonly columns: readonly (keyof Inserted<R> & string)[];
  /** All that the table has. */
  readonly definitions: readonly ColumnDefinition[];
  readonly toRow: (value: New) => Inserted<R>;
  readonly fromRow: (row: Selectable<R>) => T;
}

export type TableOf<C> = C extends Codec<infer _T, infer _N, infer R, infer _New> ? R : never;

/** A row that is read. */
export type RowOf<C> = Selectable<TableOf<C>>;

/** Declares a noun. In two calls, because only the first type is written out. */
export function codecOf<T>() {
  return <N extends string, const F extends FieldsFor<T>, const E extends ExtrasFor<T> = Record<never, never>>(
    table: N,
    fields: F,
    extras?: E,
  ): Codec<T, N, Merge<ColumnsOfAll<T, F> | ColumnsOfAll<unknown, E>>, Omit<T, SequenceKeys<F>>> => {
    const all: Fields = { ...fields, ...extras };
    const inserted = Object.values(all).filter(({ kind }) => kind !== 'sequence');
    return {
      table,
      // The names of the columns are those of the type, which was made of the same fields.
      columns: inserted.flatMap(definitionsOf).map(({ name }) => name as never),
      definitions: Object.values(all).flatMap(definitionsOf),
      toRow: compileToRow(all),
      fromRow: compileFromRow({ ...fields }),
    };
  };
}

const storedTypes = {
  text: { type: 'text', isNullable: false },
  'text or null': { type: 'text', isNullable: true },
  int32: { type: 'int32', isNullable: false },
  'int32 or null': { type: 'int32', isNullable: true },
  integer: { type: 'integer', isNullable: false },
  'integer or null': { type: 'integer', isNullable: true },
  blob: { type: 'blob', isNullable: false },
} as const satisfies Record<StoredTypeName, Pick<ColumnDefinition, 'type' | 'isNullable'>>;

function definitionsOf(field: Field): readonly ColumnDefinition[] {
  switch (field.kind) {
    case 'sequence':
      return [{ name: field.name, type: 'integer', isNullable: false }];
    case 'mapped':
      return [{ name: field.name, ...storedTypes[field.type] }];
    case 'column':
      return [{ name: field.name, type: field.type, isNullable: field.isNullable, form: field.form }];
    case 'group':
      return Object.values(field.columns).map(({ name, type, isNullable, form }) => ({
        name,
        type,
        isNullable: isNullable || field.isNullable,
        form,
      }));
  }
}
