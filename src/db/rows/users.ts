/** Rows of users, of the keys to the front doors, and of their roles. */
import type { Credential, User } from '../../domain/account.ts';
import type { UserId } from '../../domain/ids.ts';
import type { RoleGrant } from '../../domain/role-grant.ts';
import type { UserPreferences } from '../../domain/user-preferences.ts';
import type { UserSession } from '../../domain/user-session.ts';
import { codecOf } from '../codec.ts';
import {
  blob,
  date,
  fromJson,
  hex,
  id,
  int32,
  json,
  mapped,
  nullable,
  nullableGroup,
  text,
  toJson,
} from '../fields.ts';

/** The meaning of a number in the sequence that users, credentials and contacts share. */
export const actorNumbers = codecOf<{ readonly number: number; readonly id: string }>()('actor_numbers', {
  number: int32('number'),
  id: text('id'),
});

export const users = codecOf<User>()('users', {
  id: id('id', 'user'),
  number: int32('number'),
  accountId: nullable(id('account_id', 'account')),
  kind: text('kind'),
  username: text('username'),
  passwordHash: nullable(text('password_hash')),
  person: json('person_json'),
  containerId: nullable(id('container_id', 'container')),
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
  userId: id('user_id', 'user'),
  network: text('network'),
  lastAt: date('last_at'),
});

export const userSessions = codecOf<UserSession>()('user_sessions', {
  id: id('id', 'userSession'),
  userId: id('user_id', 'user'),
  accountId: nullable(id('account_id', 'account')),
  dialect: text('dialect'),
  secretHash: blob('secret_hash'),
  address: text('address'),
  createdAt: date('created_at'),
  lastUsedAt: date('last_used_at'),
  idleEndsAt: date('idle_ends_at'),
  expiresAt: date('expires_at'),
  confirmedAt: nullable(date('confirmed_at')),
  roles: nullable(json('roles_json')),
});

const noMails: UserPreferences['mutedMails'] = [];

export const userPreferences = codecOf<UserPreferences>()('user_preferences', {
  userId: id('user_id', 'user'),
  language: nullable(text('language')),
  zone: nullable(text('zone')),
  views: json('views_json'),
  // Hardly anybody has one.
  mutedMails: mapped('muted_mails_json', 'text or null', {
    write: ({ mutedMails }: UserPreferences) => (mutedMails.length === 0 ? null : toJson(mutedMails)),
    read: (stored: string | null) => (stored === null ? noMails : fromJson<UserPreferences['mutedMails']>(stored)),
  }),
});

export const credentials = codecOf<Credential>()('credentials', {
  id: id('id', 'credential'),
  number: int32('number'),
  accountId: nullable(id('account_id', 'account')),
  userId: nullable(id('user_id', 'user')),
  dialect: text('dialect'),
  publicId: text('public_id'),
  secretHash: nullable(blob('secret_hash')),
  key: nullableGroup({ spki: blob('public_key'), hash: hex('key_hash'), realm: text('key_realm') }),
  externalAccountKeyId: nullable(id('external_account_key_id', 'externalAccountKey')),
  dialectData: json('dialect_data_json'),
  label: text('label'),
  roles: json('roles_json'),
  allowedAddresses: nullable(json('allowed_addresses_json')),
  createdBy: nullable(text('created_by')),
  createdAt: date('created_at'),
  lastUsedAt: nullable(date('last_used_at')),
  lastUsedAddress: nullable(text('last_used_address')),
  expiresAt: nullable(date('expires_at')),
  revokedAt: nullable(date('revoked_at')),
});

export const roleGrants = codecOf<RoleGrant>()('role_grants', {
  number: int32('number'),
  id: id('id', 'roleGrant'),
  accountId: id('account_id', 'account'),
  subject: text('subject'),
  roles: json('roles_json'),
  state: text('state'),
  proposedBy: text('proposed_by'),
  decidedBy: nullable(text('decided_by')),
  createdAt: date('created_at'),
  decidedAt: nullable(date('decided_at')),
});
