/**
 * A database on a server as one end of a copy. The copy is made in one transaction, tables included: whenever it ends, the server undoes
 * it, and no node finds a part of it.
 */
import pg from 'pg';
import { refuse } from '../../../domain/errors.ts';
import type { Clock } from '../../../domain/ports/system.ts';
import {
  type CopiedColumn,
  type CopiedRow,
  type CopiedTable,
  type CopySide,
  type CopyTarget,
  type NextNumbers,
  pieceBytes,
  pieceRows,
  sizeOf,
} from '../../copy/side.ts';
import type { SqlValue } from '../../fields.ts';
import { migrate } from '../../migrate.ts';
import { migrations } from '../../migrations/index.ts';
import { listingTables } from '../../rows/listings.ts';
import { usualFirstNumbers } from '../../sequences.ts';
import { withoutPassword } from './address.ts';
import { Connection } from './connection.ts';
import { createPostgresBuilder, sequenceName } from './dialect.ts';
import { isConnectionLost } from './errors.ts';
import { checkServer, migrationTarget } from './schema.ts';
import { pause } from './timers.ts';
import { takeDatabase } from './use-lock.ts';

/** @throws {CertError} when it cannot be reached, or a node uses it */
export async function openPostgresSource(url: string): Promise<CopySide> {
  const { connection, title } = await openAlone(url);
  // What is read is what was committed at this moment, and nothing is changed.
  await connection.query('begin isolation level repeatable read read only');
  return {
    ...readingSide(connection, title),
    /** Rows may have come in otherwise than by `nextval`, as by an import. */
    async nextNumbers() {
      const next: [string, number][] = [];
      for (const [table, drawn] of Object.entries(await drawnNext(connection))) {
        const [row] = await connection.query(`select max(number) from ${table}`);
        next.push([table, Math.max(drawn, Number(row?.[0] ?? 0) + 1)]);
      }
      return Object.fromEntries(next) as NextNumbers;
    },
    close: () => connection.close(),
  };
}

/** @throws {CertError} when it cannot be reached, or a node uses it */
export async function openPostgresTarget(
  url: string,
  { clock, isOurs }: { readonly clock: Clock; readonly isOurs: (table: string) => boolean },
): Promise<CopyTarget> {
  const { connection, title } = await openAlone(url);
  const rebuilt: string[] = [];

  /** Takes away what each inserted row would pay for, to make it once at the end. */
  async function dropAndRemember(kind: 'constraint' | 'index', found: string): Promise<void> {
    for (const [drop, make] of await connection.query(found)) {
      await connection.query(String(drop));
      if (kind === 'index') rebuilt.unshift(String(make));
      else rebuilt.push(String(make));
    }
  }

  return {
    ...readingSide(connection, title),

    async occupied() {
      const tables = await connection.query(tablesThere);
      for (const [table, name] of tables) {
        if (writtenByMigrations.has(String(table))) continue;
        const [row] = await connection.query(`select 1 from ${name} limit 1`);
        if (row !== undefined || !isOurs(String(table))) return String(table);
      }
      return undefined;
    },

    async begin() {
      await connection.query('begin');
      await connection.query(`set local maintenance_work_mem = '128MB'`);
      const target = migrationTarget(connection, createPostgresBuilder());
      await migrate(migrations, { ...target, transaction: (work) => work() }, clock.now());
      for (const table of writtenByMigrations) await connection.query(`delete from ${table}`);
      await dropAndRemember('constraint', foreignKeys);
      await dropAndRemember('index', indexes);
    },

    async insert({ name, columns }, piece) {
      const names = columns.map((column) => column.name).join();
      const lists = columns.map(({ type }, i) => `$${i + 1}::${types[type]}[]`).join();
      const values = columns.map((_, i) => piece.map((row) => row[i] ?? null));
      await connection
        .query(`insert into ${name} (${names}) select * from unnest(${lists})`, values)
        .catch((error: unknown) => {
          throw zeroIn(name, columns, values) ?? error;
        });
    },

    async complete(next) {
      for (const statement of rebuilt) {
        await connection.query(statement).catch((error: unknown) => {
          throw brokenReference(error) ?? error;
        });
      }
      for (const [table, number] of Object.entries(next)) {
        await connection.query(`select setval('${sequenceName(table)}', $1::bigint, false)`, [number]);
      }
      await connection.query(
        `select setval(pg_get_serial_sequence('ledger', 'sequence'), max(sequence)) from ledger having count(*) > 0`,
      );
      // Until autovacuum comes by, the planner would know nothing of the tables.
      const tables = await connection.query(tablesThere);
      await connection.query(`analyze ${tables.map(([, name]) => name).join()}`);
    },

    async finish() {
      const [row] = await connection.query('select pg_current_xact_id()::text');
      try {
        await connection.query('commit');
      } catch (error) {
        if (!(isConnectionLost(error) && (await wasCommitted(url, String(row?.[0]))))) throw error;
      }
    },

    close: () => connection.close(),
  };
}

async function openAlone(url: string): Promise<{ readonly connection: Connection; readonly title: string }> {
  const title = withoutPassword(url);
  const connection = await Connection.open({ url, use: 'maintenance', onEnd: () => {} }).catch((error: Error) => {
    const { message } = error.cause instanceof Error ? error.cause : error;
    throw refuse('databaseUnreachable', { database: title, detail: message }, { cause: error });
  });
  try {
    await checkServer(connection);
    await takeDatabase(connection, title);
    // Whatever the role or the database sets: one side waits while the other one is busy.
    for (const limit of ['statement_timeout', 'idle_in_transaction_session_timeout', 'lock_timeout']) {
      await connection.query(`set ${limit} = 0`);
    }
    return { connection, title };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** What became of a commit whose answer was lost. */
async function wasCommitted(url: string, transaction: string): Promise<boolean> {
  const connection = await Connection.open({ url, use: 'maintenance', onEnd: () => {} });
  try {
    for (;;) {
      const [row] = await connection.query('select pg_xact_status($1::text::xid8)', [transaction]);
      if (row?.[0] !== 'in progress') return row?.[0] === 'committed';
      await pause(stillCommittingMs);
    }
  } finally {
    await connection.close();
  }
}

const stillCommittingMs = 100;

function brokenReference(error: unknown): Error | undefined {
  if (!(error instanceof pg.DatabaseError && error.code === '23503')) return undefined;
  return refuse('databaseReferenceBroken', { table: error.table ?? '' }, { cause: error });
}

/** PostgreSQL holds every character but this one. */
function zeroIn(
  table: string,
  columns: readonly CopiedColumn[],
  values: readonly (readonly SqlValue[])[],
): Error | undefined {
  const at = values.findIndex((list) => list.some((value) => typeof value === 'string' && value.includes('\0')));
  const column = columns[at]?.name;
  return column === undefined ? undefined : refuse('databaseTextUnusable', { table, column });
}

function readingSide(connection: Connection, title: string): Omit<CopySide, 'close'> {
  return {
    title,
    listsOrdersLate: false,
    numbersFollowRows: false,

    async migrations() {
      const tables = await connection.query(tablesThere);
      if (!tables.some(([table]) => table === 'migrations')) return [];
      return (await connection.query('select name from migrations')).map(([name]) => String(name));
    },

    async columns() {
      const tables = new Map<string, CopiedColumn[]>();
      for (const [table, name, type] of await connection.query(columnsThere)) {
        const column = { name: String(name), type: typeOf(String(type)) };
        tables.set(String(table), [...(tables.get(String(table)) ?? []), column]);
      }
      return tables;
    },

    async *pieces(table) {
      const cursor = `copy_${table.name}`;
      await connection.query(`declare ${cursor} no scroll cursor for ${rowsOf(table)}`);
      try {
        for (let rows = firstRows; ; ) {
          const piece = (await connection.query(`fetch ${rows} from ${cursor}`)) as readonly CopiedRow[];
          if (piece.length > 0) yield piece;
          if (piece.length < rows) return;
          const bytes = piece.reduce((sum, row) => sum + sizeOf(row), 0);
          rows = Math.max(1, Math.min(pieceRows, Math.floor((pieceBytes * piece.length) / Math.max(bytes, 1))));
        }
      } finally {
        // Of a transaction that has failed nothing more can be asked.
        await connection.query(`close ${cursor}`).catch(() => undefined);
      }
    },

    async count({ name }) {
      return Number((await connection.query(`select count(*) from ${name}`))[0]?.[0]);
    },

    nextNumbers: () => drawnNext(connection),
  };
}

async function drawnNext(connection: Connection): Promise<NextNumbers> {
  const next: [string, number][] = [];
  for (const table of Object.keys(usualFirstNumbers)) {
    const [row] = await connection.query(`select last_value + is_called::int from ${sequenceName(table)}`);
    next.push([table, Number(row?.[0])]);
  }
  return Object.fromEntries(next) as NextNumbers;
}

/** Before it is known how large its rows are. */
const firstRows = 100;

/** Events that were committed and not numbered before their node ended get the numbers that the sealer would have given them. */
function rowsOf({ name, columns, key }: CopiedTable): string {
  const select = (sequence: string) =>
    `select ${columns.map((column) => (column.name === 'sequence' ? sequence : column.name)).join()} from ${name}`;
  const order = `order by ${key.join()}`;
  if (name !== 'events') return `${select('sequence')} ${order}`;
  const number = `(select coalesce(max(sequence), 0) from events) + row_number() over (order by transaction, written) as sequence`;
  return `${select('sequence')} where sequence is not null union all ${select(number)} where sequence is null ${order}`;
}

/** What only this engine has: see `sealed` in `dialect.ts`. */
const ownColumns = `('written', 'transaction')`;

const ofThisSchema = `relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')`;

/** What nodes share for as long as they run, and the projection, which is filled again from the copied audit log. */
const madeAgain = ['used_numbers', 'number_epochs', ...listingTables];
const isKept = `relname not in (${madeAgain.map((table) => `'${table}'`).join()})`;

const columnsThere = `select relname, attname, format_type(atttypid, null)
  from pg_class join pg_attribute on attrelid = pg_class.oid
  where ${ofThisSchema} and ${isKept} and attnum > 0 and not attisdropped
    and not (relname = 'events' and attname in ${ownColumns})
  order by relname, attnum`;

const tablesThere = `select relname, format('%I', relname) from pg_class where ${ofThisSchema} and ${isKept} order by relname`;

const foreignKeys = `select format('alter table %I drop constraint %I', relname, conname),
    format('alter table %I add constraint %I %s', relname, conname, pg_get_constraintdef(pg_constraint.oid))
  from pg_constraint join pg_class on pg_class.oid = conrelid
  where contype = 'f' and ${ofThisSchema}`;

const indexes = `select format('drop index %I', entry.relname), pg_get_indexdef(indexrelid)
  from pg_index join pg_class on pg_class.oid = indrelid join pg_class entry on entry.oid = indexrelid
  where ${ofThisSchema.replaceAll('rel', 'pg_class.rel')}
    and not exists (select from pg_constraint where conindid = indexrelid)`;

/** Tables in which a database without content has rows. */
const writtenByMigrations: ReadonlySet<string> = new Set(['migrations', 'late_lists']);

const types = { text: 'text', integer: 'bigint', blob: 'bytea' } as const satisfies Record<
  CopiedColumn['type'],
  string
>;

function typeOf(type: string): CopiedColumn['type'] {
  if (type === 'bigint' || type === 'integer') return 'integer';
  return type === 'bytea' ? 'blob' : 'text';
}
