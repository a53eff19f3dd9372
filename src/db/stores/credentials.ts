/** Keys to the front doors. */
import type { Credential } from '../../domain/account.ts';
import type { AccountId, CredentialId, UserId } from '../../domain/ids.ts';
import type { CredentialStore } from '../../domain/ports/stores/credentials.ts';
import { fromJson, fromJsonOrNull, fromMs, fromMsOrNull, toJson, toMsOrNull } from '../columns.ts';
import { pick, settingOf, statement } from '../prepared.ts';
import { type Session, update } from '../session.ts';
import type { CredentialRow } from '../tables.ts';
import { takeActorNumber } from './actor-numbers.ts';

const columns = [
  'id',
  'number',
  'account_id',
  'user_id',
  'dialect',
  'public_id',
  'secret_hash',
  'label',
  'roles_json',
  'allowed_addresses_json',
  'created_by',
  'created_at',
  'last_used_at',
  'revoked_at',
] as const satisfies readonly (keyof CredentialRow)[];

export const credentialStatements = {
  insert: statement((db, p: CredentialRow) => db.insertInto('credentials').values(pick(p, columns))),
  get: statement((db, p: { id: CredentialId }) => db.selectFrom('credentials').selectAll().where('id', '=', p.id)),
  getByNumber: statement((db, p: { number: number }) =>
    db.selectFrom('credentials').selectAll().where('number', '=', p.number),
  ),
  getByPublicId: statement((db, p: { dialect: string; publicId: string }) =>
    db.selectFrom('credentials').selectAll().where('dialect', '=', p.dialect).where('public_id', '=', p.publicId),
  ),
  listAll: statement((db, p: { before: number; limit: number }) =>
    db.selectFrom('credentials').selectAll().where('number', '<', p.before).orderBy('number', 'desc').limit(p.limit),
  ),
  listOfAccount: statement((db, p: { accountId: AccountId; before: number; limit: number }) =>
    db
      .selectFrom('credentials')
      .selectAll()
      .where('account_id', '=', p.accountId)
      .where('number', '<', p.before)
      .orderBy('number', 'desc')
      .limit(p.limit),
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

const updateOf = settingOf<CredentialRow>()(['label', 'roles_json'], (changed) =>
  statement((db, p: CredentialRow) => db.updateTable('credentials').set(pick(p, changed)).where('id', '=', p.id)),
);

export function createCredentialStore(session: Session): CredentialStore {
  const q = credentialStatements;
  return {
    async insert(credential) {
      const numbered = { ...credential, number: await takeActorNumber(session, credential.id) };
      await session.run(q.insert, toRow(numbered));
      return numbered;
    },
    async get(id) {
      return session.kept(q.get, { id }, fromRow);
    },
    async getByNumber(number) {
      const row = await session.first(q.getByNumber, { number });
      return row && fromRow(row);
    },
    async getByPublicId(dialect, publicId) {
      return session.kept(q.getByPublicId, { dialect, publicId }, fromRow);
    },
    async list(accountId, { limit, before = Number.MAX_SAFE_INTEGER }) {
      const rows = await (accountId === null
        ? session.all(q.listAll, { limit, before })
        : session.all(q.listOfAccount, { accountId, limit, before }));
      return rows.map(fromRow);
    },
    async listUsableOfUser(userId) {
      return (await session.all(q.listUsableOfUser, { userId })).map(fromRow);
    },
    async update(id, change) {
      const row = await session.first(q.get, { id });
      if (row === undefined) return;
      const now = fromRow(row);
      await update(session, updateOf, { before: toRow(now), after: toRow({ ...now, ...change }) });
    },
    async updateLastUsed(id, at) {
      await session.run(q.updateLastUsed, { id, at: at.getTime() });
    },
    async moveToRevoked(id, at) {
      return (await session.run(q.moveToRevoked, { id, at: at.getTime() })) === 1;
    },
  };
}

function toRow(credential: Credential): CredentialRow {
  return {
    id: credential.id,
    number: credential.number,
    account_id: credential.accountId,
    user_id: credential.userId,
    dialect: credential.dialect,
    public_id: credential.publicId,
    secret_hash: credential.secretHash,
    label: credential.label,
    roles_json: toJson(credential.roles),
    allowed_addresses_json: credential.allowedAddresses && toJson(credential.allowedAddresses),
    created_by: credential.createdBy,
    created_at: credential.createdAt.getTime(),
    last_used_at: toMsOrNull(credential.lastUsedAt),
    revoked_at: toMsOrNull(credential.revokedAt),
  };
}

function fromRow(row: CredentialRow): Credential {
  return {
    id: row.id,
    number: row.number,
    accountId: row.account_id,
    userId: row.user_id,
    dialect: row.dialect,
    publicId: row.public_id,
    secretHash: row.secret_hash,
    label: row.label,
    roles: fromJson(row.roles_json),
    allowedAddresses: fromJsonOrNull(row.allowed_addresses_json),
    createdBy: row.created_by,
    createdAt: fromMs(row.created_at),
    lastUsedAt: fromMsOrNull(row.last_used_at),
    revokedAt: fromMsOrNull(row.revoked_at),
  };
}
