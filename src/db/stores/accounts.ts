/** Accounts, and the ledger: the balance is a row of its own, which only entries of the ledger change. */

import { type SqlBool, sql } from 'kysely';
import type { AccountMonth } from '../../domain/account.ts';
import type { AccountId } from '../../domain/ids.ts';
import { monthOf } from '../../domain/month.ts';
import type { AccountStore } from '../../domain/ports/stores/accounts.ts';
import type { LedgerStore, NewLedgerEntry, StoredLedgerFilter } from '../../domain/ports/stores/ledger.ts';
import { withDefined } from '../../domain/with-defined.ts';
import type { RowOf } from '../codec.ts';
import { fromMs, unindexed } from '../fields.ts';
import { asId } from '../forms.ts';
import {
  insertStatement,
  numberedStatements,
  numberedStore,
  pageStatements,
  updateNoun,
  updatesOf,
} from '../numbered.ts';
import { type Builder, each, inPieces, pick, sized, statement } from '../prepared.ts';
import { accountMonths, accounts, balances } from '../rows/accounts.ts';
import { ledger } from '../rows/events.ts';
import { allOf, type Session } from '../session.ts';
import { countedLimit, totalOfList } from './counted-lists.ts';
import { countAccounts, findAccounts } from './narrowed-lists.ts';
import { sequencesWithin } from './sequence-at.ts';

type AccountRow = RowOf<typeof accounts>;
type AccountMonthRow = RowOf<typeof accountMonths>;

const changing = [
  'name',
  'state',
  'approval',
  'separates_duties',
  'made_keys',
  'product_codes_json',
  'allowed_names_json',
  'contact_email',
  'prices_json',
  'low_balance_minor',
  'low_since',
] as const satisfies readonly (keyof AccountRow)[];

export const accountStatements = {
  ...numberedStatements(accounts),
  insertBalance: insertStatement(balances),
  list: pageStatements(accounts).list,
  markRegistered: statement((db, p: { id: AccountId; network: string }) =>
    db.updateTable('accounts').set({ registered_from: p.network }).where('id', '=', p.id),
  ),
  nthRegistered: statement((db, p: { now: number; skipped: number }) =>
    db
      .selectFrom('accounts')
      .select('created_at')
      .where('registered_from', 'is not', null)
      .where('created_at', '<=', p.now)
      .orderBy('created_at', 'desc')
      .limit(1)
      .offset(p.skipped),
  ),
  nthRegisteredFrom: statement((db, p: { network: string; now: number; skipped: number }) =>
    db
      .selectFrom('accounts')
      .select('created_at')
      .where('registered_from', '=', p.network)
      .where('created_at', '<=', p.now)
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
      session.write(q.insertBalance, balances.toRow({ accountId: inserted.id, amountMinor: 0 }));
      return inserted;
    },
    async list({ limit, before = Number.MAX_SAFE_INTEGER }) {
      return (await session.all(q.list, { limit, before })).map(accounts.fromRow);
    },
    async find(query) {
      return (await findAccounts(session, query)).map(accounts.fromRow);
    },
    count: (filter) => countAccounts(session, filter),
    async markRegistered(id, network) {
      session.write(q.markRegistered, { id, network });
    },
    async nthNewestRegistered(network, n, until) {
      const page = { now: until.getTime(), skipped: n - 1 };
      const row = await (network === null
        ? session.first(q.nthRegistered, page)
        : session.first(q.nthRegisteredFrom, { network, ...page }));
      return row && fromMs(row.created_at);
    },
    async update(id, change) {
      const now = await get(id);
      await updateNoun(session, accounts, updates, { now, change });
    },
  };
}

export const ledgerStatements = {
  insert: insertStatement(ledger),
  /** The condition is in the statement itself, so that two charges at once cannot both take the last coin. */
  changeBalance: statement((db, p: { id: AccountId; amount: number }) =>
    db
      .updateTable('balances')
      .set((row) => ({ amount_minor: row('amount_minor', '+', p.amount) }))
      .where('account_id', '=', p.id)
      .where((row) => row(row('amount_minor', '+', p.amount), '>=', 0))
      .returning('amount_minor'),
  ),
  addToMonth: statement((db, p: AccountMonthRow) =>
    db
      .insertInto('account_months')
      .values(pick(p, accountMonths.columns))
      .onConflict((conflict) =>
        conflict.columns(['account_id', 'month']).doUpdateSet((row) => ({
          charged_minor: row('account_months.charged_minor', '+', row.ref('excluded.charged_minor')),
          refunded_minor: row('account_months.refunded_minor', '+', row.ref('excluded.refunded_minor')),
          credited_minor: row('account_months.credited_minor', '+', row.ref('excluded.credited_minor')),
        })),
      ),
  ),
  listMonths: sized((size) =>
    statement((db, p: { ids: readonly AccountId[]; from: number; until: number }) =>
      db
        .selectFrom('account_months')
        .selectAll()
        .where('account_id', 'in', each(p.ids, size))
        .where('month', '>=', p.from)
        .where('month', '<=', p.until),
    ),
  ),
  listBalances: sized((size) =>
    statement((db, p: { ids: readonly AccountId[] }) =>
      db.selectFrom('balances').selectAll().where('account_id', 'in', each(p.ids, size)),
    ),
  ),
  list: statement((db, p: { accountId: AccountId; before: number; limit: number }) =>
    db
      .selectFrom('ledger')
      .selectAll()
      .where('account_id', '=', p.accountId)
      .where('sequence', '<', p.before)
      .orderBy('sequence', 'desc')
      .limit(p.limit),
  ),
  /** Lines of one moment go by their numbers: those up to `sequence` of the moment `from` were read before. */
  listBetween: statement((db, p: { from: number; sequence: number; until: number; limit: number }) =>
    db
      .selectFrom('ledger')
      .selectAll()
      .where('at', '>=', p.from)
      .where('at', '<', p.until)
      .where((row) => row.or([row('at', '>', p.from), row('sequence', '>', p.sequence)]))
      .orderBy('at')
      .orderBy('sequence')
      .limit(p.limit),
  ),
  first: statement((db, p: { from: number }) =>
    db.selectFrom('ledger').select(['sequence', 'at']).where('sequence', '>=', p.from).orderBy('sequence').limit(1),
  ),
  newest: statement((db, _: object) => db.selectFrom('ledger').select((row) => row.fn.max('sequence').as('newest'))),
  sum: statement((db, p: { accountId: AccountId }) =>
    db
      .selectFrom('ledger')
      .select(sql<number>`coalesce(sum(amount_minor), 0)`.as('total'))
      .where('account_id', '=', p.accountId),
  ),
};

export function createLedgerStore(session: Session): LedgerStore {
  const q = ledgerStatements;
  const listBalances = async (accountIds: readonly AccountId[]) => {
    const rows = await allOf(session, q.listBalances, accountIds);
    return new Map(rows.map((row) => [row.account_id, row.amount_minor]));
  };
  return {
    async append(entry) {
      const balance = await session.first(q.changeBalance, { id: entry.accountId, amount: entry.amountMinor });
      if (balance === undefined) return undefined;
      const appended = { actor: null, ...entry, balanceAfterMinor: balance.amount_minor };
      session.write(q.insert, ledger.toRow(appended));
      session.write(q.addToMonth, accountMonths.toRow(monthOfEntry(entry)));
      return appended;
    },
    async list(accountId, { limit, before = Number.MAX_SAFE_INTEGER }) {
      return (await session.all(q.list, { accountId, before, limit })).map(ledger.fromRow);
    },
    async listBetween({ from, until }, { limit, after }) {
      const read = { from: (after?.at ?? from).getTime(), sequence: after?.sequence ?? -1 };
      return (await session.all(q.listBetween, { ...read, until: until.getTime(), limit })).map(ledger.fromRow);
    },
    async find({ limit, before, ...filter }) {
      const query = { ...(await numbered(session, filter)), limit, ...withDefined({ before }) };
      const rows = isLookedThrough(filter)
        ? await session.beside((db) => ledgerQuery(db, query))
        : await session.select((db) => ledgerQuery(db, query));
      return rows.map(ledger.fromRow);
    },
    async count(filter) {
      const query = { ...(await numbered(session, filter)), limit: countedLimit };
      return totalOfList(session, (db) => ledgerQuery(db, query).clearOrderBy(), isLookedThrough(filter));
    },
    listBalances,
    async listMonths(accountIds, { from, until }) {
      const found: AccountMonth[] = [];
      for (const ids of inPieces(accountIds)) {
        const rows = await session.all(q.listMonths(ids.length), { ids, from, until });
        found.push(...rows.map(accountMonths.fromRow));
      }
      return found;
    },
    async sumMonths(span) {
      const rows = await session.beside((db) => sumMonthsQuery(db, span));
      return rows.map(({ currency, month, charged, refunded, credited }) => ({
        currency,
        month,
        chargedMinor: Number(charged),
        refundedMinor: Number(refunded),
        creditedMinor: Number(credited),
      }));
    },
    async balance(accountId) {
      return (await listBalances([accountId])).get(accountId) ?? 0;
    },
    async sum(accountId) {
      return (await session.first(q.sum, { accountId }))?.total ?? 0;
    },
  };
}

/** A currency has a row a month. */
const mostSums = 10_000;

function sumMonthsQuery(db: Builder, { from, until }: { readonly from: number; readonly until: number }) {
  return db
    .selectFrom('account_months as one')
    .innerJoin('accounts', 'accounts.id', 'one.account_id')
    .select(['accounts.currency', 'one.month'])
    .select((row) => [
      row.fn.sum<number | string>('one.charged_minor').as('charged'),
      row.fn.sum<number | string>('one.refunded_minor').as('refunded'),
      row.fn.sum<number | string>('one.credited_minor').as('credited'),
    ])
    .where('one.month', '>=', from)
    .where('one.month', '<=', until)
    .groupBy(['accounts.currency', 'one.month'])
    .limit(mostSums);
}

/** A filter with its times as numbers. */
type NumberedFilter = StoredLedgerFilter & { readonly after?: number; readonly upTo?: number };

async function numbered(session: Session, filter: StoredLedgerFilter): Promise<NumberedFilter> {
  return { ...filter, ...(await sequencesWithin(session, ledgerStatements, filter)) };
}

/** Charges are most of the lines, and looked at one by one. */
function isLookedThrough({ kind, orderId }: StoredLedgerFilter): boolean {
  return orderId === undefined && kind === 'charge';
}

export function ledgerQuery(db: Builder, query: NumberedFilter & { readonly before?: number; readonly limit: number }) {
  const { accountId, kind, orderId, from, until, after, upTo, before, limit } = query;
  const account = orderId === undefined ? sql.ref('account_id') : unindexed('account_id');
  return db
    .selectFrom('ledger')
    .selectAll()
    .where((row) =>
      row.and([
        ...(accountId === null ? [] : [sql<SqlBool>`${account} = ${asId('account', accountId)}`]),
        ...(orderId === undefined ? [] : [sql<SqlBool>`order_id = ${asId('order', orderId)}`]),
        ...(kind === undefined ? [] : [sql<SqlBool>`kind = ${kind}`]),
        // Written out, it names the index of the few that are no charges.
        ...(kind === undefined || kind === 'charge' ? [] : [sql<SqlBool>`kind != 'charge'`]),
        ...(from === undefined ? [] : [sql<SqlBool>`at >= ${from.getTime()}`]),
        ...(until === undefined ? [] : [sql<SqlBool>`at < ${until.getTime()}`]),
        ...(after === undefined ? [] : [sql<SqlBool>`sequence > ${after}`]),
        ...(upTo === undefined ? [] : [sql<SqlBool>`sequence <= ${upTo}`]),
        ...(before === undefined ? [] : [sql<SqlBool>`sequence < ${before}`]),
      ]),
    )
    .orderBy('sequence', 'desc')
    .limit(limit);
}

/** What an entry adds to the sums of its month. */
function monthOfEntry({ accountId, kind, amountMinor, at }: NewLedgerEntry): AccountMonth {
  return {
    accountId,
    month: monthOf(at),
    chargedMinor: kind === 'charge' ? -amountMinor : 0,
    refundedMinor: kind === 'refund' ? amountMinor : 0,
    creditedMinor: kind === 'credit' ? amountMinor : 0,
  };
}
