/** Keys to the front doors. */
import type { CredentialId, UserId } from '../../domain/ids.ts';
import type { CredentialStore } from '../../domain/ports/stores/credentials.ts';
import {
  eitherWayPageOf,
  eitherWayStatements,
  numberedStatements,
  storeWithNumbers,
  updateNoun,
  updatesOf,
} from '../numbered.ts';
import { statement } from '../prepared.ts';
import { credentials } from '../rows/users.ts';
import type { Session } from '../session.ts';
import { takeActorNumber } from './actor-numbers.ts';

export const credentialStatements = {
  ...numberedStatements(credentials),
  ...eitherWayStatements(credentials),
  getByPublicId: statement((db, p: { dialect: string; publicId: string }) =>
    db.selectFrom('credentials').selectAll().where('dialect', '=', p.dialect).where('public_id', '=', p.publicId),
  ),
  listUsableOfUser: statement((db, p: { userId: UserId }) =>
    db.selectFrom('credentials').selectAll().where('user_id', '=', p.userId).where('revoked_at', 'is', null),
  ),
  updateLastUsed: statement((db, p: { id: CredentialId; at: number }) =>
    db.updateTable('credentials').set({ last_used_at: p.at }).where('id', '=', p.id),
  ),
  moveToRevoked: statement((db, p: { id: CredentialId; at: number }) =>
    db.updateTable('credentials').set({ revoked_at: p.at }).where('id', '=', p.id).where('revoked_at', 'is', null),
  ),
};

const updates = updatesOf(credentials, ['label', 'roles_json']);

export function createCredentialStore(session: Session): CredentialStore {
  const q = credentialStatements;
  const takeNumber = (id: CredentialId) => takeActorNumber(session, id);
  const stored = storeWithNumbers(session, credentials, { q, takeNumber });
  return {
    ...stored,
    get: async (id) => session.kept(q.get, { id }, credentials.fromRow),
    async getByPublicId(dialect, publicId) {
      return session.kept(q.getByPublicId, { dialect, publicId }, credentials.fromRow);
    },
    list: (accountId, page) => eitherWayPageOf(session, credentials, q, { accountId, ...page }),
    async listUsableOfUser(userId) {
      return (await session.all(q.listUsableOfUser, { userId })).map(credentials.fromRow);
    },
    async updateLastUsed(id, at) {
      await session.run(q.updateLastUsed, { id, at: at.getTime() });
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
