/** Webhooks: waiting, delivered, given up. */

import { sql } from 'kysely';
import type { Delivery } from '../../domain/delivery.ts';
import type { DeliveryId } from '../../domain/ids.ts';
import type { DeliveryQuery, DeliveryStore } from '../../domain/ports/stores/deliveries.ts';
import { fromMs, fromMsOrNull, toMsOrNull } from '../columns.ts';
import { type Builder, pick, statement } from '../prepared.ts';
import type { Session } from '../session.ts';
import type { DeliveryRow } from '../tables.ts';

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
] as const satisfies readonly (keyof DeliveryRow)[];

export const deliveryStatements = {
  insert: statement((db, p: DeliveryRow) => db.insertInto('deliveries').values(pick(p, columns))),
  get: statement((db, p: { id: DeliveryId }) => db.selectFrom('deliveries').selectAll().where('id', '=', p.id)),
  remove: statement((db, p: { id: DeliveryId }) => db.deleteFrom('deliveries').where('id', '=', p.id)),
  putMessage: statement((db, p: { id: DeliveryId; contentType: string; sealedBody: Uint8Array }) =>
    db
      .updateTable('deliveries')
      .set({ content_type: p.contentType, sealed_body: p.sealedBody })
      .where('id', '=', p.id)
      .where('sealed_body', 'is', null),
  ),
  recordTry: statement((db, p: { id: DeliveryId; answer: string }) =>
    db
      .updateTable('deliveries')
      .set((row) => ({ attempts: row('attempts', '+', 1), last_answer: p.answer }))
      .where('id', '=', p.id),
  ),
  end: statement((db, p: { id: DeliveryId; state: 'delivered' | 'failed'; at: number }) =>
    db
      .updateTable('deliveries')
      .set({ state: p.state, ended_at: p.at, sealed_body: null })
      .where('id', '=', p.id)
      .where('state', '=', 'waiting'),
  ),
};

export function createDeliveryStore(session: Session): DeliveryStore {
  const q = deliveryStatements;
  return {
    async insert(delivery) {
      await session.run(q.insert, toRow(delivery));
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
export function listQuery(db: Builder, { accountId, limit, dialect, state }: DeliveryQuery) {
  const isOfFew = state !== undefined && state !== 'delivered';
  return db
    .selectFrom('deliveries')
    .selectAll()
    .$if(accountId !== null, (query) => query.where('account_id', '=', accountId))
    .$if(isOfFew, (query) => query.where('state', '!=', sql.lit('delivered')))
    .$if(state !== undefined, (query) => query.where('state', '=', state ?? 'waiting'))
    .$if(dialect !== undefined, (query) => query.where('dialect', '=', dialect ?? ''))
    .orderBy('id', 'desc')
    .limit(limit);
}

function toRow(delivery: Delivery): DeliveryRow {
  return {
    id: delivery.id,
    account_id: delivery.accountId,
    event: delivery.event,
    order_id: delivery.orderId,
    issuance_id: delivery.issuanceId,
    domain_id: delivery.domainId,
    organization_id: delivery.organizationId,
    webhook_id: delivery.webhookId,
    dialect: delivery.dialect,
    url: delivery.url,
    state: delivery.state,
    content_type: delivery.message?.contentType ?? null,
    sealed_body: delivery.message?.sealedBody ?? null,
    attempts: delivery.attempts,
    last_answer: delivery.lastAnswer,
    created_at: delivery.createdAt.getTime(),
    ended_at: toMsOrNull(delivery.endedAt),
  };
}

function fromRow(row: DeliveryRow): Delivery {
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
