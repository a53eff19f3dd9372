/** Accounts. The balance is a row of its own, which only the ledger changes. */
import type { AccountId } from '../../domain/ids.ts';
import type { AccountStore } from '../../domain/ports/stores/accounts.ts';
import type { RowOf } from '../codec.ts';
import { fromMs } from '../columns.ts';
import {
  insertStatement,
  numberedStatements,
  numberedStore,
  pageStatements,
  updateNoun,
  updatesOf,
} from '../numbered.ts';
import { statement } from '../prepared.ts';
import { accounts, balances } from '../rows/accounts.ts';
import type { Session } from '../session.ts';

type AccountRow = RowOf<typeof accounts>;

const changing = [
  'name',
  'state',
  'approval',
  'separates_duties',
  'product_codes_json',
  'allowed_names_json',
  'contact_email',
] as const satisfies readonly (keyof AccountRow)[];

export const accountStatements = {
  ...numberedStatements(accounts),
  insertBalance: insertStatement(balances),
  list: pageStatements(accounts).list,
  markRegistered: statement((db, p: { id: AccountId; network: string }) =>
    db.updateTable('accounts').set({ registered_from: p.network }).where('id', '=', p.id),
  ),
  nthRegistered: statement((db, p: { skipped: number }) =>
    db
      .selectFrom('accounts')
      .select('created_at')
      .where('registered_from', 'is not', null)
      .orderBy('created_at', 'desc')
      .limit(1)
      .offset(p.skipped),
  ),
  nthRegisteredFrom: statement((db, p: { network: string; skipped: number }) =>
    db
      .selectFrom('accounts')
      .select('created_at')
      .where('registered_from', '=', p.network)
      .orderBy('created_at', 'desc')
      .limit(1)
      .offset(p.skipped),
  ),
};

const updates = updatesOf(accounts, changing);

export function createAccountStore(session: Session): AccountStore {
  const q = accountStatements;
  const numbered = numberedStore(session, accounts, q);
  const get = async (id: AccountId) => session.kept(q.get, { id }, accounts.fromRow);
  return {
    ...numbered,
    get,
    async insert(account) {
      const inserted = await numbered.insert(account);
      await session.run(q.insertBalance, balances.toRow({ accountId: inserted.id, amountMinor: 0 }));
      return inserted;
    },
    async list({ limit, before = Number.MAX_SAFE_INTEGER }) {
      return (await session.all(q.list, { limit, before })).map(accounts.fromRow);
    },
    async markRegistered(id, network) {
      await session.run(q.markRegistered, { id, network });
    },
    async nthNewestRegistered(network, n) {
      const skipped = n - 1;
      const row = await (network === null
        ? session.first(q.nthRegistered, { skipped })
        : session.first(q.nthRegisteredFrom, { network, skipped }));
      return row && fromMs(row.created_at);
    },
    async update(id, change) {
      const now = await get(id);
      await updateNoun(session, accounts, updates, { now, change });
    },
  };
}
