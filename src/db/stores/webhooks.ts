/** Webhooks of accounts. */

import { sql } from 'kysely';
import type { AccountId, WebhookId } from '../../domain/ids.ts';
import type { WebhookStore } from '../../domain/ports/stores/webhooks.ts';
import { insertStatement, numberedStore, updateNoun, updatesOf } from '../numbered.ts';
import { statement } from '../prepared.ts';
import { webhooks } from '../rows/outbound.ts';
import type { Session } from '../session.ts';

export const webhookStatements = {
  insert: insertStatement(webhooks),
  get: statement((db, p: { id: WebhookId }) =>
    db.selectFrom('webhooks').selectAll().where('id', '=', p.id).where('removed_at', 'is', null),
  ),
  getByNumber: statement((db, p: { number: number }) =>
    db.selectFrom('webhooks').selectAll().where('number', '=', p.number).where('removed_at', 'is', null),
  ),
  listOfAccount: statement((db, p: { accountId: AccountId }) =>
    db
      .selectFrom('webhooks')
      .selectAll()
      .where('account_id', '=', p.accountId)
      .where('removed_at', 'is', null)
      .orderBy('number', 'desc'),
  ),
  list: statement((db, p: { limit: number }) =>
    db.selectFrom('webhooks').selectAll().where('removed_at', 'is', null).orderBy('number', 'desc').limit(p.limit),
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
    async list(accountId) {
      const rows =
        accountId === null ? session.all(q.list, { limit: 10_000 }) : session.all(q.listOfAccount, { accountId });
      return (await rows).map(webhooks.fromRow);
    },
    async listActive(accountId) {
      if ((await session.kept(q.countActive, { accountId }, ({ n }) => Number(n))) === 0) return [];
      const rows = await session.all(q.listOfAccount, { accountId });
      return rows.map(webhooks.fromRow).filter(({ state }) => state === 'active');
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
