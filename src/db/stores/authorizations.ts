/** Proofs of control. */

import { sql } from 'kysely';
import type { Authorization, AuthorizationState } from '../../domain/authorization.ts';
import type { Binding, Challenge, CheckResult, ValidationMethod } from '../../domain/challenge.ts';
import type { AccountId, AuthorizationId } from '../../domain/ids.ts';
import { type AuthorizationStore, usablePerName } from '../../domain/ports/stores/authorizations.ts';
import { fromJson, fromMs, fromMsOrNull, toJson, toJsonOrNull, toMsOrNull } from '../columns.ts';
import { each, pick, sized, statement } from '../prepared.ts';
import { allOf, type Session } from '../session.ts';
import type { AuthorizationRow } from '../tables.ts';

const columns = [
  'id',
  'account_id',
  'issuance_id',
  'identifier_kind',
  'identifier',
  'state',
  'challenges_json',
  'preferred_method',
  'checks_json',
  'proved_by',
  'proved_at',
  'valid_until',
  'created_at',
  'binding',
  'serves_key',
] as const satisfies readonly (keyof AuthorizationRow)[];

interface Move {
  id: AuthorizationId;
  from: readonly AuthorizationState[];
  to: AuthorizationState;
  provedBy: ValidationMethod | null;
  provedAt: number | null;
  validUntil: number | null;
  binding: Binding | null;
  servesKey: string | null;
}

/** In `serves_key`: it holds for whatever key. */
const anyKey = '';

export const authorizationStatements = {
  insert: statement((db, p: AuthorizationRow) => db.insertInto('authorizations').values(pick(p, columns))),
  get: statement((db, p: { id: AuthorizationId }) =>
    db.selectFrom('authorizations').selectAll().where('id', '=', p.id),
  ),
  listByIds: sized((size) =>
    statement((db, p: { ids: readonly AuthorizationId[] }) =>
      db.selectFrom('authorizations').selectAll().where('id', 'in', each(p.ids, size)),
    ),
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
        .where('valid_until', '>', p.now)
        // As the index gives them.
        .orderBy('identifier')
        .orderBy('serves_key')
        .orderBy('valid_until', 'desc')
        .limit(sql.lit(size * usablePerName)),
    ),
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
      .where('issuance_id', 'is', null),
  ),
  expireDue: statement((db, p: { now: number }) =>
    db
      .updateTable('authorizations')
      .set({ state: 'expired' })
      .where('state', '=', sql.lit('valid'))
      .where('valid_until', '<=', p.now),
  ),
};

export function createAuthorizationStore(session: Session): AuthorizationStore {
  const q = authorizationStatements;
  return {
    async insert(authorization) {
      await session.run(q.insert, toRow(authorization));
    },
    async get(id) {
      const row = await session.first(q.get, { id });
      return row && fromRow(row);
    },
    async listByIds(ids) {
      return (await allOf(session, q.listByIds, ids)).map(fromRow);
    },
    async listUsable(accountId, identifiers, { now, keyHash }) {
      if (identifiers.length === 0) return [];
      const values = { accountId, identifiers, keyHash: keyHash ?? anyKey, now: now.getTime() };
      return (await session.all(q.listUsable(identifiers.length), values)).map(fromRow);
    },
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
      };
      return (await session.run(q.move(from.length), values)) === 1;
    },
    async updateChecks(id, checks) {
      await session.run(q.updateChecks, { id, checks: toJson(checks) });
    },
    async updateChallenges(id, { challenges, preferredMethod = null }) {
      await session.run(q.updateChallenges, { id, challenges: toJsonOrNull(challenges), preferredMethod });
    },
    async endOfDomain(accountId, identifier) {
      return session.run(q.endOfDomain, { accountId, identifier });
    },
    async expireDue(now) {
      return session.run(q.expireDue, { now: now.getTime() });
    },
  };
}

/** None holds for any key unless it says so: a proof from before there were bindings stays out of every look-up. */
function servesKeyOf({ binding, keyHash }: Pick<Authorization, 'binding' | 'keyHash'>): string | null {
  if (binding === null) return null;
  return binding === 'request' ? keyHash : anyKey;
}

type Stored<T> = T extends { readonly binding: unknown } ? Omit<T, 'binding'> & Partial<Pick<T, 'binding'>> : never;

/** What was stored before there were bindings is read as the strictest, but for mails: their secrets have always been ours. */
function bindingOf({ method, binding }: { readonly method: ValidationMethod; readonly binding?: Binding }): Binding {
  return binding ?? (method === 'email' ? 'server' : 'request');
}

function challengesFromJson(text: string): readonly Challenge[] {
  return fromJson<readonly Stored<Challenge>[]>(text).map((challenge) =>
    challenge.method === 'email'
      ? { ...challenge, binding: 'server' }
      : { ...challenge, binding: bindingOf(challenge) },
  );
}

/** `JSON.stringify` writes a date as ISO text; this is where it becomes one again. */
function checksFromJson(text: string): readonly CheckResult[] {
  if (text === '[]') return [];
  const checks = fromJson<readonly (Omit<Stored<CheckResult>, 'checkedAt'> & { readonly checkedAt: string })[]>(text);
  return checks.map((check) => ({ ...check, binding: bindingOf(check), checkedAt: new Date(check.checkedAt) }));
}

function toRow(authorization: Authorization): AuthorizationRow {
  return {
    id: authorization.id,
    account_id: authorization.accountId,
    issuance_id: authorization.issuanceId,
    identifier_kind: authorization.identifier.kind,
    identifier: authorization.identifier.value,
    state: authorization.state,
    challenges_json: toJson(authorization.challenges),
    preferred_method: authorization.preferredMethod,
    checks_json: toJson(authorization.checks),
    proved_by: authorization.provedBy,
    proved_at: toMsOrNull(authorization.provedAt),
    valid_until: toMsOrNull(authorization.validUntil),
    created_at: authorization.createdAt.getTime(),
    binding: authorization.binding,
    serves_key: servesKeyOf(authorization),
  };
}

/** The two lists are read from their JSON when they are looked at: most orders only ask whether a proof is valid. */
function fromRow(row: AuthorizationRow): Authorization {
  let challenges: Authorization['challenges'] | undefined;
  let checks: Authorization['checks'] | undefined;
  return {
    id: row.id,
    accountId: row.account_id,
    issuanceId: row.issuance_id,
    identifier: { kind: row.identifier_kind, value: row.identifier },
    state: row.state,
    get challenges() {
      challenges ??= challengesFromJson(row.challenges_json);
      return challenges;
    },
    preferredMethod: row.preferred_method,
    get checks() {
      checks ??= checksFromJson(row.checks_json);
      return checks;
    },
    provedBy: row.proved_by,
    binding: row.binding,
    keyHash: row.serves_key === anyKey ? null : row.serves_key,
    provedAt: fromMsOrNull(row.proved_at),
    validUntil: fromMsOrNull(row.valid_until),
    createdAt: fromMs(row.created_at),
  };
}
