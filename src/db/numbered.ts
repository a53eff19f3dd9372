/** Shared parts of the stores of tables: inserting, finding by id and by number, lists by number. */

import type { Compilable, Selectable } from 'kysely';
import { type AccountId, type Id, type NumberedNoun, numberOf } from '../domain/ids.ts';
import type { EitherWayQuery, PageQuery } from '../domain/page.ts';
import type { Codec, Inserted } from './codec.ts';
import type { SqlValue } from './fields.ts';
import { type Builder, each, type Statement, settingOf, sized, statement } from './prepared.ts';
import { type Answer, allOf, type NumberedTable, type Session, update } from './session.ts';

interface Numbered {
  readonly id: string;
  readonly number: number;
}

type NumberedCodec<T extends Numbered, R> = Codec<T, string, R, T>;

/** Tables by name only: their codecs know their columns. */
function anyTable(db: Builder) {
  return db.withTables<Record<string, Record<string, SqlValue>>>();
}

/** Reads whole rows of the codec's table. */
function rowsOf<P, R>(
  { table }: Codec<unknown, string, R, never>,
  narrow: (rows: ReturnType<typeof allRows>, params: P) => Compilable<unknown>,
): Statement<P, Selectable<R>> {
  return statement((db, p: P) => narrow(allRows(db, table), p) as Compilable<Selectable<R>>);
}

function allRows(db: Builder, table: string) {
  return anyTable(db).selectFrom(table).selectAll();
}

export function insertStatement<R, New>({ table, columns }: Codec<unknown, string, R, New>) {
  return statement((db, p: Inserted<R>) => anyTable(db).insertInto(table).values(valuesOf(p, columns)));
}

/** Sets those of the columns in which two rows of one id differ. */
export function updatesOf<R, New>(
  { table }: Codec<unknown, string, R, New>,
  columns: readonly (keyof Inserted<R> & string)[],
) {
  return settingOf<Inserted<R>>()(columns, (changed) =>
    statement((db, p: Inserted<R>) =>
      anyTable(db).updateTable(table).set(valuesOf(p, changed)).where('id', '=', parameterOf(p, 'id')),
    ),
  );
}

/** The same where ids carry numbers. */
export function updatesByNumberOf<R, New>(
  { table }: Codec<unknown, string, R, New>,
  columns: readonly (keyof Inserted<R> & string)[],
) {
  return settingOf<Inserted<R>>()(columns, (changed) =>
    statement((db, p: Inserted<R>) =>
      anyTable(db)
        .updateTable(table)
        .set(valuesOf(p, changed))
        .where('number', '=', parameterOf(p, 'number'))
        .where('id', '=', parameterOf(p, 'id')),
    ),
  );
}

interface Updated<T> {
  /** Undefined: there is none, and nothing changes. */
  readonly now: T | undefined;
  readonly change: Partial<T>;
}

export async function updateNoun<T, R>(
  session: Session,
  { toRow }: Codec<T, string, R, T>,
  formOf: ReturnType<typeof updatesOf<R, T>>,
  { now, change }: Updated<T>,
): Promise<void> {
  if (now !== undefined) await update(session, formOf, { before: toRow(now), after: toRow({ ...now, ...change }) });
}

function valuesOf(params: object, columns: readonly string[]): Record<string, SqlValue> {
  return Object.fromEntries(columns.map((name) => [name, parameterOf(params, name)]));
}

/** The parameter of a statement under the name of a column. */
function parameterOf(params: object, name: string): SqlValue {
  return Reflect.get(params, name);
}

/** The statements of a numbered store, for the file of the noun to add its own to. */
export function numberedStatements<T extends Numbered, R>(codec: NumberedCodec<T, R>) {
  return {
    insert: insertStatement(codec),
    get: rowsOf(codec, (rows, p: { id: T['id'] }) => rows.where('id', '=', p.id)),
    getByNumber: rowsOf(codec, (rows, p: { number: number }) => rows.where('number', '=', p.number)),
  };
}

interface WithNumberedId<N extends NumberedNoun> extends Numbered {
  readonly id: Id<N>;
}

/**
 * The key of an object whose id carries its number: the number finds the row, the id says whether it is the one. Ids have no
 * index, so that every statement goes by both.
 */
export interface Key<I> {
  readonly id: I;
  readonly number: number;
}

export function keyOf<I extends Id<NumberedNoun>>(id: I): Key<I> {
  return { id, number: numberOf(id) };
}

/** The statements of a noun whose ids carry numbers. */
export function numberedIdStatements<N extends NumberedNoun, T extends WithNumberedId<N>, R>(
  codec: NumberedCodec<T, R>,
) {
  return {
    insert: insertStatement(codec),
    get: rowsOf(codec, (rows, p: Key<T['id']>) => rows.where('number', '=', p.number).where('id', '=', p.id)),
    getByNumber: rowsOf(codec, (rows, p: { number: number }) => rows.where('number', '=', p.number)),
    /** Unordered, and also rows whose ids are others: see `rowsByIds`. */
    listByNumbers: sized((size) =>
      rowsOf(codec, (rows, p: { ids: readonly number[] }) => rows.where('number', 'in', each(p.ids, size))),
    ),
  };
}

/** The rows of the ids, of which there may be any number. */
export async function rowsByIds<I extends Id<NumberedNoun>, R extends { readonly id: string }>(
  session: Session,
  form: (length: number) => Statement<{ ids: readonly number[] }, R>,
  ids: readonly I[],
): Promise<readonly R[]> {
  const wanted = new Set<string>(ids);
  return (await allOf(session, form, ids.map(numberOf))).filter(({ id }) => wanted.has(id));
}

/** The part of a store that is the same for every noun whose ids carry numbers. */
export function numberedIdStore<N extends NumberedNoun, T extends WithNumberedId<N>, R>(
  session: Session,
  { fromRow, toRow }: NumberedCodec<T, R>,
  q: Pick<ReturnType<typeof numberedIdStatements<N, T, R>>, 'insert' | 'get' | 'getByNumber' | 'listByNumbers'>,
) {
  return {
    async insert(value: Omit<T, 'number'>): Promise<T> {
      // Only the number was missing.
      const numbered = { ...value, number: numberOf(value.id) } as T;
      session.write(q.insert, toRow(numbered));
      return numbered;
    },
    async get(id: T['id']): Promise<T | undefined> {
      const row = await session.first(q.get, keyOf(id));
      return row && fromRow(row);
    },
    getByNumber: (number: number) => byNumber(session, { q, fromRow }, number),
    async listByIds(ids: readonly T['id'][]): Promise<readonly T[]> {
      const wanted = new Set<string>(ids);
      const rows = await allOf(session, q.listByNumbers, ids.map(numberOf));
      return rows.map(fromRow).filter(({ id }) => wanted.has(id));
    },
  };
}

/** Unordered. */
export function listByIdsStatement<T extends Pick<Numbered, 'id'>, R>(codec: Codec<T, string, R, T>) {
  return sized((size) =>
    rowsOf(codec, (rows, p: { ids: readonly T['id'][] }) => rows.where('id', 'in', each(p.ids, size))),
  );
}

/** A number that is not whole, or too large, is nobody's: PostgreSQL would refuse to compare it. */
async function byNumber<T, R>(
  session: Session,
  {
    q,
    fromRow,
  }: { readonly q: { readonly getByNumber: Statement<{ number: number }, R> }; readonly fromRow: (row: R) => T },
  number: number,
): Promise<T | undefined> {
  if (!Number.isSafeInteger(number)) return undefined;
  const row = await session.first(q.getByNumber, { number });
  return row && fromRow(row);
}

interface Page {
  readonly before: number;
  readonly limit: number;
}

/** Newest first, of all accounts and of one. */
export function pageStatements<T extends Numbered, R>(codec: NumberedCodec<T, R>) {
  return {
    list: rowsOf(codec, (rows, p: Page) =>
      rows.where('number', '<', p.before).orderBy('number', 'desc').limit(p.limit),
    ),
    listOfAccount: rowsOf(codec, (rows, p: Page & { accountId: AccountId }) =>
      rows
        .where('account_id', '=', p.accountId)
        .where('number', '<', p.before)
        .orderBy('number', 'desc')
        .limit(p.limit),
    ),
  };
}

interface PageAfter {
  readonly after: number;
  readonly limit: number;
}

/** The same, and oldest first. */
export function eitherWayStatements<T extends Numbered, R>(codec: NumberedCodec<T, R>) {
  return {
    ...pageStatements(codec),
    listAfter: rowsOf(codec, (rows, p: PageAfter) =>
      rows.where('number', '>', p.after).orderBy('number').limit(p.limit),
    ),
    listOfAccountAfter: rowsOf(codec, (rows, p: PageAfter & { accountId: AccountId }) =>
      rows.where('account_id', '=', p.accountId).where('number', '>', p.after).orderBy('number').limit(p.limit),
    ),
  };
}

/** All of an account, by number. */
export function listOfAccountStatement<T extends Numbered, R>(codec: NumberedCodec<T, R>, direction: 'asc' | 'desc') {
  return rowsOf(codec, (rows, p: { accountId: AccountId }) =>
    rows.where('account_id', '=', p.accountId).orderBy('number', direction),
  );
}

type NumberedStatements<T extends Numbered, R> = ReturnType<typeof numberedStatements<T, R>>;

/** The part of a store that is the same for every numbered noun. */
export function numberedStore<T extends Numbered, R>(
  session: Session,
  codec: Codec<T, NumberedTable, R, T>,
  q: NumberedStatements<T, R>,
) {
  return storeWithNumbers(session, codec, { q, takeNumber: () => session.nextNumber(codec.table) });
}

interface WithNumbers<T extends Numbered, R> {
  readonly q: NumberedStatements<T, R>;
  readonly takeNumber: (id: T['id']) => Answer<number>;
}

/** The same for nouns whose numbers are of a sequence that several tables share. */
export function storeWithNumbers<T extends Numbered, R>(
  session: Session,
  { fromRow, toRow }: NumberedCodec<T, R>,
  { q, takeNumber }: WithNumbers<T, R>,
) {
  return {
    async insert(value: Omit<T, 'number'>): Promise<T> {
      // Only the number was missing.
      const numbered = { ...value, number: await takeNumber(value.id) } as T;
      session.write(q.insert, toRow(numbered));
      return numbered;
    },
    async get(id: T['id']): Promise<T | undefined> {
      const row = await session.first(q.get, { id });
      return row && fromRow(row);
    },
    getByNumber: (number: number) => byNumber(session, { q, fromRow }, number),
  };
}

/** One page, newest first. Null: of all accounts. */
export async function pageOf<T extends Numbered, R>(
  session: Session,
  { fromRow }: NumberedCodec<T, R>,
  q: ReturnType<typeof pageStatements<T, R>>,
  { accountId, limit, before = Number.MAX_SAFE_INTEGER }: PageQuery & { readonly accountId: AccountId | null },
): Promise<readonly T[]> {
  const rows = await (accountId === null
    ? session.all(q.list, { limit, before })
    : session.all(q.listOfAccount, { accountId, limit, before }));
  return rows.map(fromRow);
}

/** One page from either end. Null: of all accounts. */
export async function eitherWayPageOf<T extends Numbered, R>(
  session: Session,
  codec: NumberedCodec<T, R>,
  q: ReturnType<typeof eitherWayStatements<T, R>>,
  { accountId, ...page }: EitherWayQuery & { readonly accountId: AccountId | null },
): Promise<readonly T[]> {
  if (!('after' in page)) return pageOf(session, codec, q, { accountId, ...page });
  const rows = await (accountId === null
    ? session.all(q.listAfter, page)
    : session.all(q.listOfAccountAfter, { accountId, ...page }));
  return rows.map(codec.fromRow);
}
