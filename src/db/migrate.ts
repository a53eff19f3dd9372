/** Brings the schema up to date: every migration that is not in the table `migrations` yet, in order, all or none. */
import type { Compilable } from 'kysely';
import { refuse } from '../domain/errors.ts';
import { fromJson, type SqlValue, toJson } from './fields.ts';
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
  /** How messages call the database. */
  readonly title: string;
  execute(query: Compilable<unknown>): void | Promise<void>;
  /** The first column of the first row. */
  value(sql: string): Promise<SqlValue | undefined>;
  /** The names in the table `migrations`, which is made if there is none. */
  applied(): readonly string[] | Promise<readonly string[]>;
  /** Runs the work in one transaction; schema changes are part of it. */
  transaction(work: () => Promise<void>): Promise<void>;
}

/** What happens around an upgrade. */
export interface Upgrade {
  /** The version of certmux that carries it out, which the database keeps for whoever meets it with an older one. */
  readonly version?: string | undefined;
  /** Called with the migrations of a database that has some already, before the first is carried out. */
  readonly before?: ((pending: readonly string[]) => Promise<void>) | undefined;
}

/** The name of the setting with the version that brought the schema up to date. */
const versionSetting = 'schemaVersion';

/** The file of the backup from before an upgrade, in the data directory. */
export function upgradeBackupName(firstMigration: string): string {
  return `before-${firstMigration}.backup`;
}

/**
 * @throws {CertError} when the database holds a migration that this version does not know: a newer version has written to it, and
 * going on would damage what only that version understands
 */
export async function migrate(
  migrations: readonly Migration[],
  target: MigrationTarget,
  now: Date,
  { version, before }: Upgrade = {},
): Promise<readonly string[]> {
  const known = new Set(migrations.map((migration) => migration.name));
  const applied = new Set(await target.applied());
  const unknown = [...applied].filter((name) => !known.has(name)).toSorted();
  if (unknown.length > 0) throw await refusalOf(unknown, target);
  const pending = migrations.filter((migration) => !applied.has(migration.name));
  if (pending.length === 0) return [];
  const names = pending.map((migration) => migration.name);
  if (applied.size > 0) await before?.(names);
  await target.transaction(async () => {
    for (const { name, up } of pending) {
      for (const query of up(target.db, target.dialect)) await target.execute(query);
      await target.execute(target.db.insertInto('migrations').values({ name, applied_at: now.getTime() }));
    }
    if (version === undefined) return;
    const value_json = toJson({ version, at: now.toISOString() });
    await target.execute(
      target.db
        .insertInto('settings')
        .values({ key: versionSetting, value_json })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value_json })),
    );
  });
  return names;
}

/** The way back, as far as the database says it. */
async function refusalOf([first = '', ...more]: readonly string[], target: MigrationTarget): Promise<Error> {
  const text = await target
    .value(`SELECT value_json FROM settings WHERE key = '${versionSetting}'`)
    .catch(() => undefined);
  const { version } = typeof text === 'string' ? fromJson<{ version?: string }>(text) : {};
  const newest = more.at(-1) ?? first;
  const ms = await target.value(
    `SELECT max(applied_at) FROM migrations WHERE name = '${newest.replaceAll("'", "''")}'`,
  );
  const at = new Date(Number(ms)).toISOString().slice(0, 10);
  const found = { database: target.title, migration: newest, at, backup: upgradeBackupName(first) };
  if (version === undefined) return refuse('databaseOfUnknownVersion', found);
  return refuse('databaseOfLaterVersion', { ...found, version });
}
