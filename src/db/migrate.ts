/** Brings the schema up to date: every migration that is not in the table `migrations` yet, in order, all or none. */
import type { Compilable } from 'kysely';
import type { Builder } from './prepared.ts';
import type { SchemaDialect } from './schema-dialect.ts';

export interface Migration {
  /** Never changes once released: it is how the database knows that it has it. */
  readonly name: string;
  up(db: Builder, dialect: SchemaDialect): readonly Compilable<unknown>[];
}

/** The part of an engine that migrations use. */
export interface MigrationTarget {
  readonly db: Builder;
  readonly dialect: SchemaDialect;
  execute(query: Compilable<unknown>): void | Promise<void>;
  /** The names in the table `migrations`, which is made if there is none. */
  applied(): readonly string[] | Promise<readonly string[]>;
  /** Runs the work in one transaction; schema changes are part of it. */
  transaction(work: () => Promise<void>): Promise<void>;
}

/**
 * @throws when the database holds a migration that this version does not know: a newer version has written to it, and
 * going on would damage what only that version understands
 */
export async function migrate(
  migrations: readonly Migration[],
  target: MigrationTarget,
  now: Date,
): Promise<readonly string[]> {
  const known = new Set(migrations.map((migration) => migration.name));
  const applied = new Set(await target.applied());
  const unknown = [...applied].filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new Error(
      `the database was written by another version of certmux, a newer one or one from before the first release (migration ${unknown.join(', ')}); start that version, or this one with a new data directory`,
    );
  }
  const pending = migrations.filter((migration) => !applied.has(migration.name));
  if (pending.length === 0) return [];
  await target.transaction(async () => {
    for (const { name, up } of pending) {
      for (const query of up(target.db, target.dialect)) await target.execute(query);
      await target.execute(target.db.insertInto('migrations').values({ name, applied_at: now.getTime() }));
    }
  });
  return pending.map((migration) => migration.name);
}
