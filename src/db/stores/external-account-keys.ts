/** Keys by which ACME clients are bound to accounts. */
import type { ExternalAccountKeyId } from '../../domain/ids.ts';
import type { ExternalAccountKeyStore } from '../../domain/ports/stores/external-account-keys.ts';
import { listOfAccountStatement, numberedStatements, numberedStore, updateNoun, updatesOf } from '../numbered.ts';
import { statement } from '../prepared.ts';
import { externalAccountKeys } from '../rows/external-account-keys.ts';
import type { Session } from '../session.ts';

export const externalAccountKeyStatements = {
  ...numberedStatements(externalAccountKeys),
  list: listOfAccountStatement(externalAccountKeys, 'desc'),
  getByKeyId: statement((db, p: { keyId: string }) =>
    db.selectFrom('external_account_keys').selectAll().where('key_id', '=', p.keyId),
  ),
  moveToRevoked: statement((db, p: { id: ExternalAccountKeyId; at: number }) =>
    db
      .updateTable('external_account_keys')
      .set({ revoked_at: p.at })
      .where('id', '=', p.id)
      .where('revoked_at', 'is', null),
  ),
};

const updates = updatesOf(externalAccountKeys, ['name', 'policy_json', 'expires_at']);

export function createExternalAccountKeyStore(session: Session): ExternalAccountKeyStore {
  const q = externalAccountKeyStatements;
  const stored = numberedStore(session, externalAccountKeys, q);
  return {
    ...stored,
    // Every request of its clients reads it.
    get: async (id) => session.kept(q.get, { id }, externalAccountKeys.fromRow),
    async getByKeyId(keyId) {
      const row = await session.first(q.getByKeyId, { keyId });
      return row && externalAccountKeys.fromRow(row);
    },
    async list(accountId) {
      return (await session.all(q.list, { accountId })).map(externalAccountKeys.fromRow);
    },
    async moveToRevoked(id, at) {
      return (await session.run(q.moveToRevoked, { id, at: at.getTime() })) === 1;
    },
    async update(id, change) {
      const now = await stored.get(id);
      await updateNoun(session, externalAccountKeys, updates, { now, change });
    },
  };
}
