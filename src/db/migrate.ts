/** Brings the schema up to date: every migration that is not in the table `migrations` yet, in order, all or none. */
import type { Compilable } from 'kysely';
import { migration0001 } from './migrations/0001-core.ts';
import { migration0002 } from './migrations/0002-confirmations.ts';
import { migration0003 } from './migrations/0003-organizations.ts';
import { migration0004 } from './migrations/0004-notes.ts';
import { migration0005 } from './migrations/0005-webhooks.ts';
import { migration0006 } from './migrations/0006-managed-domains.ts';
import { migration0007 } from './migrations/0007-external-account-keys.ts';
import { migration0008 } from './migrations/0008-reminders.ts';
import { migration0009 } from './migrations/0009-bindings.ts';
import { migration0010 } from './migrations/0010-blocked-keys.ts';
import { migration0011 } from './migrations/0011-sealing.ts';
import { migration0012 } from './migrations/0012-outgoing-mail.ts';
import { migration0013 } from './migrations/0013-role-grants.ts';
import { migration0014 } from './migrations/0014-user-networks.ts';
import { migration0015 } from './migrations/0015-rests.ts';
import { migration0016 } from './migrations/0016-blocked-moduli.ts';
import { migration0017 } from './migrations/0017-upstreams.ts';
import { migration0019 } from './migrations/0019-balances.ts';
import { migration0020 } from './migrations/0020-expiring-values.ts';
import { migration0022 } from './migrations/0022-acting-for.ts';
import type { Builder } from './prepared.ts';
import type { SchemaDialect } from './schema-dialect.ts';

export interface Migration {
  /** Never changes once released: it is how the database knows that it has it. */
  readonly name: string;
  up(db: Builder, dialect: SchemaDialect): readonly Compilable<unknown>[];
}

export const migrations: readonly Migration[] = [
  migration0001,
  migration0002,
  migration0003,
  migration0004,
  migration0005,
  migration0006,
  migration0007,
  migration0008,
  migration0009,
  migration0010,
  migration0011,
  migration0012,
  migration0013,
  migration0014,
  migration0015,
  migration0016,
  migration0017,
  migration0019,
  migration0020,
  migration0022,
];

/** What an engine offers to the migrations. */
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
export async function migrate(target: MigrationTarget, now: Date): Promise<readonly string[]> {
  const known = new Set(migrations.map((migration) => migration.name));
  const applied = new Set(await target.applied());
  const unknown = [...applied].filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new Error(
      `the database was written by another version of certmux, a newer one or one from before the first release (migration ${unknown.join(', ')})`,
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
