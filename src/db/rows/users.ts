/** Rows of users, of the keys to the front doors, and of their roles. */
import type { Credential, User } from '../../domain/account.ts';
import type { UserId } from '../../domain/ids.ts';
import type { RoleGrant } from '../../domain/role-grant.ts';
import type { UserSession } from '../../domain/user-session.ts';
import { codecOf } from '../codec.ts';
import { blob, date, hex, int32, json, nullable, nullableGroup, text } from '../fields.ts';

/** The meaning of a number in the sequence that users, credentials and contacts share. */
export const actorNumbers = codecOf<{ readonly number: number; readonly id: string }>()('actor_numbers', {
  number: int32('number'),
  id: text('id'),
});

export const users = codecOf<User>()('users', {
  id: text('id'),
  number: int32('number'),
  accountId: nullable(text('account_id')),
  kind: text('kind'),
  username: text('username'),
  passwordHash: nullable(text('password_hash')),
  person: json('person_json'),
  containerId: nullable(text('container_id')),
  lastSignInAt: nullable(date('last_sign_in_at')),
  roles: json('roles_json'),
  state: text('state'),
  createdBy: nullable(text('created_by')),
  createdAt: date('created_at'),
});

interface UserNetwork {
  readonly userId: UserId;
  readonly network: string;
  readonly lastAt: Date;
}

export const userNetworks = codecOf<UserNetwork>()('user_networks', {
  userId: text('user_id'),
  network: text('network'),
  lastAt: date('last_at'),
});

export const userSessions = codecOf<UserSession>()('user_sessions', {
  id: text('id'),
  userId: text('user_id'),
  accountId: nullable(text('account_id')),
  dialect: text('dialect'),
  secretHash: blob('secret_hash'),
  address: text('address'),
  createdAt: date('created_at'),
  lastUsedAt: date('last_used_at'),
  idleEndsAt: date('idle_ends_at'),
  expiresAt: date('expires_at'),
});

export const credentials = codecOf<Credential>()('credentials', {
  id: text('id'),
  number: int32('number'),
  accountId: nullable(text('account_id')),
  userId: nullable(text('user_id')),
  dialect: text('dialect'),
  publicId: text('public_id'),
  secretHash: nullable(blob('secret_hash')),
  key: nullableGroup({ spki: blob('public_key'), hash: hex('key_hash'), realm: text('key_realm') }),
  externalAccountKeyId: nullable(text('external_account_key_id')),
  dialectData: json('dialect_data_json'),
  label: text('label'),
  roles: json('roles_json'),
  allowedAddresses: nullable(json('allowed_addresses_json')),
  createdBy: nullable(text('created_by')),
  createdAt: date('created_at'),
  lastUsedAt: nullable(date('last_used_at')),
  expiresAt: nullable(date('expires_at')),
  revokedAt: nullable(date('revoked_at')),
});

export const roleGrants = codecOf<RoleGrant>()('role_grants', {
  number: int32('number'),
  id: text('id'),
  accountId: text('account_id'),
  subject: text('subject'),
  roles: json('roles_json'),
  state: text('state'),
  proposedBy: text('proposed_by'),
  decidedBy: nullable(text('decided_by')),
  createdAt: date('created_at'),
  decidedAt: nullable(date('decided_at')),
});
