/** Accounts. The balance is a row of its own, which only the ledger changes. */
import type { Account } from '../../domain/account.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { AccountStore } from '../../domain/ports/stores/accounts.ts';
import { fromJsonOrNull, fromMs, toFlag, toJson } from '../columns.ts';
import { pick, settingOf, statement } from '../prepared.ts';
import { type Session, update } from '../session.ts';
import type { AccountRow } from '../tables.ts';

const columns = [
  'number',
  'id',
  'name',
  'state',
  'currency',
  'approval',
  'separates_duties',
  'product_codes_json',
  'allowed_names_json',
  'contact_email',
  'created_at',
] as const satisfies readonly (keyof AccountRow)[];

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
  insert: statement((db, p: AccountRow) => db.insertInto('accounts').values(pick(p, columns))),
  insertBalance: statement((db, p: { id: AccountId }) =>
    db.insertInto('balances').values({ account_id: p.id, amount_minor: 0 }),
  ),
  get: statement((db, p: { id: AccountId }) => db.selectFrom('accounts').selectAll().where('id', '=', p.id)),
  getByNumber: statement((db, p: { number: number }) =>
    db.selectFrom('accounts').selectAll().where('number', '=', p.number),
  ),
  list: statement((db, p: { before: number; limit: number }) =>
    db.selectFrom('accounts').selectAll().where('number', '<', p.before).orderBy('number', 'desc').limit(p.limit),
  ),
};

const updateOf = settingOf<AccountRow>()(changing, (changed) =>
  statement((db, p: AccountRow) => db.updateTable('accounts').set(pick(p, changed)).where('id', '=', p.id)),
);

export function createAccountStore(session: Session): AccountStore {
  const q = accountStatements;
  const get = async (id: AccountId) => session.kept(q.get, { id }, fromRow);
  return {
    get,
    async insert(account) {
      const numbered = { ...account, number: await session.nextNumber('accounts') };
      await session.run(q.insert, toRow(numbered));
      await session.run(q.insertBalance, { id: numbered.id });
      return numbered;
    },
    async getByNumber(number) {
      const row = await session.first(q.getByNumber, { number });
      return row && fromRow(row);
    },
    async list({ limit, before = Number.MAX_SAFE_INTEGER }) {
      return (await session.all(q.list, { limit, before })).map(fromRow);
    },
    async update(id, change) {
      const now = await get(id);
      if (now === undefined) return;
      await update(session, updateOf, { before: toRow(now), after: toRow({ ...now, ...change }) });
    },
  };
}

function toRow(account: Account): AccountRow {
  return {
    number: account.number,
    id: account.id,
    name: account.name,
    state: account.state,
    currency: account.currency,
    approval: account.approval,
    separates_duties: toFlag(account.separatesDuties),
    product_codes_json: account.productCodes && toJson(account.productCodes),
    allowed_names_json: account.allowedNames && toJson(account.allowedNames),
    contact_email: account.contactEmail,
    created_at: account.createdAt.getTime(),
  };
}

function fromRow(row: AccountRow): Account {
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    state: row.state,
    currency: row.currency,
    approval: row.approval,
    separatesDuties: row.separates_duties === 1,
    productCodes: fromJsonOrNull(row.product_codes_json),
    allowedNames: fromJsonOrNull(row.allowed_names_json),
    contactEmail: row.contact_email,
    createdAt: fromMs(row.created_at),
  };
}
