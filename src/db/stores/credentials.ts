/** Keys to the front doors. */
import { sql } from 'kysely';
import type { CredentialId, ExternalAccountKeyId, UserId } from '../../domain/ids.ts';
import type { CredentialStore } from '../../domain/ports/stores/credentials.ts';
import { fromHex } from '../fields.ts';
import {
  eitherWayPageOf,
  eitherWayStatements,
  numberedStatements,
  storeWithNumbers,
  updateNoun,
  updatesOf,
} from '../numbered.ts';
import { each, sized, statement } from '../prepared.ts';
import { credentials } from '../rows/users.ts';
import { allOf, type Session } from '../session.ts';
import { takeActorNumber } from './actor-numbers.ts';
import { countCredentials, findCredentials } from './narrowed-lists.ts';

export const credentialStatements = {
  ...numberedStatements(credentials),
  ...eitherWayStatements(credentials),
  listByIds: sized((size) =>
    statement((db, p: { ids: readonly CredentialId[] }) =>
      db.selectFrom('credentials').selectAll().where('id', 'in', each(p.ids, size)),
    ),
  ),
  getByPublicId: statement((db, p: { dialect: string; publicId: string }) =>
    db.selectFrom('credentials').selectAll().where('dialect', '=', p.dialect).where('public_id', '=', p.publicId),
  ),
  getByKey: statement((db, p: { dialect: string; realm: string; hash: Uint8Array }) =>
    db
      .selectFrom('credentials')
      .selectAll()
      .where('dialect', '=', p.dialect)
      .where('key_realm', '=', p.realm)
      .where('key_hash', '=', p.hash),
  ),
  ofKeyHash: statement((db, p: { dialect: string; hash: Uint8Array }) =>
    db
      .selectFrom('credentials')
      .select('id')
      .where('dialect', '=', p.dialect)
      .where('key_hash', '=', p.hash)
      .limit(sql.lit(1)),
  ),
  countOfExternalAccountKey: statement((db, p: { id: ExternalAccountKeyId }) =>
    db
      .selectFrom('credentials')
      .select((row) => row.fn.countAll<number>().as('n'))
      .where('external_account_key_id', '=', p.id),
  ),
  moveToKey: statement((db, p: { id: CredentialId; from: Uint8Array; spki: Uint8Array; hash: Uint8Array }) =>
    db
      .updateTable('credentials')
      .set({ public_key: p.spki, key_hash: p.hash })
      .where('id', '=', p.id)
      .where('key_hash', '=', p.from)
      .where('revoked_at', 'is', null),
  ),
  listUsableOfUser: statement((db, p: { userId: UserId }) =>
    db.selectFrom('credentials').selectAll().where('user_id', '=', p.userId).where('revoked_at', 'is', null),
  ),
  updateLastUsed: statement((db, p: { id: CredentialId; at: number; address: string }) =>
    db.updateTable('credentials').set({ last_used_at: p.at, last_used_address: p.address }).where('id', '=', p.id),
  ),
  moveToRevoked: statement((db, p: { id: CredentialId; at: number }) =>
    db.updateTable('credentials').set({ revoked_at: p.at }).where('id', '=', p.id).where('revoked_at', 'is', null),
  ),
};

const updates = updatesOf(credentials, [
  'label',
  'roles_json',
  'expires_at',
  'allowed_addresses_json',
  'dialect_data_json',
]);

export function createCredentialStore(session: Session): CredentialStore {
  const q = credentialStatements;
  const takeNumber = (id: CredentialId) => takeActorNumber(session, id);
  const stored = storeWithNumbers(session, credentials, { q, takeNumber });
  return {
    ...stored,
    get: async (id) => session.kept(q.get, { id }, credentials.fromRow),
    async listByIds(ids) {
      return (await allOf(session, q.listByIds, ids)).map(credentials.fromRow);
    },
    async getByPublicId(dialect, publicId) {
      return session.kept(q.getByPublicId, { dialect, publicId }, credentials.fromRow);
    },
    async getByKey(dialect, { realm, hash }) {
      const row = await session.first(q.getByKey, { dialect, realm, hash: fromHex(hash) });
      return row && credentials.fromRow(row);
    },
    async hasKey(dialect, hash) {
      return (await session.first(q.ofKeyHash, { dialect, hash: fromHex(hash) })) !== undefined;
    },
    async countOfExternalAccountKey(id) {
      return Number((await session.first(q.countOfExternalAccountKey, { id }))?.n ?? 0);
    },
    async moveToKey(id, from, to) {
      const values = { id, from: fromHex(from.hash), spki: to.spki, hash: fromHex(to.hash) };
      return (await session.run(q.moveToKey, values)) === 1;
    },
    list: (accountId, page) => eitherWayPageOf(session, credentials, q, { accountId, ...page }),
    async find(query) {
      return (await findCredentials(session, query)).map(credentials.fromRow);
    },
    count: (filter) => countCredentials(session, filter),
    async listUsableOfUser(userId) {
      return (await session.all(q.listUsableOfUser, { userId })).map(credentials.fromRow);
    },
    async updateLastUsed(id, at, address) {
      session.write(q.updateLastUsed, { id, at: at.getTime(), address });
    },
    async moveToRevoked(id, at) {
      return (await session.run(q.moveToRevoked, { id, at: at.getTime() })) === 1;
    },
    async update(id, change) {
      const now = await stored.get(id);
      await updateNoun(session, credentials, updates, { now, change });
    },
  };
}
