/**
 * Copies a database into an empty one, of the same engine or of the other. The original is only read. Both are kept from servers
 * meanwhile, and nobody sees anything of the copy before every row of it was compared with the original.
 */
import { existsSync, realpathSync } from 'node:fs';
import { resolve as resolvePath } from 'node:path';
import { setImmediate } from 'node:timers';
import { refuse } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports/system.ts';
import { withoutPassword } from '../engine/postgres/address.ts';
import { openPostgresSource, openPostgresTarget } from '../engine/postgres/copy.ts';
import { openSqliteSource, openSqliteTarget } from '../engine/sqlite/copy.ts';
import { tablesOfThisVersion } from '../engine/sqlite/schema.ts';
import { migrations } from '../migrations/index.ts';
import { isServer } from '../open.ts';
import { compareRows } from './compare.ts';
import { adaptedPieces } from './late-orders.ts';
import type { CopiedColumn, CopiedTable, CopySide, CopyTarget, NextNumbers } from './side.ts';

export interface CopyOptions {
  /** As `DatabaseOptions.path`. */
  readonly from: string;
  readonly to: string;
  readonly clock: Clock;
  /** Ends the copy at the next piece, and nothing of it is left. */
  readonly signal: AbortSignal;
}

export interface CopyProgress {
  readonly table: string;
  readonly rows: number;
  /** Of all tables. */
  readonly of: number;
}

type Report = (progress: CopyProgress) => void;

/** The steps in their order. Each throws where the copy cannot be right; `close` then leaves nothing of it. */
export interface DatabaseCopy {
  readonly from: string;
  readonly to: string;
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
  readonly rows: number;
  copyRows(report: Report): Promise<void>;
  /** Indexes, references and sequences. @returns the numbers at which the sequences go on */
  complete(): Promise<NextNumbers>;
  compare(report: Report): Promise<void>;
  /** Makes the copy a database that a server may be started on. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/** @throws {CertError} where one of the two cannot be used so, or they are the same */
export async function openCopy({ from, to, clock, signal }: CopyOptions): Promise<DatabaseCopy> {
  if (identityOf(from) === identityOf(to)) throw refuse('databaseCopySame', { database: titleOf(from) });
  const tables = await tablesOfThisVersion();
  const opened = new AsyncDisposableStack();
  try {
    const source = isServer(from) ? await openPostgresSource(from) : openSqliteSource(from);
    opened.defer(() => source.close());
    const applied = await source.migrations();
    if (applied.length === 0) throw refuse('databaseMissing', { database: source.title });
    checkSchema(tables, await source.columns(), source.title);
    checkMigrations(applied, source.title);
    const names = new Set(tables.map(({ name }) => name));
    const target = isServer(to)
      ? await openPostgresTarget(to, { clock, isOurs: (table) => names.has(table) })
      : openSqliteTarget(to, clock);
    opened.defer(() => target.close());
    const occupied = await target.occupied();
    if (occupied !== undefined) throw refuse('databaseNotEmpty', { database: target.title, found: occupied });
    const ofTarget = await target.migrations();
    if (ofTarget.length > 0) checkMigrations(ofTarget, target.title);
    const counted: { table: CopiedTable; name: string; rows: number }[] = [];
    for (const table of tables) counted.push({ table, name: table.name, rows: await source.count(table) });
    return assemble({ source, target, counted, signal, close: () => opened.disposeAsync() });
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

interface CopyParts {
  readonly source: CopySide;
  readonly target: CopyTarget;
  readonly counted: readonly { readonly table: CopiedTable; readonly name: string; readonly rows: number }[];
  readonly signal: AbortSignal;
  readonly close: () => Promise<void>;
}

function assemble({ source, target, counted, signal, close }: CopyParts): DatabaseCopy {
  const of = counted.reduce((sum, { rows }) => sum + rows, 0);
  /** Others get their turn after each piece: a signal of the operating system, whoever draws how far it is. */
  const betweenPieces = async () => {
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (signal.aborted) throw refuse('databaseCopyStopped', { database: target.title });
  };

  return {
    from: source.title,
    to: target.title,
    tables: counted.map(({ name, rows }) => ({ name, rows })),
    rows: of,

    async copyRows(report) {
      await target.begin();
      checkSchema(
        counted.map(({ table }) => table),
        await target.columns(),
        target.title,
      );
      let rows = 0;
      for (const { table } of counted) {
        for await (const piece of adaptedPieces(table, source, target)) {
          await betweenPieces();
          await target.insert(table, piece);
          rows += piece.length;
          report({ table: table.name, rows, of });
        }
      }
    },

    async complete() {
      await betweenPieces();
      await target.complete(await source.nextNumbers());
      return target.nextNumbers();
    },

    async compare(report) {
      let rows = 0;
      for (const { table } of counted) {
        const sides = { original: adaptedPieces(table, source, target), copy: target.pieces(table) };
        await compareRows(table, sides, async (equal) => {
          await betweenPieces();
          rows += equal;
          report({ table: table.name, rows, of });
        });
      }
      await compareNumbers(source, target);
    },

    async finish() {
      await betweenPieces();
      await target.finish();
    },

    close,
  };
}

/** On SQLite the next is one more than the highest; numbers that PostgreSQL drew and that no row has were never shown to anybody. */
async function compareNumbers(source: CopySide, target: CopySide): Promise<void> {
  const [wanted, found] = [await source.nextNumbers(), await target.nextNumbers()];
  for (const [sequence, next] of Object.entries(found)) {
    const expected = Reflect.get(wanted, sequence);
    const isRight = target.numbersFollowRows ? next <= expected : next === expected;
    if (!isRight) throw refuse('databaseCopyDiffers', { table: sequence, row: String(next), where: 'the next number' });
  }
}

/** @throws {CertError} unless the database has the tables of this version, and each with its columns */
function checkSchema(
  wanted: readonly CopiedTable[],
  found: ReadonlyMap<string, readonly CopiedColumn[]>,
  database: string,
): void {
  const expected = wanted.flatMap(({ name, columns }) => columnsText(name, columns));
  const there = [...found].flatMap(([name, columns]) => columnsText(name, columns));
  const missing = expected.find((column) => !there.includes(column));
  if (missing !== undefined) throw refuse('databaseSchemaMissing', { database, what: missing });
  const unknown = there.find((column) => !expected.includes(column));
  if (unknown !== undefined) throw refuse('databaseSchemaUnknown', { database, what: unknown });
}

const columnsText = (table: string, columns: readonly CopiedColumn[]) =>
  columns.map(({ name, type }) => `${table}.${name} ${type}`);

/** @throws {CertError} where one was not carried out yet, or is not known here */
function checkMigrations(applied: readonly string[], database: string): void {
  const known = migrations.map(({ name }) => name);
  const missing = known.find((name) => !applied.includes(name));
  if (missing !== undefined) throw refuse('databaseSchemaMissing', { database, what: missing });
  const unknown = applied.find((name) => !known.includes(name));
  if (unknown !== undefined) throw refuse('databaseSchemaUnknown', { database, what: unknown });
}

/** How messages call the database. */
function titleOf(database: string): string {
  return isServer(database) ? withoutPassword(database) : database;
}

/** The same for two ways of writing one database: a link to a file, an address with another user or password. */
function identityOf(database: string): string {
  if (!isServer(database)) return existsSync(database) ? realpathSync(database) : resolvePath(database);
  const { hostname, port, pathname } = new URL(database);
  return `${hostname}:${port === '' ? 5432 : port}${pathname}`;
}
