/** Webhooks of accounts. */

import { sql } from 'kysely';
import type { AccountId, WebhookId } from '../../domain/ids.ts';
import type { WebhookStore } from '../../domain/ports/stores/webhooks.ts';
import type { Webhook } from '../../domain/webhook.ts';
import { fromJson, fromMs, toJson } from '../columns.ts';
import { pick, settingOf, statement } from '../prepared.ts';
import { type Session, update } from '../session.ts';
import type { WebhookRow } from '../tables.ts';

const columns = [
  'number',
  'id',
  'account_id',
  'dialect',
  'url',
  'events_json',
  'sealed_secret',
  'state',
  'settings_json',
  'created_at',
  'removed_at',
] as const satisfies readonly (keyof WebhookRow)[];

export const webhookStatements = {
  insert: statement((db, p: WebhookRow) => db.insertInto('webhooks').values(pick(p, columns))),
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

const updateOf = settingOf<Omit<WebhookRow, 'removed_at'>>()(
  ['url', 'events_json', 'sealed_secret', 'state', 'settings_json'],
  (changed) =>
    statement((db, p: Omit<WebhookRow, 'removed_at'>) =>
      db.updateTable('webhooks').set(pick(p, changed)).where('id', '=', p.id),
    ),
);

export function createWebhookStore(session: Session): WebhookStore {
  const q = webhookStatements;
  return {
    async insert(webhook) {
      const numbered = { ...webhook, number: await session.nextNumber('webhooks') };
      await session.run(q.insert, { ...toRow(numbered), removed_at: null });
      return numbered;
    },
    async get(id) {
      const row = await session.first(q.get, { id });
      return row && fromRow(row);
    },
    async getByNumber(number) {
      const row = await session.first(q.getByNumber, { number });
      return row && fromRow(row);
    },
    async list(accountId) {
      const rows =
        accountId === null ? session.all(q.list, { limit: 10_000 }) : session.all(q.listOfAccount, { accountId });
      return (await rows).map(fromRow);
    },
    async listActive(accountId) {
      if ((await session.kept(q.countActive, { accountId }, ({ n }) => Number(n))) === 0) return [];
      const rows = await session.all(q.listOfAccount, { accountId });
      return rows.map(fromRow).filter(({ state }) => state === 'active');
    },
    async update(id, change) {
      const row = await session.first(q.get, { id });
      if (row === undefined) return;
      const now = fromRow(row);
      await update(session, updateOf, { before: toRow(now), after: toRow({ ...now, ...change }) });
    },
    async remove(id, at) {
      return (await session.run(q.remove, { id, at: at.getTime() })) === 1;
    },
  };
}

function toRow(webhook: Webhook): Omit<WebhookRow, 'removed_at'> {
  return {
    number: webhook.number,
    id: webhook.id,
    account_id: webhook.accountId,
    dialect: webhook.dialect,
    url: webhook.url,
    events_json: toJson(webhook.events),
    sealed_secret: webhook.sealedSecret,
    state: webhook.state,
    settings_json: toJson(webhook.settings),
    created_at: webhook.createdAt.getTime(),
  };
}

function fromRow(row: WebhookRow): Webhook {
  return {
    id: row.id,
    number: row.number,
    accountId: row.account_id,
    dialect: row.dialect,
    url: row.url,
    events: fromJson(row.events_json),
    sealedSecret: row.sealed_secret,
    state: row.state,
    settings: fromJson(row.settings_json),
    createdAt: fromMs(row.created_at),
  };
}
