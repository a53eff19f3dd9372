/** SQLite's words: how Kysely writes queries for it, and how tables are made. */

import {
  DummyDriver,
  type FunctionNode,
  Kysely,
  type LimitNode,
  type SelectModifierNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
  ValueNode,
} from 'kysely';
import { textForms } from '../../forms.ts';
import { isLeaseClock } from '../../leases.ts';
import type { Builder } from '../../prepared.ts';
import type { SchemaDialect } from '../../schema-dialect.ts';
import type { Tables } from '../../tables.ts';

class QueryCompiler extends SqliteQueryCompiler {
  /**
   * A bound limit is written as a sum: SQLite looks at a parameter that is the limit alone while it plans, and then plans the statement
   * again in each run, which takes several times as long as running it.
   */
  protected override visitLimit(node: LimitNode): void {
    super.visitLimit(node);
    if (ValueNode.is(node.limit) && node.limit.immediate !== true) this.append(' + 0');
  }

  /** Nobody else has the file, so that the clock of the process is that of the database. */
  protected override visitFunction(node: FunctionNode): void {
    if (isLeaseClock(node)) this.compileList(node.arguments);
    else super.visitFunction(node);
  }

  /** Nobody else locks rows. */
  protected override visitSelectModifier(node: SelectModifierNode): void {
    if (node.modifier !== 'ForUpdate' && node.modifier !== 'SkipLocked') super.visitSelectModifier(node);
  }
}

/** Kysely builds and compiles here; it never runs anything (`connection.ts` does). */
export function createSqliteBuilder(): Builder {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new QueryCompiler(),
    },
    plugins: [textForms],
  });
}

export const sqliteSchema: SchemaDialect = {
  integer: 'integer',
  blob: 'blob',
  hasListings: false,
  before: () => [],
  approvalParts: () => [],
  after: () => [],
  // Such a number is the row's own, which ends every entry of an index; named, it would be there twice.
  byNumber: [],
  // An INTEGER PRIMARY KEY is the row's own number, one more than the highest. Rows of such tables are never deleted,
  // so that no number comes back and AUTOINCREMENT, which costs a write to another table, is not needed.
  identity: (column) => column.notNull().primaryKey(),
  // One connection writes, so that the rowids are those of the sealer.
  sealed: (table) => table.addColumn('sequence', 'integer', (column) => column.notNull().primaryKey()),
  heap: (table) => table.modifyEnd(sql`strict`),
  keyed: (table) => table.modifyEnd(sql`strict, without rowid`),
};
