/** Keys by which ACME clients are bound to accounts. */
import type { ExternalAccountKey } from '../../domain/external-account-key.ts';
import type { AccountId, ExternalAccountKeyId } from '../../domain/ids.ts';
import type { ExternalAccountKeyStore } from '../../domain/ports/stores/external-account-keys.ts';
import { fromJson, fromMs, fromMsOrNull, toJson, toMsOrNull } from '../columns.ts';
import { pick, statement } from '../prepared.ts';
import type { Session } from '../session.ts';
import type { ExternalAccountKeyRow } from '../tables.ts';

const columns = [
  'number',
  'id',
  'account_id',
  'dialect',
  'key_id',
  'sealed_hmac_key',
  'name',
  'product_id',
  'organization_id',
  'coverage_unit',
  'coverage_count',
  'settings_json',
  'created_at',
  'revoked_at',
] as const satisfies readonly (keyof ExternalAccountKeyRow)[];

export const externalAccountKeyStatements = {
  insert: statement((db, p: ExternalAccountKeyRow) => db.insertInto('external_account_keys').values(pick(p, columns))),
  get: statement((db, p: { id: ExternalAccountKeyId }) =>
    db.selectFrom('external_account_keys').selectAll().where('id', '=', p.id),
  ),
  getByNumber: statement((db, p: { number: number }) =>
    db.selectFrom('external_account_keys').selectAll().where('number', '=', p.number),
  ),
  getByKeyId: statement((db, p: { keyId: string }) =>
    db.selectFrom('external_account_keys').selectAll().where('key_id', '=', p.keyId),
  ),
  list: statement((db, p: { accountId: AccountId }) =>
    db.selectFrom('external_account_keys').selectAll().where('account_id', '=', p.accountId).orderBy('number', 'desc'),
  ),
  moveToRevoked: statement((db, p: { id: ExternalAccountKeyId; at: number }) =>
    db
      .updateTable('external_account_keys')
      .set({ revoked_at: p.at })
      .where('id', '=', p.id)
      .where('revoked_at', 'is', null),
  ),
};

export function createExternalAccountKeyStore(session: Session): ExternalAccountKeyStore {
  const q = externalAccountKeyStatements;
  const optional = (row: ExternalAccountKeyRow | undefined) => row && fromRow(row);
  return {
    async insert(key) {
      const numbered = { ...key, number: await session.nextNumber('external_account_keys') };
      await session.run(q.insert, toRow(numbered));
      return numbered;
    },
    async get(id) {
      return optional(await session.first(q.get, { id }));
    },
    async getByNumber(number) {
      return optional(await session.first(q.getByNumber, { number }));
    },
    async getByKeyId(keyId) {
      return optional(await session.first(q.getByKeyId, { keyId }));
    },
    async list(accountId) {
      return (await session.all(q.list, { accountId })).map(fromRow);
    },
    async moveToRevoked(id, at) {
      return (await session.run(q.moveToRevoked, { id, at: at.getTime() })) === 1;
    },
  };
}

function toRow(key: ExternalAccountKey): ExternalAccountKeyRow {
  return {
    number: key.number,
    id: key.id,
    account_id: key.accountId,
    dialect: key.dialect,
    key_id: key.keyId,
    sealed_hmac_key: key.sealedHmacKey,
    name: key.name,
    product_id: key.productId,
    organization_id: key.organizationId,
    coverage_unit: key.coverage.unit,
    coverage_count: key.coverage.count,
    settings_json: toJson(key.settings),
    created_at: key.createdAt.getTime(),
    revoked_at: toMsOrNull(key.revokedAt),
  };
}

function fromRow(row: ExternalAccountKeyRow): ExternalAccountKey {
  return {
    id: row.id,
    number: row.number,
    accountId: row.account_id,
    dialect: row.dialect,
    keyId: row.key_id,
    sealedHmacKey: row.sealed_hmac_key,
    name: row.name,
    productId: row.product_id,
    organizationId: row.organization_id,
    coverage: { unit: row.coverage_unit, count: row.coverage_count },
    settings: fromJson(row.settings_json),
    createdAt: fromMs(row.created_at),
    revokedAt: fromMsOrNull(row.revoked_at),
  };
}
