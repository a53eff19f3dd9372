/** Requests with an idempotency key, and what they were answered. */
import type { AnsweredRequestStore } from '../../domain/ports/stores/answered-requests.ts';
import type { RowOf } from '../codec.ts';
import { pick, statement } from '../prepared.ts';
import { answeredRequests } from '../rows/answered-requests.ts';
import type { Session } from '../session.ts';

interface Held {
  readonly id: string;
  readonly requestId: string;
}

export const answeredRequestStatements = {
  get: statement((db, p: { id: string }) => db.selectFrom('answered_requests').selectAll().where('id', '=', p.id)),
  put: statement((db, p: RowOf<typeof answeredRequests>) =>
    db
      .insertInto('answered_requests')
      .values(pick(p, answeredRequests.columns))
      .onConflict((conflict) => conflict.column('id').doUpdateSet(pick(p, answeredRequests.columns))),
  ),
  moveToAnswered: statement((db, p: Held & { sealedAnswer: Uint8Array; expiresAt: number }) =>
    db
      .updateTable('answered_requests')
      .set({ sealed_answer: p.sealedAnswer, expires_at: p.expiresAt })
      .where('id', '=', p.id)
      .where('request_id', '=', p.requestId)
      .where('sealed_answer', 'is', null),
  ),
  moveHold: statement((db, p: Held & { heldUntil: number }) =>
    db
      .updateTable('answered_requests')
      .set({ held_until: p.heldUntil })
      .where('id', '=', p.id)
      .where('request_id', '=', p.requestId)
      .where('sealed_answer', 'is', null),
  ),
  remove: statement((db, p: Held) =>
    db
      .deleteFrom('answered_requests')
      .where('id', '=', p.id)
      .where('request_id', '=', p.requestId)
      .where('sealed_answer', 'is', null),
  ),
  purge: statement((db, p: { now: number; limit: number }) =>
    db
      .deleteFrom('answered_requests')
      .where('id', 'in', (row) =>
        row
          .selectFrom('answered_requests as over')
          .select('over.id')
          .where('over.expires_at', '<=', p.now)
          .orderBy('over.expires_at')
          .limit(p.limit),
      ),
  ),
};

export function createAnsweredRequestStore(session: Session): AnsweredRequestStore {
  const q = answeredRequestStatements;
  return {
    async get(id) {
      const row = await session.first(q.get, { id });
      return row && answeredRequests.fromRow(row);
    },
    async put(request) {
      session.write(q.put, answeredRequests.toRow(request));
    },
    async moveToAnswered({ id, requestId }, { sealedAnswer, expiresAt }) {
      const change = { sealedAnswer, expiresAt: expiresAt.getTime() };
      return (await session.run(q.moveToAnswered, { id, requestId, ...change })) === 1;
    },
    async moveHold({ id, requestId }, heldUntil) {
      return (await session.run(q.moveHold, { id, requestId, heldUntil: heldUntil.getTime() })) === 1;
    },
    async remove({ id, requestId }) {
      return (await session.run(q.remove, { id, requestId })) === 1;
    },
    async purge(now, limit) {
      return session.run(q.purge, { now: now.getTime(), limit });
    },
  };
}
