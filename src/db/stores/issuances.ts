/** Issuances, and the index of the names that orders ask for. */

import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type AccountId, type CertificateId, type IssuanceId, numberOf } from '../../domain/ids.ts';
import type { IssuanceName } from '../../domain/issuance.ts';
import type { IssuanceStore } from '../../domain/ports/stores/issuances.ts';
import type { IssuanceState } from '../../domain/states.ts';
import { type Flag, toJsonOrNull, toMsOrNull } from '../fields.ts';
import { type Key, keyOf, numberedIdStatements, numberedIdStore, rowsByIds } from '../numbered.ts';
import { each, sized, statement } from '../prepared.ts';
import { findingJson, issuanceSummaries, issuances, planJson, proofsJoined, restJson, textOf } from '../rows/orders.ts';
import { allOf, type Session } from '../session.ts';

const summaryColumns = issuanceSummaries.columns.filter((name) => name !== 'has_csr');

const restingColumns = ['id', 'account_id', 'state', 'issuer_id'] as const;
/** Before every account. */
const noAccount = '' as AccountId;

/** Names as their columns have them. */
type Names = ReturnType<typeof namesOf>;

interface Move extends Key<IssuanceId> {
  from: readonly IssuanceState[];
  to: IssuanceState;
  plan: string | null;
  proofs: Uint8Array | null;
  namesText: string | null;
  nameCount: number | null;
  certificateId: CertificateId | null;
  certificateNumber: number | null;
  failure: string | null;
  validatingSince: number | null;
}

export const issuanceStatements = {
  ...numberedIdStatements(issuances),
  /** A reissue asks for names that the order had already, and a filled-up list repeats its last. */
  insertNames: sized((size) =>
    statement((db, p: { orderNumber: number; names: readonly string[] }) =>
      db
        .insertInto('order_names')
        .values(each(p.names, size).map((name) => ({ name, order_number: p.orderNumber })))
        .onConflict((conflict) => conflict.doNothing()),
    ),
  ),
  listSummaries: sized((size) =>
    statement((db, p: { ids: readonly number[] }) =>
      db
        .selectFrom('issuances')
        .select(summaryColumns)
        .select(sql<Flag>`csr is not null`.as('has_csr'))
        .where('number', 'in', each(p.ids, size)),
    ),
  ),
  listNewestOfOrder: statement((db, p: { orderNumber: number; before: number; limit: number }) =>
    db
      .selectFrom('issuances')
      .selectAll()
      .where('number', 'in', issuancesOf(sql`(${p.orderNumber})`))
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
      // Not LIKE, for whose pattern SQLite would plan again in each run.
      .where(sql<SqlBool>`(instr(names_text, ${p.name}) > 0 or instr(names_text, ${p.below}) > 0)`)
      .orderBy('number'),
  ),
  listOfOrder: statement((db, p: { orderNumber: number }) =>
    db
      .selectFrom('issuances')
      .selectAll()
      .where('number', 'in', issuancesOf(sql`(${p.orderNumber})`))
      .orderBy('number'),
  ),
  move: sized((size) =>
    statement((db, p: Move) =>
      db
        .updateTable('issuances')
        .set((row) => ({
          state: p.to,
          plan_json: sql<string | null>`case when ${p.to} = 'issued' then null else coalesce(${p.plan}, plan_json) end`,
          proofs: row.fn.coalesce(row.val(p.proofs), 'proofs'),
          names_text: row.fn.coalesce(row.val(p.namesText), 'names_text'),
          name_count: row.fn.coalesce(row.val(p.nameCount), 'name_count'),
          certificate_id: row.fn.coalesce(row.val(p.certificateId), 'certificate_id'),
          certificate_number: row.fn.coalesce(row.val(p.certificateNumber), 'certificate_number'),
          failure_json: row.fn.coalesce(row.val(p.failure), 'failure_json'),
          validating_since: row.fn.coalesce(row.val(p.validatingSince), 'validating_since'),
          rest_json: null,
          finding_json: null,
        }))
        .where('number', '=', p.number)
        .where('id', '=', p.id)
        .where('state', 'in', each(p.from, size)),
    ),
  ),
  updateRest: statement((db, p: Key<IssuanceId> & { rest: string | null }) =>
    db.updateTable('issuances').set({ rest_json: p.rest }).where('number', '=', p.number).where('id', '=', p.id),
  ),
  updateIssuer: statement((db, p: Key<IssuanceId> & { issuerId: string }) =>
    db.updateTable('issuances').set({ issuer_id: p.issuerId }).where('number', '=', p.number).where('id', '=', p.id),
  ),
  updateFinding: statement((db, p: Key<IssuanceId> & { finding: string | null }) =>
    db.updateTable('issuances').set({ finding_json: p.finding }).where('number', '=', p.number).where('id', '=', p.id),
  ),
  // The condition is that of the partial index.
  listResting: statement((db, p: { accountId: AccountId; after: number; limit: number }) =>
    db
      .selectFrom('issuances')
      .select(restingColumns)
      .where('account_id', '=', p.accountId)
      .where('rest_json', 'is not', null)
      .where('number', '>', p.after)
      .orderBy('number')
      .limit(p.limit),
  ),
  listRestingOfLaterAccounts: statement((db, p: { accountId: AccountId; limit: number }) =>
    db
      .selectFrom('issuances')
      .select(restingColumns)
      .where('account_id', '>', p.accountId)
      .where('rest_json', 'is not', null)
      .orderBy('account_id')
      .orderBy('number')
      .limit(p.limit),
  ),
  // The primary key is the number: it reads the rows of the range and no others.
  listSigning: statement((db, p: { after: number; upTo: number }) =>
    db
      .selectFrom('issuances')
      .select('id')
      .where('number', '>', p.after)
      .where('number', '<=', p.upTo)
      .where('state', '=', 'issuing')
      .where('plan_json', 'is not', null),
  ),
  listWithJob: sized((size) =>
    statement((db, p: { ids: readonly string[] }) =>
      db.selectFrom('jobs').select('subject').where('kind', '=', 'issue').where('subject', 'in', each(p.ids, size)),
    ),
  ),
  oldestNumber: statement((db, _: object) =>
    db.selectFrom('issuances').select((row) => row.fn.min('number').as('number')),
  ),
  newestNumber: statement((db, _: object) =>
    db.selectFrom('issuances').select((row) => row.fn.max('number').as('number')),
  ),
  countAwaiting: statement((db, p: { accountId: AccountId }) =>
    db
      .selectFrom('issuances')
      .select((row) => [row.fn.countAll<number>().as('orders'), row.fn.sum<number | null>('name_count').as('names')])
      .where('account_id', '=', p.accountId)
      .where('state', '=', sql.lit('awaitingValidation')),
  ),
  updateNames: statement((db, p: Key<IssuanceId> & Names) =>
    db
      .updateTable('issuances')
      .set({ proofs: p.proofs, names_text: p.namesText, name_count: p.nameCount })
      .where('number', '=', p.number)
      .where('id', '=', p.id),
  ),
  updateCsr: statement((db, p: Key<IssuanceId> & { csr: Uint8Array | null; sealedKey: Uint8Array | null }) =>
    db
      .updateTable('issuances')
      .set({ csr: p.csr, sealed_key: p.sealedKey })
      .where('number', '=', p.number)
      .where('id', '=', p.id)
      .where('csr', 'is', null),
  ),
  replaceCsr: statement((db, p: Key<IssuanceId> & { csr: Uint8Array }) =>
    db
      .updateTable('issuances')
      .set({ csr: p.csr })
      .where('number', '=', p.number)
      .where('id', '=', p.id)
      .where('state', '=', 'awaitingApproval'),
  ),
  replaceKey: statement((db, p: Key<IssuanceId> & { csr: Uint8Array; sealedKey: Uint8Array }) =>
    db
      .updateTable('issuances')
      .set({ csr: p.csr, sealed_key: p.sealedKey })
      .where('number', '=', p.number)
      .where('id', '=', p.id)
      .where('sealed_key', 'is not', null),
  ),
  reduce: statement((db, p: Key<IssuanceId> & Names & { chargedMinor: number }) =>
    db
      .updateTable('issuances')
      .set({ proofs: p.proofs, names_text: p.namesText, name_count: p.nameCount, charged_minor: p.chargedMinor })
      .where('number', '=', p.number)
      .where('id', '=', p.id),
  ),
};

/**
 * The numbers of the issuances of orders: the first, which each order names, and those in the index of later ones.
 * @param orders their numbers, in brackets
 */
export function issuancesOf(orders: RawBuilder<unknown>): RawBuilder<number> {
  return sql`(
    select first_issuance_number from orders where number in ${orders}
    union all select number from issuances where order_number in ${orders} and kind <> 'new')`;
}

export function createIssuanceStore(session: Session): IssuanceStore {
  const q = issuanceStatements;
  const numbered = numberedIdStore(session, issuances, q);
  return {
    ...numbered,
    async insert(issuance) {
      const inserted = await numbered.insert(issuance);
      const names = issuance.names.map((name) => name.identifier.value);
      if (names.length > 0)
        session.write(q.insertNames(names.length), { orderNumber: numberOf(issuance.orderId), names });
      return inserted;
    },
    async countAwaiting(accountId) {
      const counted = await session.first(q.countAwaiting, { accountId });
      return { orders: Number(counted?.orders ?? 0), names: Number(counted?.names ?? 0) };
    },
    async listAwaiting(accountId, name) {
      // Names hold neither `%` nor `_`.
      const values = { accountId, name: ` ${name} `, below: `.${name} ` };
      return (await session.all(q.listAwaiting, values)).map((row) => row.id);
    },
    async listSummaries(ids) {
      return (await rowsByIds(session, q.listSummaries, ids)).map(issuanceSummaries.fromRow);
    },
    async listNewestOfOrder(orderId, { limit, before = Number.MAX_SAFE_INTEGER }) {
      const values = { orderNumber: numberOf(orderId), before, limit };
      return (await session.all(q.listNewestOfOrder, values)).map(issuances.fromRow);
    },
    async listOfOrder(orderId) {
      return (await session.all(q.listOfOrder, { orderNumber: numberOf(orderId) })).map(issuances.fromRow);
    },
    async move(id, from, to, change = {}) {
      const values: Move = {
        ...keyOf(id),
        from,
        to,
        plan: change.plan === undefined ? null : planJson.write(change.plan),
        proofs: change.names === undefined ? null : proofsJoined(change.names),
        namesText: change.names === undefined ? null : textOf(change.names),
        nameCount: change.names?.length ?? null,
        certificateId: change.certificateId ?? null,
        certificateNumber: change.certificateId === undefined ? null : numberOf(change.certificateId),
        failure: toJsonOrNull(change.failure),
        validatingSince: toMsOrNull(change.validatingSince),
      };
      return (await session.run(q.move(from.length), values)) === 1;
    },
    async updateFinding(id, finding) {
      session.write(q.updateFinding, { ...keyOf(id), finding: finding && findingJson.write(finding) });
    },
    async updateIssuer(id, issuerId) {
      session.write(q.updateIssuer, { ...keyOf(id), issuerId });
    },
    async updateRest(id, rest) {
      session.write(q.updateRest, { ...keyOf(id), rest: rest && restJson.write(rest) });
    },
    async listResting(accountId, { after, limit }) {
      const from = accountId ?? after?.accountId;
      const place = { accountId: from ?? noAccount, after: after === undefined ? 0 : numberOf(after.id), limit };
      const same = from === undefined ? [] : await session.all(q.listResting, place);
      const left = limit - same.length;
      const isOver = accountId !== null || left === 0;
      const later = isOver ? [] : await session.all(q.listRestingOfLaterAccounts, { ...place, limit: left });
      return [...same, ...later].map(({ id, account_id: accountId, state, issuer_id: issuerId }) => ({
        id,
        accountId,
        state,
        issuerId,
      }));
    },
    async listSigning(range) {
      const ids = (await session.all(q.listSigning, range)).map((row) => row.id);
      const queued = new Set((await allOf(session, q.listWithJob, ids)).map(({ subject }) => subject));
      return ids.filter((id) => !queued.has(id));
    },
    async oldestNumber() {
      return (await session.first(q.oldestNumber, {}))?.number ?? 0;
    },
    async newestNumber() {
      return (await session.first(q.newestNumber, {}))?.number ?? 0;
    },
    async updateNames(id, names) {
      session.write(q.updateNames, { ...keyOf(id), ...namesOf(names) });
    },
    async updateCsr(id, { csr, sealedKey }) {
      session.write(q.updateCsr, { ...keyOf(id), csr, sealedKey });
    },
    async replaceCsr(id, csr) {
      return (await session.run(q.replaceCsr, { ...keyOf(id), csr })) === 1;
    },
    async replaceKey(id, key) {
      return (await session.run(q.replaceKey, { ...keyOf(id), ...key })) === 1;
    },
    async reduce(id, { names, chargedMinor }) {
      session.write(q.reduce, { ...keyOf(id), ...namesOf(names), chargedMinor });
    },
  };
}

function namesOf(names: readonly IssuanceName[]) {
  return { proofs: proofsJoined(names), namesText: textOf(names), nameCount: names.length };
}
