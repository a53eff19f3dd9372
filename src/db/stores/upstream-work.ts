/** What goes with orders at upstreams: budgets, exchanges, accounts and steps at ACME CAs, and what we publish for them to find. */
import { acmeUpstreamAccountId } from '../../domain/acme-upstream-account.ts';
import type { IssuanceId } from '../../domain/ids.ts';
import type { AcmeUpstreamAccountStore } from '../../domain/ports/stores/acme-upstream-accounts.ts';
import type {
  AcmeUpstreamOrderStore,
  PublishedProofStore,
  UpstreamExchangeStore,
  UpstreamSpendingStore,
} from '../../domain/ports/stores/upstream-work.ts';
import type { PublishedProof } from '../../domain/published-proof.ts';
import { keptExchanges } from '../../domain/upstream-exchange.ts';
import { fromMs } from '../fields.ts';
import { insertStatement } from '../numbered.ts';
import { each, pick, sized, statement } from '../prepared.ts';
import {
  type AcmeUpstreamAccountRow,
  type AcmeUpstreamOrderRow,
  acmeUpstreamAccounts,
  acmeUpstreamOrders,
  type PublishedProofRow,
  publishedProofs,
  reversedPlace,
  upstreamExchanges,
  upstreamSpendings,
} from '../rows/upstream-work.ts';
import type { Session } from '../session.ts';

interface Spent {
  account: string;
  budget: string;
  subject: string;
  since: number;
  limit: number;
}

interface Place {
  kind: PublishedProof['kind'];
  place: string;
  now: number;
  limit: number;
}

export const upstreamWorkStatements = {
  insertSpending: insertStatement(upstreamSpendings),
  /** The newest of them, as many as matter; the last is the first to leave the window. */
  listSpent: statement((db, p: Spent) =>
    db
      .selectFrom('upstream_spendings')
      .select('spent_at')
      .where('account', '=', p.account)
      .where('budget', '=', p.budget)
      .where('subject', '=', p.subject)
      .where('spent_at', '>', p.since)
      .orderBy('spent_at', 'desc')
      .limit(p.limit),
  ),
  largestSpent: statement((db, p: Omit<Spent, 'subject'>) =>
    db
      .selectFrom('upstream_spendings')
      .select((row) => ['subject', row.fn.countAll<number>().as('spent'), row.fn.min('spent_at').as('oldest')])
      .where('account', '=', p.account)
      .where('budget', '=', p.budget)
      .where('spent_at', '>', p.since)
      .groupBy('subject')
      .orderBy('spent', 'desc')
      .orderBy('subject')
      .limit(p.limit),
  ),
  giveBack: sized((size) =>
    statement((db, p: { account: string; issuanceId: IssuanceId; budgets: readonly string[] }) =>
      db
        .deleteFrom('upstream_spendings')
        .where('issuance_id', '=', p.issuanceId)
        .where('account', '=', p.account)
        .where('budget', 'in', each(p.budgets, size)),
    ),
  ),
  purgeSpendings: statement((db, p: { before: number; limit: number }) =>
    db
      .deleteFrom('upstream_spendings')
      .where((row) =>
        row(
          row.refTuple('account', 'budget', 'subject', 'spent_at', 'issuance_id'),
          'in',
          row
            .selectFrom('upstream_spendings as over')
            .select(['over.account', 'over.budget', 'over.subject', 'over.spent_at', 'over.issuance_id'])
            .where('over.spent_at', '<', p.before)
            .orderBy('over.spent_at')
            .limit(p.limit)
            .$asTuple('account', 'budget', 'subject', 'spent_at', 'issuance_id'),
        ),
      ),
  ),

  insertExchange: insertStatement(upstreamExchanges),
  trimExchanges: statement((db, p: { account: string }) =>
    db
      .deleteFrom('upstream_exchanges')
      .where('account', '=', p.account)
      .where('acting_at', 'is', null)
      .where((row) =>
        row(
          'id',
          'in',
          row
            .selectFrom('upstream_exchanges as older')
            .select('older.id')
            .where('older.account', '=', p.account)
            .where('older.acting_at', 'is', null)
            .orderBy('older.id', 'desc')
            .limit(keptExchanges)
            .offset(keptExchanges),
        ),
      ),
  ),
  purgeExchanges: statement((db, p: { before: number; limit: number }) =>
    db
      .deleteFrom('upstream_exchanges')
      .where((row) =>
        row(
          row.refTuple('account', 'id'),
          'in',
          row
            .selectFrom('upstream_exchanges as over')
            .select(['over.account', 'over.id'])
            .where('over.acting_at', 'is not', null)
            .where('over.acting_at', '<', p.before)
            .orderBy('over.acting_at')
            .limit(p.limit)
            .$asTuple('account', 'id'),
        ),
      ),
  ),
  listExchanges: statement((db, p: { account: string; limit: number }) =>
    db
      .selectFrom('upstream_exchanges')
      .selectAll()
      .where('account', '=', p.account)
      .orderBy('id', 'desc')
      .limit(p.limit),
  ),
  listExchangesOf: statement((db, p: { issuanceId: IssuanceId; limit: number }) =>
    db
      .selectFrom('upstream_exchanges')
      .selectAll()
      .where('issuance_id', '=', p.issuanceId)
      .orderBy('id', 'desc')
      .limit(p.limit),
  ),

  getAccount: statement((db, p: { id: string }) =>
    db.selectFrom('acme_upstream_accounts').selectAll().where('id', '=', p.id),
  ),
  insertAccount: insertStatement(acmeUpstreamAccounts),
  updateAccount: statement((db, p: AcmeUpstreamAccountRow) =>
    db.updateTable('acme_upstream_accounts').set(pick(p, acmeUpstreamAccounts.columns)).where('id', '=', p.id),
  ),
  listAccounts: statement((db, p: { limit: number }) =>
    db.selectFrom('acme_upstream_accounts').selectAll().orderBy('id').limit(p.limit),
  ),

  getOrder: statement((db, p: { id: IssuanceId }) =>
    db.selectFrom('acme_upstream_orders').selectAll().where('issuance_id', '=', p.id),
  ),
  listOrders: statement((db, p: { orderUrl: string; limit: number }) =>
    db
      .selectFrom('acme_upstream_orders')
      .selectAll()
      .where('order_url', '=', p.orderUrl)
      .orderBy('issuance_id', 'desc')
      .limit(p.limit),
  ),
  putOrder: statement((db, p: AcmeUpstreamOrderRow) =>
    db
      .insertInto('acme_upstream_orders')
      .values(pick(p, acmeUpstreamOrders.columns))
      .onConflict((conflict) => conflict.column('issuance_id').doUpdateSet(pick(p, acmeUpstreamOrders.columns))),
  ),

  putProof: statement((db, p: PublishedProofRow) =>
    db
      .insertInto('published_proofs')
      .values(pick(p, publishedProofs.columns))
      .onConflict((conflict) =>
        conflict.columns(['kind', 'reversed_place', 'value', 'issuance_id']).doUpdateSet((row) => ({
          until: row
            .case()
            .when('published_proofs.until', '>', row.ref('excluded.until'))
            .then(row.ref('published_proofs.until'))
            .else(row.ref('excluded.until'))
            .end(),
        })),
      ),
  ),
  proofsAt: statement((db, p: Place) =>
    db
      .selectFrom('published_proofs')
      .select('value')
      .where('kind', '=', p.kind)
      .where('reversed_place', '=', p.place)
      .where('until', '>', p.now)
      .groupBy('value')
      .orderBy((row) => row.fn.max('until'), 'desc')
      .limit(p.limit),
  ),
  proofBelow: statement((db, p: { first: string; beyond: string; now: number }) =>
    db
      .selectFrom('published_proofs')
      .select('reversed_place')
      .where('kind', '=', 'dns')
      .where('reversed_place', '>=', p.first)
      .where('reversed_place', '<', p.beyond)
      .where('until', '>', p.now)
      .limit(1),
  ),
  removeProofs: statement((db, p: { issuanceId: IssuanceId }) =>
    db.deleteFrom('published_proofs').where('issuance_id', '=', p.issuanceId),
  ),
  purgeProofs: statement((db, p: { before: number; limit: number }) =>
    db
      .deleteFrom('published_proofs')
      .where((row) =>
        row(
          row.refTuple('kind', 'reversed_place', 'value', 'issuance_id'),
          'in',
          row
            .selectFrom('published_proofs as over')
            .select(['over.kind', 'over.reversed_place', 'over.value', 'over.issuance_id'])
            .where('over.until', '<', p.before)
            .orderBy('over.until')
            .limit(p.limit)
            .$asTuple('kind', 'reversed_place', 'value', 'issuance_id'),
        ),
      ),
  ),
};

const q = upstreamWorkStatements;

export function createUpstreamSpendingStore(session: Session): UpstreamSpendingStore {
  return {
    async insert(spending) {
      session.write(q.insertSpending, upstreamSpendings.toRow(spending));
    },
    async count(of, since, atMost) {
      const rows = await session.all(q.listSpent, { ...of, since: since.getTime(), limit: atMost });
      const oldest = rows.at(-1)?.spent_at;
      return { spent: rows.length, oldest: oldest === undefined ? undefined : fromMs(oldest) };
    },
    async largest(of, since, limit) {
      const rows = await session.all(q.largestSpent, { ...of, since: since.getTime(), limit });
      return rows.map(({ subject, spent, oldest }) => ({ subject, spent: Number(spent), oldest: fromMs(oldest) }));
    },
    async giveBack(of, budgets) {
      if (budgets.length > 0) session.write(q.giveBack(budgets.length), { ...of, budgets });
    },
    async purge(before, limit) {
      return session.run(q.purgeSpendings, { before: before.getTime(), limit });
    },
  };
}

export function createUpstreamExchangeStore(session: Session): UpstreamExchangeStore {
  return {
    async insert(exchange) {
      session.write(q.insertExchange, upstreamExchanges.toRow(exchange));
      session.write(q.trimExchanges, { account: exchange.account });
    },
    async purge(before, limit) {
      return session.run(q.purgeExchanges, { before: before.getTime(), limit });
    },
    async list(account, limit) {
      return (await session.all(q.listExchanges, { account, limit })).map(upstreamExchanges.fromRow);
    },
    async listOfIssuance(issuanceId, limit) {
      return (await session.all(q.listExchangesOf, { issuanceId, limit })).map(upstreamExchanges.fromRow);
    },
  };
}

export function createAcmeUpstreamAccountStore(session: Session): AcmeUpstreamAccountStore {
  return {
    async get(account, directory) {
      const row = await session.first(q.getAccount, { id: acmeUpstreamAccountId({ account, directory }) });
      return row && acmeUpstreamAccounts.fromRow(row);
    },
    async insert(account) {
      session.write(q.insertAccount, acmeUpstreamAccounts.toRow(account));
    },
    async update(account, directory, change) {
      const row = await session.first(q.getAccount, { id: acmeUpstreamAccountId({ account, directory }) });
      if (row === undefined) throw new Error(`there is no account ${account} at ${directory}`);
      session.write(q.updateAccount, acmeUpstreamAccounts.toRow({ ...acmeUpstreamAccounts.fromRow(row), ...change }));
    },
    async list(limit) {
      return (await session.all(q.listAccounts, { limit })).map(acmeUpstreamAccounts.fromRow);
    },
  };
}

export function createAcmeUpstreamOrderStore(session: Session): AcmeUpstreamOrderStore {
  return {
    async get(id) {
      const row = await session.first(q.getOrder, { id });
      return row && acmeUpstreamOrders.fromRow(row);
    },
    async listByUrl(orderUrl, limit) {
      return (await session.all(q.listOrders, { orderUrl, limit })).map(acmeUpstreamOrders.fromRow);
    },
    async put(order) {
      session.write(q.putOrder, acmeUpstreamOrders.toRow(order));
    },
  };
}

export function createPublishedProofStore(session: Session): PublishedProofStore {
  return {
    async put(proof) {
      session.write(q.putProof, publishedProofs.toRow(proof));
    },
    async values(kind, place, now, limit) {
      const at = { kind, place: reversedPlace(place), now: now.getTime(), limit };
      return (await session.all(q.proofsAt, at)).map(({ value }) => value);
    },
    async hasBelow(name, now) {
      const above = reversedPlace(name);
      // In the order of bytes the slash comes next after the dot.
      const below = { first: `${above}.`, beyond: `${above}/`, now: now.getTime() };
      return (await session.first(q.proofBelow, below)) !== undefined;
    },
    async removeOf(issuanceId) {
      session.write(q.removeProofs, { issuanceId });
    },
    async purge(before, limit) {
      return session.run(q.purgeProofs, { before: before.getTime(), limit });
    },
  };
}
