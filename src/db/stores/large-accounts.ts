/** Searches among the orders of an account: where there are many, beside everything else. */

import { type Compilable, sql } from 'kysely';
import type { AccountId } from '../../domain/ids.ts';
import { type Builder, statement } from '../prepared.ts';
import type { Session } from '../session.ts';

/** So many orders are looked through in a millisecond or two; to ask another thread costs a fifth of one. */
export const manyOrders = 1000;

export const largeAccountStatements = {
  /** Reads no more of the index than it must to find out. */
  hasMany: statement((db, p: { accountId: AccountId }) =>
    db
      .selectFrom('orders')
      .select('number')
      .where('account_id', '=', p.accountId)
      .orderBy('number')
      .limit(1)
      .offset(sql.lit(manyOrders)),
  ),
  haveMany: statement((db, _: object) =>
    db
      .selectFrom('orders')
      .select('number')
      // True of every row: so that the index is walked, which is smaller than the table.
      .where('account_id', '>', sql.lit('') as never)
      .orderBy('account_id')
      .limit(1)
      .offset(sql.lit(manyOrders)),
  ),
};

/** @param accountId null: of all accounts */
export async function hasManyOrders(session: Session, accountId: AccountId | null): Promise<boolean> {
  if (accountId === null) return haveManyOrders(session);
  return (await session.first(largeAccountStatements.hasMany, { accountId })) !== undefined;
}

export async function haveManyOrders(session: Session): Promise<boolean> {
  return (await session.first(largeAccountStatements.haveMany, {})) !== undefined;
}

/** @param accountId null: of all accounts */
export async function selectAmong<R>(
  session: Session,
  accountId: AccountId | null,
  build: (db: Builder) => Compilable<R>,
): Promise<readonly R[]> {
  return (await hasManyOrders(session, accountId)) ? session.beside(build) : session.select(build);
}
