/** Webhooks of accounts. */

import { sql } from 'kysely';
import type { AccountId, WebhookId } from '../../domain/ids.ts';
import type { WebhookStore } from '../../domain/ports/stores/webhooks.ts';
import { insertStatement, numberedStore, updateNoun, updatesOf } from '../numbered.ts';
import { type Builder, statement } from '../prepared.ts';
import { webhooks } from '../rows/outbound.ts';
import type { Session } from '../session.ts';

interface Page {
  readonly before: number;
  readonly limit: number;
}

/** One that is removed keeps its row. */
function page(db: Builder, { before, limit }: Page) {
  return db
    .selectFrom('webhooks')
    .selectAll()
    .where('removed_at', 'is', null)
    .where('number', '<', before)
    .orderBy('number', 'desc')
    .limit(limit);
}

export const webhookStatements = {
  insert: insertStatement(webhooks),
  get: statement((db, p: { id: WebhookId }) =>
    db.selectFrom('webhooks').selectAll().where('id', '=', p.id).where('removed_at', 'is', null),
  ),
  getByNumber: statement((db, p: { number: number }) =>
    db.selectFrom('webhooks').selectAll().where('number', '=', p.number).where('removed_at', 'is', null),
  ),
  list: statement((db, p: Page) => page(db, p)),
  listOfAccount: statement((db, p: Page & { accountId: AccountId }) =>
    page(db, p).where('account_id', '=', p.accountId),
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
    async list(accountId, { limit, before = Number.MAX_SAFE_INTEGER }) {
      const page = { limit, before };
      const rows =
        accountId === null ? session.all(q.list, page) : session.all(q.listOfAccount, { accountId, ...page });
      return (await rows).map(webhooks.fromRow);
    },
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
