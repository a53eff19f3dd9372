/** PostgreSQL's words: how Kysely writes queries for it, and how tables are made. */

import {
  type DataTypeNode,
  DummyDriver,
  type FunctionNode,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type PrimitiveValueListNode,
  sql,
  type ValueListNode,
} from 'kysely';
import { textForms } from '../../forms.ts';
import { isLeaseClock } from '../../leases.ts';
import type { Builder } from '../../prepared.ts';
import { raw } from '../../raw.ts';
import type { SchemaDialect } from '../../schema-dialect.ts';
import { usualFirstNumbers } from '../../sequences.ts';
import type { Tables } from '../../tables.ts';
import { approvalPartStatements, partStatements } from './text-index.ts';

/**
 * Types of columns as this engine has them. Texts are compared byte by byte, as on SQLite, whatever the language of the database is;
 * whole numbers have one width, since a parameter takes the type of what it meets and pages begin at 2^53.
 */
const types: Readonly<Record<string, string>> = { text: 'text collate "C"', integer: 'bigint' };

class Compiler extends PostgresQueryCompiler {
  protected override visitDataType(node: DataTypeNode): void {
    const type = types[node.dataType];
    if (type === undefined) super.visitDataType(node);
    else this.append(type);
  }

  protected override visitFunction(node: FunctionNode): void {
    if (isLeaseClock(node)) this.append('(extract(epoch from statement_timestamp()) * 1000)::bigint');
    else super.visitFunction(node);
  }

  /** Nothing is in a list of none; the grammar has no such list. */
  protected override visitPrimitiveValueList(node: PrimitiveValueListNode): void {
    if (node.values.length === 0) this.append('(null)');
    else super.visitPrimitiveValueList(node);
  }

  protected override visitValueList(node: ValueListNode): void {
    if (node.values.length === 0) this.append('(null)');
    else super.visitValueList(node);
  }
}

/** Kysely builds and compiles here; it never runs anything (`connection.ts` does). */
export function createPostgresBuilder(): Builder {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new Compiler(),
    },
    plugins: [textForms],
  });
}

/** The name of the sequence from which the numbers of a table are drawn. */
export function sequenceName(table: string): string {
  return `${table}_numbers`;
}

/** JSON that this server wrote, for reading a part of it: PostgreSQL takes no zero character in a text. */
const document = `replace(document, '\\u0000', '\\ufffd')::jsonb`;

/**
 * Functions of SQLite that queries call. Both engines have others of their own for the same, but none with the same name.
 * Each gives texts, also of numbers, and a path is `$` and the names of members.
 */
const functions = [
  `create function instr(whole text, part text) returns integer language sql immutable strict parallel safe
    as $$ select strpos(whole, part) $$`,
  `create function json_extract(document text, path text) returns text language sql immutable strict parallel safe
    as $$ select ${document} #>> string_to_array(substr(path, 3), '.') $$`,
  `create function json_each(document text, path text default '$', out value text) returns setof text
    language sql immutable strict parallel safe as $$
      select item #>> '{}' from jsonb_array_elements(
        case jsonb_typeof(${document} #> string_to_array(substr(path, 3), '.'))
          when 'array' then ${document} #> string_to_array(substr(path, 3), '.') else '[]' end) as item $$`,
  `create function json_tree(document text, out key text, out value text) returns setof record
    language sql immutable strict parallel safe as $$
      with recursive tree(key, value) as (
        select null, ${document}
        union all
        select child.key, child.value from tree, lateral (
          select member.key, member.value
            from jsonb_each(case jsonb_typeof(tree.value) when 'object' then tree.value else '{}' end) as member
          union all
          select null, item
            from jsonb_array_elements(case jsonb_typeof(tree.value) when 'array' then tree.value else '[]' end) as item
        ) as child)
      select key, value #>> '{}' from tree $$`,
];

/**
 * Columns by which transactions find rows of tables that grow with every order. SERIALIZABLE watches the page of an index on which a
 * row was found, and all new keys of such a table are on one page, the last: any two transactions at once would be in each other's
 * way. In a hash index they are far from each other (docs/decisions/0031).
 */
const hashed = {
  orders: ['number'],
  issuances: ['number'],
  certificates: ['number'],
  authorizations: ['id'],
  approvals: ['id', 'number'],
  acme_orders: ['id'],
  confirmations: ['id'],
  deliveries: ['id'],
  jobs: ['subject'],
  external_ids: ['value'],
  idempotency: ['key'],
} as const satisfies Partial<Record<keyof Tables, readonly string[]>>;

/** See `used-numbers.ts`. Not logged: using a number waits for no disk. */
const usedNumbersSchema = [
  'create unlogged table used_numbers (number bytea primary key, used_at timestamptz not null default now())',
  'create index used_numbers_by_age on used_numbers (used_at)',
  'create unlogged table number_epochs (is_only boolean primary key default true check (is_only), epoch bytea not null)',
];

/** Percent of a page that is used before it is divided: as few keys as possible share one. */
const hashFill = 10;

export const postgresSchema: SchemaDialect = {
  integer: 'bigint',
  blob: 'bytea',
  byNumber: ['number'],
  hasListings: true,
  before: (db) => [
    ...Object.entries(usualFirstNumbers).map(([table, first]) =>
      raw(db, `create sequence ${sequenceName(table)} as bigint minvalue 0 start ${first}`),
    ),
    ...functions.map((text) => raw(db, text)),
  ],
  identity: (column) => column.generatedByDefaultAsIdentity().notNull().primaryKey(),
  sealed: (table) =>
    table
      .addColumn('sequence', 'bigint', (column) => column.unique())
      .addColumn('written', 'bigint', (column) => column.generatedAlwaysAsIdentity().primaryKey())
      .addColumn('transaction', sql`xid8`, (column) => column.notNull().defaultTo(sql`pg_current_xact_id()`)),
  heap: (table) => table,
  keyed: (table) => table,
  approvalParts: (db) => approvalPartStatements.map((text) => raw(db, text)),
  after: (db) => [
    ...Object.entries(hashed).flatMap(([table, columns]) =>
      columns.map((column) =>
        raw(
          db,
          `create index ${table}_hashed_${column} on ${table} using hash (${column}) with (fillfactor = ${hashFill})`,
        ),
      ),
    ),
    ...partStatements.map((text) => raw(db, text)),
    // "Which events have no number yet?"
    raw(db, 'create index events_unsealed on events (transaction, written) where sequence is null'),
    // "Whose lease is over?" Looked for every few seconds.
    raw(db, `create index jobs_leased on jobs (lease_until) where state = 'running'`),
    ...usedNumbersSchema.map((text) => raw(db, text)),
    // Here an open order is listed when it is inserted: which orders are not committed yet, nobody could say afterwards.
    raw(db, `insert into late_lists (list, up_to) values ('orders', ${Number.MAX_SAFE_INTEGER})`),
  ],
};
