/** The history of checks. */
import type { CheckRecord } from '../../domain/check-record.ts';
import type { AuthorizationId } from '../../domain/ids.ts';
import type { CheckRecordStore } from '../../domain/ports/stores/check-records.ts';
import type { Inserted, TableOf } from '../codec.ts';
import { fromHex } from '../fields.ts';
import { type Builder, inPieces, pick, statement } from '../prepared.ts';
import { checkJson, checkRecords } from '../rows/check-records.ts';
import type { Session } from '../session.ts';

interface Key {
  readonly authorizationId: AuthorizationId;
  readonly challenge: number;
  readonly fingerprint: Uint8Array;
}

export const checkRecordStatements = {
  // A check that proves a name may have been met before it could count.
  put: statement((db, p: Inserted<TableOf<typeof checkRecords>>) =>
    db
      .insertInto('check_records')
      .values(pick(p, checkRecords.columns))
      .onConflict((conflict) =>
        conflict.columns(['authorization_id', 'challenge', 'fingerprint']).doUpdateSet((row) => ({
          count: row('check_records.count', '+', 1),
          check_json: row.ref('excluded.check_json'),
          node: row.ref('excluded.node'),
          last_at: row.ref('excluded.last_at'),
          usable_until: row.fn.coalesce('excluded.usable_until', 'check_records.usable_until'),
        })),
      ),
  ),
  updateCount: statement((db, p: Key & { check: string; node: string; at: number }) =>
    db
      .updateTable('check_records')
      .set((row) => ({ count: row('count', '+', 1), check_json: p.check, node: p.node, last_at: p.at }))
      .where('authorization_id', '=', p.authorizationId)
      .where('challenge', '=', p.challenge)
      .where('fingerprint', '=', p.fingerprint),
  ),
  countFindings: statement((db, p: Omit<Key, 'fingerprint'>) =>
    db
      .selectFrom('check_records')
      .select((row) => row.fn.countAll<number>().as('n'))
      .where('authorization_id', '=', p.authorizationId)
      .where('challenge', '=', p.challenge),
  ),
  listOfAuthorization: statement((db, p: { id: AuthorizationId }) =>
    db
      .selectFrom('check_records')
      .selectAll()
      .where('authorization_id', '=', p.id)
      .orderBy('challenge')
      .orderBy('fingerprint'),
  ),
  removeFailures: statement((db, p: { before: number; limit: number }) =>
    db
      .deleteFrom('check_records')
      .where((row) =>
        row(
          row.refTuple('authorization_id', 'challenge', 'fingerprint'),
          'in',
          row
            .selectFrom('check_records')
            .select(['authorization_id', 'challenge', 'fingerprint'])
            .where('usable_until', 'is', null)
            .where('last_at', '<', p.before)
            .orderBy('last_at')
            .limit(p.limit)
            .$asTuple('authorization_id', 'challenge', 'fingerprint'),
        ),
      ),
  ),
  removeProofs: statement((db, p: { usableBefore: number; lastBefore: number; limit: number }) =>
    db
      .deleteFrom('check_records')
      .where((row) =>
        row(
          row.refTuple('authorization_id', 'challenge', 'fingerprint'),
          'in',
          row
            .selectFrom('check_records')
            .select(['authorization_id', 'challenge', 'fingerprint'])
            .where('usable_until', 'is not', null)
            .where('usable_until', '<', p.usableBefore)
            .where('last_at', '<', p.lastBefore)
            .orderBy('usable_until')
            .limit(p.limit)
            .$asTuple('authorization_id', 'challenge', 'fingerprint'),
        ),
      ),
  ),
};

/** All of a few authorizations, of which each has few: no index by time is kept for them. */
export function newestChecksQuery(
  db: Builder,
  ids: readonly AuthorizationId[],
  { until, limit }: { readonly until: number; readonly limit: number },
) {
  return db
    .selectFrom('check_records')
    .selectAll()
    .where('authorization_id', 'in', ids)
    .where('last_at', '<=', until)
    .orderBy('last_at', 'desc')
    .orderBy('authorization_id')
    .orderBy('challenge')
    .orderBy('fingerprint')
    .limit(limit);
}

export function createCheckRecordStore(session: Session): CheckRecordStore {
  const q = checkRecordStatements;
  const { node } = session.tenancy;
  return {
    async put(record) {
      const made: CheckRecord = { ...record, node, count: 1, firstAt: record.check.checkedAt };
      session.write(q.put, checkRecords.toRow(made));
    },
    async updateCount({ authorizationId, challenge, fingerprint, check }) {
      const key = { authorizationId, challenge, fingerprint: fromHex(fingerprint) };
      const counted = { ...key, check: checkJson.write(check), node, at: check.checkedAt.getTime() };
      return (await session.run(q.updateCount, counted)) === 1;
    },
    async countFindings({ authorizationId, challenge }) {
      return Number((await session.first(q.countFindings, { authorizationId, challenge }))?.n ?? 0);
    },
    async listOfAuthorization(id) {
      return (await session.all(q.listOfAuthorization, { id })).map(checkRecords.fromRow);
    },
    async listNewest({ ids, from, limit }) {
      const found: CheckRecord[] = [];
      const { at, skip } = from;
      for (const piece of inPieces(ids.toSorted())) {
        const page = { until: at.getTime(), limit: limit + skip };
        found.push(...(await session.select((db) => newestChecksQuery(db, piece, page))).map(checkRecords.fromRow));
      }
      // The pieces are in the order of the ids, and so are those of one moment.
      return found
        .toSorted((a, b) => b.check.checkedAt.getTime() - a.check.checkedAt.getTime())
        .slice(skip, skip + limit);
    },
    async removeFailures(lastBefore, limit) {
      return session.run(q.removeFailures, { before: lastBefore.getTime(), limit });
    },
    async removeProofs({ usableBefore, lastBefore }, limit) {
      const values = { usableBefore: usableBefore.getTime(), lastBefore: lastBefore.getTime(), limit };
      return session.run(q.removeProofs, values);
    },
  };
}
