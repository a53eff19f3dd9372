/** Proofs of control. */

import { sql } from 'kysely';
import type { Standalone } from '../../domain/authorization.ts';
import type { Binding } from '../../domain/challenge.ts';
import type { AccountId, AuthorizationId } from '../../domain/ids.ts';
import { type AuthorizationStore, usablePerName } from '../../domain/ports/stores/authorizations.ts';
import type { AuthorizationState } from '../../domain/states.ts';
import type { ValidationMethod } from '../../domain/validation-method.ts';
import { type Flag, toFlagOrNull, toJson, toJsonOrNull, toMsOrNull } from '../fields.ts';
import { lastId } from '../id-bytes.ts';
import { insertStatement, listByIdsStatement } from '../numbered.ts';
import { type Builder, each, sized, statement } from '../prepared.ts';
import { anyKey, authorizations, servesKeyOf } from '../rows/authorizations.ts';
import { allOf, type Session } from '../session.ts';
import { countedLimit, totalOfList } from './counted-lists.ts';

interface Move {
  id: AuthorizationId;
  from: readonly AuthorizationState[];
  to: AuthorizationState;
  provedBy: ValidationMethod | null;
  provedAt: number | null;
  validUntil: number | null;
  binding: Binding | null;
  servesKey: string | null;
  coversBelow: Flag | null;
}

export const authorizationStatements = {
  insert: insertStatement(authorizations),
  listByIds: listByIdsStatement(authorizations),
  get: statement((db, p: { id: AuthorizationId }) =>
    db.selectFrom('authorizations').selectAll().where('id', '=', p.id),
  ),
  // The state is written out, not bound, so that the partial index is known to fit.
  listUsable: sized((size) =>
    statement((db, p: { accountId: AccountId; identifiers: readonly string[]; keyHash: string; now: number }) =>
      db
        .selectFrom('authorizations')
        .selectAll()
        .where('account_id', '=', p.accountId)
        .where('identifier', 'in', each(p.identifiers, size))
        .where('serves_key', 'in', [anyKey, p.keyHash])
        .where('state', '=', sql.lit('valid'))
        .where('checked_by', 'is', null)
        .where('valid_until', '>', p.now)
        // In the order of the index.
        .orderBy('identifier')
        .orderBy('serves_key')
        .orderBy('valid_until', 'desc')
        .limit(sql.lit(size * usablePerName)),
    ),
  ),
  // One name has few of them, so that what the index does not sort is small.
  listValid: statement(
    (db, p: { accountId: AccountId; now: number; limit: number; identifier: string; id: AuthorizationId | '' }) =>
      validQuery(db, p)
        .where('identifier', '>=', p.identifier)
        .where((row) => row.or([row('identifier', '>', p.identifier), row('id', '>', p.id as AuthorizationId)]))
        .orderBy('identifier')
        .orderBy('id')
        .limit(p.limit),
  ),
  move: sized((size) =>
    statement((db, p: Move) =>
      db
        .updateTable('authorizations')
        .set((row) => ({
          state: p.to,
          proved_by: row.fn.coalesce(row.val(p.provedBy), 'proved_by'),
          proved_at: row.fn.coalesce(row.val(p.provedAt), 'proved_at'),
          valid_until: row.fn.coalesce(row.val(p.validUntil), 'valid_until'),
          binding: row.fn.coalesce(row.val(p.binding), 'binding'),
          serves_key: row.fn.coalesce(row.val(p.servesKey), 'serves_key'),
          covers_below: row.fn.coalesce(row.val(p.coversBelow), 'covers_below'),
        }))
        .where('id', '=', p.id)
        .where('state', 'in', each(p.from, size)),
    ),
  ),
  updateChecks: statement((db, p: { id: AuthorizationId; checks: string }) =>
    db.updateTable('authorizations').set({ checks_json: p.checks }).where('id', '=', p.id),
  ),
  updateChallenges: statement(
    (db, p: { id: AuthorizationId; challenges: string | null; preferredMethod: ValidationMethod | null }) =>
      db
        .updateTable('authorizations')
        .set((row) => ({
          challenges_json: row.fn.coalesce(row.val(p.challenges), 'challenges_json'),
          preferred_method: row.fn.coalesce(row.val(p.preferredMethod), 'preferred_method'),
        }))
        .where('id', '=', p.id),
  ),
  endOfDomain: statement((db, p: { accountId: AccountId; identifier: string }) =>
    db
      .updateTable('authorizations')
      .set({ state: sql<AuthorizationState>`case when state = 'valid' then 'expired' else 'invalid' end` })
      .where('account_id', '=', p.accountId)
      .where('identifier', '=', p.identifier)
      .where('state', 'in', ['valid', 'pending'])
      .where('issuance_id', 'is', null)
      .where('owner_id', 'is', null),
  ),
  updateAttempt: statement((db, p: { id: AuthorizationId; attempt: string }) =>
    db.updateTable('authorizations').set({ attempt_json: p.attempt }).where('id', '=', p.id),
  ),
  updateLook: statement((db, p: { id: AuthorizationId; attempt: string; checks: string }) =>
    db.updateTable('authorizations').set({ attempt_json: p.attempt, checks_json: p.checks }).where('id', '=', p.id),
  ),
  updateRenouncedBy: statement((db, p: { id: AuthorizationId; renouncedBy: string }) =>
    db.updateTable('authorizations').set({ renounced_by_json: p.renouncedBy }).where('id', '=', p.id),
  ),
  listOfOwner: statement((db, p: { ownerId: Standalone['ownerId']; before: string; limit: number }) =>
    db
      .selectFrom('authorizations')
      .selectAll()
      .where('owner_id', '=', p.ownerId)
      .where('id', '<', p.before as AuthorizationId)
      .orderBy('id', 'desc')
      .limit(p.limit),
  ),
  listPendingOfOwner: statement((db, p: { ownerId: Standalone['ownerId'] }) =>
    db
      .selectFrom('authorizations')
      .selectAll()
      .where('owner_id', '=', p.ownerId)
      .where('state', '=', sql.lit('pending')),
  ),
  countPending: statement((db, p: { accountId: AccountId; now: number }) =>
    db
      .selectFrom('authorizations')
      .select((row) => row.fn.countAll<number>().as('n'))
      .where('account_id', '=', p.accountId)
      .where('state', '=', sql.lit('pending'))
      .where('pending_until', '>', p.now),
  ),
  expirePending: statement((db, p: { now: number; limit: number }) =>
    db
      .updateTable('authorizations')
      .set({ state: 'expired' })
      .where('id', 'in', (row) =>
        row
          .selectFrom('authorizations')
          .select('id')
          .where('state', '=', sql.lit('pending'))
          .where('pending_until', '<=', p.now)
          .orderBy('pending_until')
          .limit(p.limit),
      ),
  ),
  expireDue: statement((db, p: { now: number; limit: number }) =>
    db
      .updateTable('authorizations')
      .set({ state: 'expired' })
      .where('id', 'in', (row) =>
        row
          .selectFrom('authorizations')
          .select('id')
          .where('state', '=', sql.lit('valid'))
          .where('valid_until', '<=', p.now)
          .orderBy('valid_until')
          .limit(p.limit),
      ),
  ),
};

function validQuery(db: Builder, { accountId, now }: { readonly accountId: AccountId; readonly now: number }) {
  return db
    .selectFrom('authorizations')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('state', '=', sql.lit('valid'))
    .where('checked_by', 'is', null)
    .where('valid_until', '>', now);
}

export function createAuthorizationStore(session: Session): AuthorizationStore {
  const q = authorizationStatements;
  return {
    async insert(authorization) {
      session.write(q.insert, authorizations.toRow(authorization));
    },
    async get(id) {
      const row = await session.first(q.get, { id });
      return row && authorizations.fromRow(row);
    },
    async listByIds(ids) {
      return (await allOf(session, q.listByIds, ids)).map(authorizations.fromRow);
    },
    async listUsable(accountId, identifiers, { now, keyHash }) {
      if (identifiers.length === 0) return [];
      const values = { accountId, identifiers, keyHash: keyHash ?? anyKey, now: now.getTime() };
      return (await session.all(q.listUsable(identifiers.length), values)).map(authorizations.fromRow);
    },
    async listValid(accountId, { now, limit, after }) {
      const from = { identifier: after?.identifier.value ?? '', id: after?.id ?? '' } as const;
      const rows = await session.all(q.listValid, { accountId, now: now.getTime(), limit, ...from });
      return rows.map(authorizations.fromRow);
    },
    countValid: (accountId, now) =>
      totalOfList(session, (db) => validQuery(db, { accountId, now: now.getTime() }).limit(countedLimit), true),
    async move(id, from, to, change) {
      const values: Move = {
        id,
        from,
        to,
        provedBy: change?.provedBy ?? null,
        provedAt: toMsOrNull(change?.provedAt),
        validUntil: toMsOrNull(change?.validUntil),
        binding: change?.binding ?? null,
        servesKey: change === undefined ? null : servesKeyOf(change),
        coversBelow: toFlagOrNull(change?.coversBelow),
      };
      return (await session.run(q.move(from.length), values)) === 1;
    },
    async updateChecks(id, checks) {
      session.write(q.updateChecks, { id, checks: toJson(checks) });
    },
    async updateAttempt(id, attempt) {
      session.write(q.updateAttempt, { id, attempt: toJson(attempt) });
    },
    async updateLook(id, { attempt, checks }) {
      session.write(q.updateLook, { id, attempt: toJson(attempt), checks: toJson(checks) });
    },
    async updateRenouncedBy(id, renouncedBy) {
      session.write(q.updateRenouncedBy, { id, renouncedBy: toJson(renouncedBy) });
    },
    async listOfOwner(ownerId, { before = lastId('authorization'), limit }) {
      return (await session.all(q.listOfOwner, { ownerId, before, limit })).map(authorizations.fromRow);
    },
    async listPendingOfOwner(ownerId) {
      return (await session.all(q.listPendingOfOwner, { ownerId })).map(authorizations.fromRow);
    },
    async countPending(accountId, now) {
      return Number((await session.first(q.countPending, { accountId, now: now.getTime() }))?.n ?? 0);
    },
    async updateChallenges(id, { challenges, preferredMethod = null }) {
      session.write(q.updateChallenges, { id, challenges: toJsonOrNull(challenges), preferredMethod });
    },
    async endOfDomain(accountId, identifier) {
      return session.run(q.endOfDomain, { accountId, identifier });
    },
    async expireDue(now, limit) {
      const expired = await session.run(q.expireDue, { now: now.getTime(), limit });
      return expired + (await session.run(q.expirePending, { now: now.getTime(), limit: limit - expired }));
    },
  };
}
