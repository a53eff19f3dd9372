/** Rows of authorizations and of confirmations by mail. */
import type { Attempt, Authorization } from '../../domain/authorization.ts';
import type { CheckResult } from '../../domain/challenge.ts';
import type { Confirmation } from '../../domain/confirmation.ts';
import { codecOf } from '../codec.ts';
import {
  anyId,
  blob,
  date,
  flag,
  fromJson,
  group,
  id,
  json,
  jsonOf,
  lazy,
  mapped,
  nullable,
  nullableGroup,
  nullableReference,
  text,
  toJson,
} from '../fields.ts';

/** Value of `serves_key` for any key. */
export const anyKey = '';

/** Null until it is proved. */
export function servesKeyOf({ binding, keyHash }: Pick<Authorization, 'binding' | 'keyHash'>): string | null {
  if (binding === null) return null;
  return binding === 'request' ? keyHash : anyKey;
}

function renouncedByOf({ renouncedBy }: Pick<Authorization, 'renouncedBy'>): string | null {
  return renouncedBy.length === 0 ? null : toJson(renouncedBy);
}

const nobody: Authorization['renouncedBy'] = [];

function renouncedByFromJson(stored: string | null): Authorization['renouncedBy'] {
  return stored === null ? nobody : fromJson<Authorization['renouncedBy']>(stored);
}

/** `JSON.stringify` writes a date as ISO text; this is where it becomes one again. */
function checksFromJson(stored: string): readonly CheckResult[] {
  if (stored === '[]') return [];
  const checks = fromJson<readonly (Omit<CheckResult, 'checkedAt'> & { readonly checkedAt: string })[]>(stored);
  return checks.map((check) => ({ ...check, checkedAt: new Date(check.checkedAt) }));
}

export function attemptFromJson(stored: string): Attempt {
  const attempt = fromJson<Omit<Attempt, 'requestedAt'> & { readonly requestedAt: string }>(stored);
  return { ...attempt, requestedAt: new Date(attempt.requestedAt) };
}

export const authorizations = codecOf<Authorization>()('authorizations', {
  id: id('id', 'authorization'),
  accountId: id('account_id', 'account'),
  issuanceId: nullable(id('issuance_id', 'issuance')),
  identifier: group({ kind: text('identifier_kind'), value: text('identifier') }),
  checkedBy: nullable(text('checked_by')),
  state: text('state'),
  // Most orders only ask whether it is valid.
  challenges: lazy(json('challenges_json')),
  preferredMethod: text('preferred_method'),
  checks: lazy(jsonOf('checks_json', { write: toJson, read: checksFromJson })),
  provedBy: nullable(text('proved_by')),
  provedAt: nullable(date('proved_at')),
  validUntil: nullable(date('valid_until')),
  coversBelow: nullable(flag('covers_below')),
  isCheckedOnRequest: flag('is_checked_on_request'),
  attempt: nullable(jsonOf('attempt_json', { write: toJson, read: attemptFromJson })),
  standalone: nullableGroup({
    ownerId: anyId('owner_id'),
    profileId: text('profile_id'),
    pendingUntil: date('pending_until'),
    issuerId: nullable(text('pending_issuer_id')),
  }),
  createdAt: date('created_at'),
  // Hardly any has been given up by somebody.
  renouncedBy: mapped('renounced_by_json', 'text or null', { write: renouncedByOf, read: renouncedByFromJson }),
  binding: nullable(text('binding')),
  // The one key that it holds for, or `anyKey`. Null: none.
  keyHash: mapped('serves_key', 'text or null', {
    write: servesKeyOf,
    read: (stored: string | null) => (stored === anyKey ? null : stored),
  }),
});

export const confirmations = codecOf<Confirmation>()(
  'confirmations',
  {
    id: id('id', 'confirmation'),
    mailId: text('mail_id'),
    accountId: id('account_id', 'account'),
    orderId: nullable(id('order_id', 'order')),
    issuanceId: nullable(id('issuance_id', 'issuance')),
    authorizationId: id('authorization_id', 'authorization'),
    address: text('address'),
    tokenHash: nullable(blob('token_hash')),
    state: text('state'),
    requestedBy: text('requested_by'),
    requestedFrom: text('requested_from'),
    requestedAt: date('requested_at'),
    sentAt: nullable(date('sent_at')),
    expiresAt: date('expires_at'),
    decidedFrom: nullable(text('decided_from')),
    decidedAt: nullable(date('decided_at')),
  },
  {
    orderNumber: nullableReference('order_number', 'orderId'),
    issuanceNumber: nullableReference('issuance_number', 'issuanceId'),
  },
);
