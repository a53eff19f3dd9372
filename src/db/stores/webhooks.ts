/** Webhooks of accounts. */

import { type SqlBool, sql } from 'kysely';
import type { AccountId, WebhookId } from '../../domain/ids.ts';
import type { PageQuery } from '../../domain/page.ts';
import type { StoredWebhookFilter, WebhookStore } from '../../domain/ports/stores/webhooks.ts';
import { asId } from '../forms.ts';
import { insertStatement, numberedStore, updateNoun, updatesOf } from '../numbered.ts';
import { type Builder, statement } from '../prepared.ts';
import { webhooks } from '../rows/outbound.ts';
import type { Session } from '../session.ts';
import { escaped, hasText } from './conditions.ts';
import { countedLimit, totalOfList } from './counted-lists.ts';

export const webhookStatements = {
  insert: insertStatement(webhooks),
  get: statement((db, p: { id: WebhookId }) =>
    db.selectFrom('webhooks').selectAll().where('id', '=', p.id).where('removed_at', 'is', null),
  ),
  getByNumber: statement((db, p: { number: number }) =>
    db.selectFrom('webhooks').selectAll().where('number', '=', p.number).where('removed_at', 'is', null),
  ),
  listActive: statement((db, p: { accountId: AccountId }) =>
    db
      .selectFrom('webhooks')
      .selectAll()
      .where('account_id', '=', p.accountId)
      .where('removed_at', 'is', null)
      .where('state', '=', sql.lit('active'))
      .orderBy('number', 'desc'),
  ),
  count: statement((db, p: { accountId: AccountId }) =>
    db
      .selectFrom('webhooks')
      .select((row) => row.fn.countAll<number>().as('n'))
      .where('account_id', '=', p.accountId)
      .where('removed_at', 'is', null),
  ),
  // One row whatever there is, so that "none" is kept as well: that is the answer for nearly every order.
  countActive: statement((db, p: { accountId: AccountId }) =>
    db
      .selectFrom('webhooks')
      .select((row) => row.fn.countAll<number>().as('n'))
      .where('account_id', '=', p.accountId)
      .where('removed_at', 'is', null)
      .where('state', '=', sql.lit('active')),
  ),
  remove: statement((db, p: { id: WebhookId; at: number }) =>
    db
      .updateTable('webhooks')
      .set({ removed_at: p.at, state: 'inactive', sealed_secret: null })
      .where('id', '=', p.id)
      .where('removed_at', 'is', null),
  ),
};

const updates = updatesOf(webhooks, ['url', 'events_json', 'sealed_secret', 'state', 'settings_json']);

export function createWebhookStore(session: Session): WebhookStore {
  const q = webhookStatements;
  const numbered = numberedStore(session, webhooks, q);
  return {
    ...numbered,
    async list(query) {
      return (await session.select((db) => listQuery(db, query))).map(webhooks.fromRow);
    },
    total: (filter) => totalOfList(session, (db) => listQuery(db, { ...filter, limit: countedLimit }).clearOrderBy()),
    async count(accountId) {
      return Number((await session.first(q.count, { accountId }))?.n ?? 0);
    },
    async listActive(accountId) {
      if ((await session.kept(q.countActive, { accountId }, ({ n }) => Number(n))) === 0) return [];
      return (await session.all(q.listActive, { accountId })).map(webhooks.fromRow);
    },
    async remove(id, at) {
      return (await session.run(q.remove, { id, at: at.getTime() })) === 1;
    },
    async update(id, change) {
      const now = await numbered.get(id);
      await updateNoun(session, webhooks, updates, { now, change });
    },
  };
}

/** One that is removed keeps its row. */
function listQuery(db: Builder, query: StoredWebhookFilter & PageQuery) {
  const { accountId, dialect, state, event, text, before, limit } = query;
  return db
    .selectFrom('webhooks')
    .selectAll()
    .where('removed_at', 'is', null)
    .where((row) =>
      row.and([
        ...(accountId === null ? [] : [sql<SqlBool>`account_id = ${asId('account', accountId)}`]),
        ...(dialect === undefined ? [] : [sql<SqlBool>`dialect = ${dialect}`]),
        ...(state === undefined ? [] : [sql<SqlBool>`state = ${state}`]),
        ...(event === undefined ? [] : [sql<SqlBool>`events_json like ${`%"${escaped(event)}"%`} escape '\\'`]),
        ...(text === undefined ? [] : [hasText(text, ['url'], 'number')]),
        ...(before === undefined ? [] : [sql<SqlBool>`number < ${before}`]),
      ]),
    )
    .orderBy('number', 'desc')
    .limit(limit);
}
