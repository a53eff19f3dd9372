/** Webhooks: waiting, delivered, given up. */
import { sql } from 'kysely';
import type { NotificationId } from '../domain/ids.ts';
import type { Notification } from '../domain/notification.ts';
import type { NotificationQuery, NotificationStore } from '../domain/stores.ts';
import { fromMs, fromMsOrNull, toMsOrNull } from './columns.ts';
import { type Builder, pick, statement } from './prepared.ts';
import type { Session } from './session.ts';
import type { NotificationRow } from './tables.ts';

const columns = [
  'id',
  'account_id',
  'event',
  'order_id',
  'issuance_id',
  'domain_id',
  'organization_id',
  'webhook_id',
  'dialect',
  'url',
  'state',
  'content_type',
  'sealed_body',
  'attempts',
  'last_answer',
  'created_at',
  'ended_at',
] as const satisfies readonly (keyof NotificationRow)[];

export const notificationStatements = {
  insert: statement((db, p: NotificationRow) => db.insertInto('notifications').values(pick(p, columns))),
  get: statement((db, p: { id: NotificationId }) => db.selectFrom('notifications').selectAll().where('id', '=', p.id)),
  remove: statement((db, p: { id: NotificationId }) => db.deleteFrom('notifications').where('id', '=', p.id)),
  putMessage: statement((db, p: { id: NotificationId; contentType: string; sealedBody: Uint8Array }) =>
    db
      .updateTable('notifications')
      .set({ content_type: p.contentType, sealed_body: p.sealedBody })
      .where('id', '=', p.id)
      .where('sealed_body', 'is', null),
  ),
  recordTry: statement((db, p: { id: NotificationId; answer: string }) =>
    db
      .updateTable('notifications')
      .set((row) => ({ attempts: row('attempts', '+', 1), last_answer: p.answer }))
      .where('id', '=', p.id),
  ),
  end: statement((db, p: { id: NotificationId; state: 'delivered' | 'failed'; at: number }) =>
    db
      .updateTable('notifications')
      .set({ state: p.state, ended_at: p.at, sealed_body: null })
      .where('id', '=', p.id)
      .where('state', '=', 'waiting'),
  ),
};

export function createNotificationStore(session: Session): NotificationStore {
  const q = notificationStatements;
  return {
    async insert(notification) {
      await session.run(q.insert, toRow(notification));
    },
    async get(id) {
      const row = await session.first(q.get, { id });
      return row && fromRow(row);
    },
    async list(query) {
      return (await session.select((db) => listQuery(db, query))).map(fromRow);
    },
    async remove(id) {
      await session.run(q.remove, { id });
    },
    async putMessage(id, message) {
      await session.run(q.putMessage, { id, ...message });
    },
    async recordTry(id, answer) {
      await session.run(q.recordTry, { id, answer });
    },
    async end(id, state, at) {
      return (await session.run(q.end, { id, state, at: at.getTime() })) === 1;
    },
  };
}

/** Written out, `state != 'delivered'` names the index of the few that are not. */
export function listQuery(db: Builder, { accountId, limit, dialect, state }: NotificationQuery) {
  const isOfFew = state !== undefined && state !== 'delivered';
  return db
    .selectFrom('notifications')
    .selectAll()
    .$if(accountId !== null, (query) => query.where('account_id', '=', accountId))
    .$if(isOfFew, (query) => query.where('state', '!=', sql.lit('delivered')))
    .$if(state !== undefined, (query) => query.where('state', '=', state ?? 'waiting'))
    .$if(dialect !== undefined, (query) => query.where('dialect', '=', dialect ?? ''))
    .orderBy('id', 'desc')
    .limit(limit);
}

function toRow(notification: Notification): NotificationRow {
  return {
    id: notification.id,
    account_id: notification.accountId,
    event: notification.event,
    order_id: notification.orderId,
    issuance_id: notification.issuanceId,
    domain_id: notification.domainId,
    organization_id: notification.organizationId,
    webhook_id: notification.webhookId,
    dialect: notification.dialect,
    url: notification.url,
    state: notification.state,
    content_type: notification.message?.contentType ?? null,
    sealed_body: notification.message?.sealedBody ?? null,
    attempts: notification.attempts,
    last_answer: notification.lastAnswer,
    created_at: notification.createdAt.getTime(),
    ended_at: toMsOrNull(notification.endedAt),
  };
}

function fromRow(row: NotificationRow): Notification {
  const { content_type: contentType, sealed_body: sealedBody } = row;
  return {
    id: row.id,
    accountId: row.account_id,
    event: row.event,
    orderId: row.order_id,
    issuanceId: row.issuance_id,
    domainId: row.domain_id,
    organizationId: row.organization_id,
    webhookId: row.webhook_id,
    dialect: row.dialect,
    url: row.url,
    state: row.state,
    message: contentType === null || sealedBody === null ? null : { contentType, sealedBody },
    attempts: row.attempts,
    lastAnswer: row.last_answer,
    createdAt: fromMs(row.created_at),
    endedAt: fromMsOrNull(row.ended_at),
  };
}
