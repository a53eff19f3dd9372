/** Rows of what the installation keeps for itself: settings, secrets, keys, ids in vendors' formats, answered requests. */
import type { AccountId } from '../../domain/ids.ts';
import type { KeyRotation } from '../../domain/ports/master-keys.ts';
import { codecOf, type RowOf } from '../codec.ts';
import { anyId, blob, date, hexText, id, int32, json, nullable, text } from '../fields.ts';

export const settings = codecOf<{ readonly key: string; readonly value: object }>()('settings', {
  key: text('key'),
  value: json('value_json'),
});

interface ServerSecret {
  readonly id: string;
  readonly sealedValue: Uint8Array;
  readonly createdAt: Date;
}

export const serverSecrets = codecOf<ServerSecret>()('server_secrets', {
  id: text('id'),
  sealedValue: blob('sealed_value'),
  createdAt: date('created_at'),
});

interface MasterKey {
  readonly id: string;
  readonly firstUsedAt: Date;
  readonly retiredAt: Date | null;
}

export const masterKeys = codecOf<MasterKey>()('master_keys', {
  id: text('id'),
  firstUsedAt: date('first_used_at'),
  retiredAt: nullable(date('retired_at')),
});

export const keyRotations = codecOf<KeyRotation>()('key_rotations', {
  number: int32('number'),
  toKey: text('to_key'),
  startedAt: date('started_at'),
  endedAt: nullable(date('ended_at')),
  resealed: int32('resealed'),
  examined: int32('examined'),
  unreadable: int32('unreadable'),
  found: int32('found'),
  kind: text('kind'),
  after: text('after'),
});

/** A value of one shelf, which is a purpose and its owner; the owner is empty where it is no account's. */
interface ExpiringValue {
  readonly purpose: string;
  readonly owner: string;
  readonly key: string;
  readonly value: string;
  readonly expiresAt: Date;
}

export const expiringValues = codecOf<ExpiringValue>()('expiring_values', {
  purpose: text('purpose'),
  owner: text('owner'),
  key: text('key'),
  value: text('value'),
  expiresAt: date('expires_at'),
});

export type ExpiringValueRow = RowOf<typeof expiringValues>;

interface ExternalId {
  readonly kind: string;
  readonly value: string;
  readonly objectId: string;
}

export const externalIds = codecOf<ExternalId>()('external_ids', {
  kind: text('kind'),
  value: text('value'),
  objectId: anyId('object_id'),
});

interface Claim {
  readonly accountId: AccountId;
  readonly key: string;
  /** Null: the key is the fingerprint. */
  readonly fingerprint: string | null;
  readonly objectId: string;
  readonly expiresAt: Date;
}

export const idempotency = codecOf<Claim>()('idempotency', {
  accountId: id('account_id', 'account'),
  key: hexText('key'),
  fingerprint: nullable(hexText('fingerprint')),
  objectId: anyId('object_id'),
  expiresAt: date('expires_at'),
});
