/** Webhook deliveries: waiting, delivered, failed. */

import { type SqlBool, sql } from 'kysely';
import { mostTries } from '../../domain/delivery.ts';
import type { DeliveryId } from '../../domain/ids.ts';
import type { DeliveryQuery, DeliveryStore } from '../../domain/ports/stores/deliveries.ts';
import { keptTextForm, unindexed } from '../fields.ts';
import { asId } from '../forms.ts';
import { insertStatement } from '../numbered.ts';
import { type Builder, statement } from '../prepared.ts';
import { deliveries } from '../rows/outbound.ts';
import type { Session } from '../session.ts';
import { countedLimit, totalOfList } from './counted-lists.ts';

export const deliveryStatements = {
  insert: insertStatement(deliveries),
  get: statement((db, p: { id: DeliveryId }) => db.selectFrom('deliveries').selectAll().where('id', '=', p.id)),
  remove: statement((db, p: { id: DeliveryId }) => db.deleteFrom('deliveries').where('id', '=', p.id)),
  putMessage: statement((db, p: { id: DeliveryId; contentType: string; sealedBody: Uint8Array }) =>
    db
      .updateTable('deliveries')
      .set({ content_type: p.contentType, sealed_body: p.sealedBody })
      .where('id', '=', p.id)
      .where('sealed_body', 'is', null),
  ),
  recordTry: statement((db, p: { id: DeliveryId; answer: string; tries: string }) =>
    db
      .updateTable('deliveries')
      .set((row) => ({ attempts: row('attempts', '+', 1), last_answer: p.answer, tries_json: p.tries }))
      .where('id', '=', p.id),
  ),
  markReplayed: statement((db, p: { id: DeliveryId; as: DeliveryId }) =>
    db.updateTable('deliveries').set({ replayed_as: p.as }).where('id', '=', p.id),
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
      session.write(q.insert, deliveries.toRow(delivery));
    },
    async get(id) {
      const row = await session.first(q.get, { id });
      return row && deliveries.fromRow(row);
    },
    async list(query) {
      return (await session.select((db) => listQuery(db, query))).map(deliveries.fromRow);
    },
    count: (query) =>
      totalOfList(session, (db) => listQuery(db, { ...query, limit: countedLimit }).clearOrderBy(), true),
    async remove(id) {
      session.write(q.remove, { id });
    },
    async putMessage(id, message) {
      session.write(q.putMessage, { id, ...message });
    },
    async recordTry(id, made) {
      const row = await session.first(q.get, { id });
      if (row === undefined) return;
      const delivery = deliveries.fromRow(row);
      const tries = [...delivery.tries, made].slice(-mostTries);
      const { tries_json: stored } = deliveries.toRow({ ...delivery, tries });
      session.write(q.recordTry, { id, answer: keptTextForm.write(made.answer), tries: stored });
    },
    async markReplayed(id, as) {
      session.write(q.markReplayed, { id, as });
    },
    async end(id, state, at) {
      return (await session.run(q.end, { id, state, at: at.getTime() })) === 1;
    },
  };
}

/** Written out, `state != 'delivered'` names the index of the few that are not. */
export function listQuery(db: Builder, query: DeliveryQuery) {
  const { accountId, limit, before, dialect, state, webhookId, event, from, isReplayed } = query;
  const isOfFew = state !== undefined && state !== 'delivered';
  return (
    db
      .selectFrom('deliveries')
      .selectAll()
      .$if(accountId !== null && webhookId === undefined, (some) => some.where('account_id', '=', accountId))
      // A webhook is of one account: the index of that would be looked through for it.
      .$if(accountId !== null && webhookId !== undefined, (some) =>
        some.where(unindexed('account_id'), '=', asId('account', accountId)),
      )
      .$if(webhookId !== undefined, (some) => some.where(sql<SqlBool>`webhook_id = ${asId('webhook', webhookId)}`))
      .$if(event !== undefined, (some) => some.where('event', '=', event ?? 'orderRejected'))
      .$if(isOfFew, (query) => query.where('state', '!=', sql.lit('delivered')))
      .$if(state !== undefined, (query) => query.where('state', '=', state ?? 'waiting'))
      .$if(dialect !== undefined, (query) => query.where('dialect', '=', dialect ?? ''))
      .$if(isReplayed !== undefined, (some) => some.where('replayed_as', isReplayed ? 'is not' : 'is', null))
      .$if(from !== undefined, (query) => query.where('created_at', '>=', from?.getTime() ?? 0))
      .$if(before !== undefined, (query) => query.where('id', '<', before ?? ('' as DeliveryId)))
      .orderBy('id', 'desc')
      .limit(limit)
  );
}
