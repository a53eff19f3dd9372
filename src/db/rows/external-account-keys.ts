/** Rows of the keys by which ACME clients are bound to accounts. */
import type { ExternalAccountKey } from '../../domain/external-account-key.ts';
import { codecOf } from '../codec.ts';
import { blob, date, group, id, int32, json, nullable, text } from '../fields.ts';

export const externalAccountKeys = codecOf<ExternalAccountKey>()('external_account_keys', {
  number: int32('number'),
  id: id('id', 'externalAccountKey'),
  accountId: id('account_id', 'account'),
  dialect: text('dialect'),
  keyId: text('key_id'),
  sealedHmacKey: blob('sealed_hmac_key'),
  name: text('name'),
  productId: id('product_id', 'product'),
  organizationId: nullable(id('organization_id', 'organization')),
  coverage: group({ unit: text('coverage_unit'), count: int32('coverage_count') }),
  policy: json('policy_json'),
  expiresAt: nullable(date('expires_at')),
  settings: json('settings_json'),
  createdAt: date('created_at'),
  revokedAt: nullable(date('revoked_at')),
});
