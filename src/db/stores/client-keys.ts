/** What clients call things by: ids that dialects show and that are no numbers, and the keys of requests that may come twice. */
import type { AccountId } from '../../domain/ids.ts';
import type { ExternalIdStore } from '../../domain/ports/stores/external-ids.ts';
import type { IdempotencyStore } from '../../domain/ports/stores/idempotency.ts';
import type { RowOf } from '../codec.ts';
import { pick, statement } from '../prepared.ts';
import { externalIds, idempotency } from '../rows/settings.ts';
import type { Session } from '../session.ts';

export const externalIdStatements = {
  insert: statement((db, p: RowOf<typeof externalIds>) =>
    db
      .insertInto('external_ids')
      .values(pick(p, externalIds.columns))
      .onConflict((conflict) => conflict.doNothing()),
  ),
  get: statement((db, p: { kind: string; value: string }) =>
    db.selectFrom('external_ids').select('object_id').where('kind', '=', p.kind).where('value', '=', p.value),
  ),
};

export function createExternalIdStore(session: Session): ExternalIdStore {
  const q = externalIdStatements;
  return {
    async insert(kind, value, objectId) {
      return (await session.run(q.insert, externalIds.toRow({ kind, value, objectId }))) === 1;
    },
    async get(kind, value) {
      return (await session.first(q.get, { kind, value }))?.object_id;
    },
  };
}

export const idempotencyStatements = {
  /** Takes a key that is free or over; changes no row when it is neither. */
  claim: statement((db, p: RowOf<typeof idempotency> & { now: number }) =>
    db
      .insertInto('idempotency')
      .values(pick(p, idempotency.columns))
      .onConflict((conflict) =>
        conflict
          .columns(['account_id', 'key'])
          .doUpdateSet(pick(p, ['fingerprint', 'object_id', 'expires_at']))
          .where('idempotency.expires_at', '<=', p.now),
      ),
  ),
  get: statement((db, p: { accountId: AccountId; key: string }) =>
    db
      .selectFrom('idempotency')
      .select(['object_id', 'fingerprint'])
      .where('account_id', '=', p.accountId)
      .where('key', '=', p.key),
  ),
  move: statement((db, p: { accountId: AccountId; key: string; from: string; to: string; expiresAt: number }) =>
    db
      .updateTable('idempotency')
      .set({ object_id: p.to, expires_at: p.expiresAt })
      .where('account_id', '=', p.accountId)
      .where('key', '=', p.key)
      .where('object_id', '=', p.from),
  ),
  purge: statement((db, p: { now: number; limit: number }) =>
    db
      .deleteFrom('idempotency')
      .where((row) =>
        row(
          row.refTuple('account_id', 'key'),
          'in',
          row
            .selectFrom('idempotency')
            .select(['account_id', 'key'])
            .where('expires_at', '<=', p.now)
            .orderBy('expires_at')
            .limit(p.limit)
            .$asTuple('account_id', 'key'),
        ),
      ),
  ),
};

export function createIdempotencyStore(session: Session): IdempotencyStore {
  const q = idempotencyStatements;
  return {
    async claim({ now, ...claim }) {
      const { key, fingerprint } = claim;
      const row = idempotency.toRow({ ...claim, fingerprint: fingerprint === key ? null : fingerprint });
      if ((await session.run(q.claim, { ...row, now: now.getTime() })) === 1) return undefined;
      const earlier = await session.first(q.get, claim);
      return earlier && { objectId: earlier.object_id, fingerprint: earlier.fingerprint ?? key };
    },
    async move({ expiresAt, ...claim }) {
      return (await session.run(q.move, { ...claim, expiresAt: expiresAt.getTime() })) === 1;
    },
    async purge(now, limit) {
      return session.run(q.purge, { now: now.getTime(), limit });
    },
  };
}
