/** Master keys, the rotations from one to the next, and every column that holds a sealed value. */

import { sql } from 'kysely';
import { type IssuanceId, numberOf } from '../../domain/ids.ts';
import type { SealedRow } from '../../domain/ports/key-sealer.ts';
import type { SealingStore } from '../../domain/ports/stores/sealing.ts';
import type { RowOf } from '../codec.ts';
import { pick, type Statement, statement } from '../prepared.ts';
import { keyRotations, masterKeys } from '../rows/settings.ts';
import type { Session } from '../session.ts';

export const sealingStatements = {
  inUse: statement((db, _: object) =>
    db.selectFrom('master_keys').select('id').where('retired_at', 'is', null).orderBy('id'),
  ),
  putInUse: statement((db, p: RowOf<typeof masterKeys>) =>
    db
      .insertInto('master_keys')
      .values(pick(p, masterKeys.columns))
      // A key that was retired and is put back, with a backup of its time.
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ retired_at: null })),
  ),
  retireOthers: statement((db, p: { id: string; at: number }) =>
    db.updateTable('master_keys').set({ retired_at: p.at }).where('id', '!=', p.id).where('retired_at', 'is', null),
  ),
  newestRotation: statement((db, _: object) =>
    db.selectFrom('key_rotations').selectAll().orderBy('number', 'desc').limit(1),
  ),
  putRotation: statement((db, p: RowOf<typeof keyRotations>) =>
    db
      .insertInto('key_rotations')
      .values(pick(p, keyRotations.columns))
      .onConflict((conflict) => conflict.column('number').doUpdateSet(pick(p, keyRotations.columns))),
  ),
};

/** One page of a column in the order of the rows' ids, those without a value included, so that its size is bounded. */
type PageOf = Statement<
  { after: string; afterNumber: number; limit: number },
  { id: string; sealed: Uint8Array | null }
>;
type ReplaceIn = Statement<{ id: string; number: number; sealed: Uint8Array }, unknown>;

/** Ids of whatever noun. */
const id = sql.ref<string>('id');

export const sealedColumns: Readonly<Record<SealedRow, { readonly page: PageOf; readonly replace: ReplaceIn }>> = {
  authorityKey: {
    page: statement((db, p) =>
      db
        .selectFrom('authority_keys')
        .select(['id', 'sealed_key as sealed'])
        .where(id, '>', p.after)
        .orderBy('id')
        .limit(p.limit),
    ),
    replace: statement((db, p) => db.updateTable('authority_keys').set({ sealed_key: p.sealed }).where(id, '=', p.id)),
  },
  serverSecret: {
    page: statement((db, p) =>
      db
        .selectFrom('server_secrets')
        .select(['id', 'sealed_value as sealed'])
        .where(id, '>', p.after)
        .orderBy('id')
        .limit(p.limit),
    ),
    replace: statement((db, p) =>
      db.updateTable('server_secrets').set({ sealed_value: p.sealed }).where(id, '=', p.id),
    ),
  },
  externalAccountKey: {
    page: statement((db, p) =>
      db
        .selectFrom('external_account_keys')
        .select(['id', 'sealed_hmac_key as sealed'])
        .where(id, '>', p.after)
        .orderBy('id')
        .limit(p.limit),
    ),
    replace: statement((db, p) =>
      db.updateTable('external_account_keys').set({ sealed_hmac_key: p.sealed }).where(id, '=', p.id),
    ),
  },
  webhookSecret: {
    page: statement((db, p) =>
      db
        .selectFrom('webhooks')
        .select(['id', 'sealed_secret as sealed'])
        .where(id, '>', p.after)
        .orderBy('id')
        .limit(p.limit),
    ),
    replace: statement((db, p) => db.updateTable('webhooks').set({ sealed_secret: p.sealed }).where(id, '=', p.id)),
  },
  delivery: {
    page: statement((db, p) =>
      db
        .selectFrom('deliveries')
        .select(['id', 'sealed_body as sealed'])
        .where(id, '>', p.after)
        .orderBy('id')
        .limit(p.limit),
    ),
    replace: statement((db, p) => db.updateTable('deliveries').set({ sealed_body: p.sealed }).where(id, '=', p.id)),
  },
  acmeAccountKey: {
    page: statement((db, p) =>
      db
        .selectFrom('acme_upstream_accounts')
        .select(['id', 'sealed_key as sealed'])
        .where(id, '>', p.after)
        .orderBy('id')
        .limit(p.limit),
    ),
    replace: statement((db, p) =>
      db.updateTable('acme_upstream_accounts').set({ sealed_key: p.sealed }).where(id, '=', p.id),
    ),
  },
  acmeNextAccountKey: {
    page: statement((db, p) =>
      db
        .selectFrom('acme_upstream_accounts')
        .select(['id', 'next_sealed_key as sealed'])
        .where(id, '>', p.after)
        .orderBy('id')
        .limit(p.limit),
    ),
    replace: statement((db, p) =>
      db.updateTable('acme_upstream_accounts').set({ next_sealed_key: p.sealed }).where(id, '=', p.id),
    ),
  },
  acmeExternalKey: {
    page: statement((db, p) =>
      db
        .selectFrom('acme_upstream_accounts')
        .select(['id', 'sealed_external_key as sealed'])
        .where(id, '>', p.after)
        .orderBy('id')
        .limit(p.limit),
    ),
    replace: statement((db, p) =>
      db.updateTable('acme_upstream_accounts').set({ sealed_external_key: p.sealed }).where(id, '=', p.id),
    ),
  },
  requestAnswer: {
    page: statement((db, p) =>
      db
        .selectFrom('answered_requests')
        .select(['id', 'sealed_answer as sealed'])
        .where(id, '>', p.after)
        .orderBy('id')
        .limit(p.limit),
    ),
    replace: statement((db, p) =>
      db.updateTable('answered_requests').set({ sealed_answer: p.sealed }).where(id, '=', p.id),
    ),
  },
  subscriberKey: {
    page: statement((db, p) =>
      db
        .selectFrom('issuances')
        .select(['id', 'sealed_key as sealed'])
        // Their ids have no index, and carry the number.
        .where('number', '>', p.afterNumber)
        .orderBy('number')
        .limit(p.limit),
    ),
    replace: statement((db, p) =>
      db.updateTable('issuances').set({ sealed_key: p.sealed }).where('number', '=', p.number).where(id, '=', p.id),
    ),
  },
};

export function createSealingStore(session: Session): SealingStore {
  const q = sealingStatements;
  return {
    async masterKeysInUse() {
      return (await session.all(q.inUse, {})).map(({ id }) => id);
    },
    async putMasterKeyInUse(key, at) {
      session.write(q.putInUse, masterKeys.toRow({ id: key, firstUsedAt: at, retiredAt: null }));
    },
    async retireMasterKeysBut(key, at) {
      session.write(q.retireOthers, { id: key, at: at.getTime() });
    },
    async newestRotation() {
      const row = await session.first(q.newestRotation, {});
      return row && keyRotations.fromRow(row);
    },
    async putRotation(rotation) {
      session.write(q.putRotation, keyRotations.toRow(rotation));
    },
    async page(kind, after, limit) {
      // Of an id that carries one.
      const afterNumber = numberOf(after as IssuanceId);
      return session.all(sealedColumns[kind].page, { after, afterNumber, limit });
    },
    async replace(kind, key, sealed) {
      session.write(sealedColumns[kind].replace, { id: key, number: numberOf(key as IssuanceId), sealed });
    },
  };
}
