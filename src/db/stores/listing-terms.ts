/** Numbers for what would be long in every row of the projection (decision 0032): an account with a dialect, a product, a key. */
import { idForm } from '../id-bytes.ts';
import { statement } from '../prepared.ts';
import type { Session } from '../session.ts';

/** What fills the projection need not be inside a transaction of the stores: the embedded engine does it in another thread. */
export type FillSession = Pick<Session, 'all' | 'first' | 'write'>;

export const listingTermStatements = {
  term: statement((db, p: { value: Uint8Array }) =>
    db.selectFrom('listing_terms').select('number').where('value', '=', p.value),
  ),
  insertTerm: statement((db, p: { value: Uint8Array }) =>
    db
      .insertInto('listing_terms')
      .values({ value: p.value })
      .onConflict((conflict) => conflict.column('value').doNothing()),
  ),
};

/** An account with a dialect: the orders of one list. */
export function shelfTerm(accountId: string, dialect: string): Uint8Array {
  return Buffer.concat([idForm('account').toBytes(accountId), Buffer.from(` ${dialect}`)]);
}

/** Gives values their numbers. */
export function termsOf(session: FillSession): (value: Uint8Array) => Promise<number> {
  const known = new Map<string, number>();
  return async (value) => {
    const key = Buffer.from(value).toString('latin1');
    const number = known.get(key) ?? (await numberOfTerm(session, value));
    known.set(key, number);
    return number;
  };
}

async function numberOfTerm(session: FillSession, value: Uint8Array): Promise<number> {
  const { term, insertTerm } = listingTermStatements;
  const found = await session.first(term, { value });
  if (found !== undefined) return found.number;
  session.write(insertTerm, { value });
  const inserted = await session.first(term, { value });
  if (inserted === undefined) throw new Error('a term of the projection was not stored');
  return inserted.number;
}
