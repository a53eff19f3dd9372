/** Issuances, and the index of the names that orders ask for. */

import { sql } from 'kysely';
import type { AccountId, CertificateId, IssuanceId, OrderId } from '../../domain/ids.ts';
import type { IssuanceStore } from '../../domain/ports/stores/issuances.ts';
import type { IssuanceState } from '../../domain/states.ts';
import { type Flag, toJson, toJsonOrNull, toMsOrNull } from '../columns.ts';
import { listByIdsStatement, numberedStatements, numberedStore } from '../numbered.ts';
import { each, sized, statement } from '../prepared.ts';
import { issuanceSummaries, issuances, planJson, restJson, textOf } from '../rows/issuances.ts';
import { allOf, type Session } from '../session.ts';

const summaryColumns = issuanceSummaries.columns.filter((name) => name !== 'has_csr');

interface Move {
  id: IssuanceId;
  from: readonly IssuanceState[];
  to: IssuanceState;
  plan: string | null;
  names: string | null;
  namesText: string | null;
  certificateId: CertificateId | null;
  failure: string | null;
  validatingSince: number | null;
}

export const issuanceStatements = {
  ...numberedStatements(issuances),
  listByIds: listByIdsStatement(issuances),
  /** A reissue asks for names that the order had already, and a filled-up list repeats its last. */
  insertNames: sized((size) =>
    statement((db, p: { orderId: OrderId; names: readonly string[] }) =>
      db
        .insertInto('order_names')
        .values((row) =>
          each(p.names, size).map((name) => ({
            name,
            order_number: row.selectFrom('orders').select('number').where('id', '=', p.orderId),
          })),
        )
        .onConflict((conflict) => conflict.doNothing()),
    ),
  ),
  listSummaries: sized((size) =>
    statement((db, p: { ids: readonly IssuanceId[] }) =>
      db
        .selectFrom('issuances')
        .select(summaryColumns)
        .select(sql<Flag>`csr is not null`.as('has_csr'))
        .where('id', 'in', each(p.ids, size)),
    ),
  ),
  listNewestOfOrder: statement((db, p: { orderId: OrderId; before: number; limit: number }) =>
    db
      .selectFrom('issuances')
      .selectAll()
      .where('order_id', '=', p.orderId)
      .where('number', '<', p.before)
      .orderBy('number', 'desc')
      .limit(p.limit),
  ),
  // The state is written out, not bound, so that the partial index is known to fit.
  listAwaiting: statement((db, p: { accountId: AccountId; name: string; below: string }) =>
    db
      .selectFrom('issuances')
      .select('id')
      .where('account_id', '=', p.accountId)
      .where('state', '=', sql.lit('awaitingValidation'))
      .where((row) => row.or([row('names_text', 'like', p.name), row('names_text', 'like', p.below)]))
      .orderBy('number'),
  ),
  listOfOrder: statement((db, p: { orderId: OrderId }) =>
    db.selectFrom('issuances').selectAll().where('order_id', '=', p.orderId).orderBy('number'),
  ),
  move: sized((size) =>
    statement((db, p: Move) =>
      db
        .updateTable('issuances')
        .set((row) => ({
          state: p.to,
          plan_json: row.fn.coalesce(row.val(p.plan), 'plan_json'),
          names_json: row.fn.coalesce(row.val(p.names), 'names_json'),
          names_text: row.fn.coalesce(row.val(p.namesText), 'names_text'),
          certificate_id: row.fn.coalesce(row.val(p.certificateId), 'certificate_id'),
          failure_json: row.fn.coalesce(row.val(p.failure), 'failure_json'),
          validating_since: row.fn.coalesce(row.val(p.validatingSince), 'validating_since'),
          rest_json: null,
        }))
        .where('id', '=', p.id)
        .where('state', 'in', each(p.from, size)),
    ),
  ),
  updateRest: statement((db, p: { id: IssuanceId; rest: string | null }) =>
    db.updateTable('issuances').set({ rest_json: p.rest }).where('id', '=', p.id),
  ),
  // The condition is that of the partial index.
  listResting: statement((db, p: { accountId: AccountId }) =>
    db
      .selectFrom('issuances')
      .select(['id', 'state', 'issuer_id'])
      .where('account_id', '=', p.accountId)
      .where('rest_json', 'is not', null),
  ),
  listAllResting: statement((db, _: object) =>
    db
      .selectFrom('issuances')
      .select(['id', 'state', 'issuer_id'])
      // True of every row: so that the index is searched.
      .where('account_id', '>', sql.lit('') as never)
      .where('rest_json', 'is not', null),
  ),
  // The primary key is the number: it reads the rows of the range and no others.
  listSigning: statement((db, p: { after: number; upTo: number }) =>
    db
      .selectFrom('issuances')
      .select('id')
      .where('number', '>', p.after)
      .where('number', '<=', p.upTo)
      .where('state', '=', 'issuing')
      .where('plan_json', 'is not', null)
      .where((row) =>
        row.not(
          row.exists(
            row
              .selectFrom('jobs')
              .select('jobs.subject')
              .where('jobs.kind', '=', 'issue')
              .whereRef('jobs.subject', '=', sql.ref<string>('issuances.id')),
          ),
        ),
      ),
  ),
  oldestNumber: statement((db, _: object) =>
    db.selectFrom('issuances').select((row) => row.fn.min('number').as('number')),
  ),
  newestNumber: statement((db, _: object) =>
    db.selectFrom('issuances').select((row) => row.fn.max('number').as('number')),
  ),
  updateNames: statement((db, p: { id: IssuanceId; names: string; namesText: string }) =>
    db.updateTable('issuances').set({ names_json: p.names, names_text: p.namesText }).where('id', '=', p.id),
  ),
  updateCsr: statement((db, p: { id: IssuanceId; csr: Uint8Array | null; sealedKey: Uint8Array | null }) =>
    db
      .updateTable('issuances')
      .set({ csr: p.csr, sealed_key: p.sealedKey })
      .where('id', '=', p.id)
      .where('csr', 'is', null),
  ),
  reduce: statement((db, p: { id: IssuanceId; names: string; namesText: string; chargedMinor: number }) =>
    db
      .updateTable('issuances')
      .set({ names_json: p.names, names_text: p.namesText, charged_minor: p.chargedMinor })
      .where('id', '=', p.id),
  ),
};

export function createIssuanceStore(session: Session): IssuanceStore {
  const q = issuanceStatements;
  const numbered = numberedStore(session, issuances, q);
  return {
    ...numbered,
    async insert(issuance) {
      const inserted = await numbered.insert(issuance);
      const names = issuance.names.map((name) => name.identifier.value);
      if (names.length > 0) await session.run(q.insertNames(names.length), { orderId: issuance.orderId, names });
      return inserted;
    },
    async listByIds(ids) {
      return (await allOf(session, q.listByIds, ids)).map(issuances.fromRow);
    },
    async listAwaiting(accountId, name) {
      // Names hold neither `%` nor `_`.
      const values = { accountId, name: `% ${name} %`, below: `%.${name} %` };
      return (await session.all(q.listAwaiting, values)).map((row) => row.id);
    },
    async listSummaries(ids) {
      return (await allOf(session, q.listSummaries, ids)).map(issuanceSummaries.fromRow);
    },
    async listNewestOfOrder(orderId, { limit, before = Number.MAX_SAFE_INTEGER }) {
      return (await session.all(q.listNewestOfOrder, { orderId, before, limit })).map(issuances.fromRow);
    },
    async listOfOrder(orderId) {
      return (await session.all(q.listOfOrder, { orderId })).map(issuances.fromRow);
    },
    async move(id, from, to, change = {}) {
      const values: Move = {
        id,
        from,
        to,
        plan: change.plan === undefined ? null : planJson.write(change.plan),
        names: toJsonOrNull(change.names),
        namesText: change.names === undefined ? null : textOf(change.names),
        certificateId: change.certificateId ?? null,
        failure: toJsonOrNull(change.failure),
        validatingSince: toMsOrNull(change.validatingSince),
      };
      return (await session.run(q.move(from.length), values)) === 1;
    },
    async updateRest(id, rest) {
      await session.run(q.updateRest, { id, rest: rest && restJson.write(rest) });
    },
    async listResting(accountId) {
      const rows = await (accountId === null
        ? session.all(q.listAllResting, {})
        : session.all(q.listResting, { accountId }));
      return rows.map(({ id, state, issuer_id: issuerId }) => ({ id, state, issuerId }));
    },
    async listSigning(range) {
      return (await session.all(q.listSigning, range)).map((row) => row.id);
    },
    async oldestNumber() {
      return (await session.first(q.oldestNumber, {}))?.number ?? 0;
    },
    async newestNumber() {
      return (await session.first(q.newestNumber, {}))?.number ?? 0;
    },
    async updateNames(id, names) {
      await session.run(q.updateNames, { id, names: toJson(names), namesText: textOf(names) });
    },
    async updateCsr(id, { csr, sealedKey }) {
      await session.run(q.updateCsr, { id, csr, sealedKey });
    },
    async reduce(id, { names, chargedMinor }) {
      await session.run(q.reduce, { id, names: toJson(names), namesText: textOf(names), chargedMinor });
    },
  };
}
