/** Issuances, and the index of the names that orders ask for. */

import { sql } from 'kysely';
import type { AccountId, CertificateId, IssuanceId, OrderId } from '../../domain/ids.ts';
import type {
  Issuance,
  IssuanceName,
  IssuancePlan,
  IssuanceState,
  IssuanceSummary,
  RequestedValidity,
  Rest,
} from '../../domain/issuance.ts';
import type { IssuanceStore } from '../../domain/ports/stores/issuances.ts';
import { fromJson, fromJsonOrNull, fromMs, fromMsOrNull, toJson, toJsonOrNull, toMsOrNull } from '../columns.ts';
import { each, pick, sized, statement } from '../prepared.ts';
import { allOf, type Session } from '../session.ts';
import type { IssuanceRow } from '../tables.ts';

const columns = [
  'number',
  'id',
  'order_id',
  'account_id',
  'kind',
  'state',
  'names_json',
  'names_text',
  'csr',
  'proof_reference',
  'sealed_key',
  'profile_id',
  'issuer_id',
  'validity_json',
  'plan_json',
  'charged_minor',
  'validating_since',
  'certificate_id',
  'failure_json',
  'rest_json',
  'created_at',
] as const satisfies readonly (keyof IssuanceRow)[];

/** What lists need, small however many names there are: `names_text` is cut up, not parsed. */
const summaryColumns = [
  'number',
  'id',
  'order_id',
  'account_id',
  'kind',
  'state',
  'names_text',
  'proof_reference',
  'profile_id',
  'issuer_id',
  'charged_minor',
  'validating_since',
  'certificate_id',
  'failure_json',
  'rest_json',
  'created_at',
] as const satisfies readonly (keyof IssuanceRow)[];

type SummaryRow = Pick<IssuanceRow, (typeof summaryColumns)[number]> & { readonly has_csr: number };

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
  insert: statement((db, p: IssuanceRow) => db.insertInto('issuances').values(pick(p, columns))),
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
  get: statement((db, p: { id: IssuanceId }) => db.selectFrom('issuances').selectAll().where('id', '=', p.id)),
  getByNumber: statement((db, p: { number: number }) =>
    db.selectFrom('issuances').selectAll().where('number', '=', p.number),
  ),
  listByIds: sized((size) =>
    statement((db, p: { ids: readonly IssuanceId[] }) =>
      db.selectFrom('issuances').selectAll().where('id', 'in', each(p.ids, size)),
    ),
  ),
  listSummaries: sized((size) =>
    statement((db, p: { ids: readonly IssuanceId[] }) =>
      db
        .selectFrom('issuances')
        .select(summaryColumns)
        .select(sql<number>`csr is not null`.as('has_csr'))
        .where('id', 'in', each(p.ids, size)),
    ),
  ),
  listNewestOfOrder: statement((db, p: { orderId: OrderId; limit: number }) =>
    db.selectFrom('issuances').selectAll().where('order_id', '=', p.orderId).orderBy('number', 'desc').limit(p.limit),
  ),
  listMade: statement((db, p: { after: number; limit: number }) =>
    db
      .selectFrom('issuances')
      .select(['id', 'number', 'csr'])
      .where('sealed_key', 'is not', sql.lit(null))
      .where('number', '>', p.after)
      .orderBy('number')
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
  return {
    async insert(issuance) {
      const numbered = { ...issuance, number: await session.nextNumber('issuances') };
      await session.run(q.insert, toRow(numbered));
      const names = issuance.names.map((name) => name.identifier.value);
      if (names.length > 0) await session.run(q.insertNames(names.length), { orderId: issuance.orderId, names });
      return numbered;
    },
    async get(id) {
      const row = await session.first(q.get, { id });
      return row && fromRow(row);
    },
    async getByNumber(number) {
      const row = await session.first(q.getByNumber, { number });
      return row && fromRow(row);
    },
    async listByIds(ids) {
      return (await allOf(session, q.listByIds, ids)).map(fromRow);
    },
    async listAwaiting(accountId, name) {
      // Names hold neither `%` nor `_`.
      const values = { accountId, name: `% ${name} %`, below: `%.${name} %` };
      return (await session.all(q.listAwaiting, values)).map((row) => row.id);
    },
    async listSummaries(ids) {
      return (await allOf(session, q.listSummaries, ids)).map(summaryFromRow);
    },
    async listNewestOfOrder(orderId, limit) {
      return (await session.all(q.listNewestOfOrder, { orderId, limit })).map(fromRow);
    },
    async listOfOrder(orderId) {
      return (await session.all(q.listOfOrder, { orderId })).map(fromRow);
    },
    async move(id, from, to, change = {}) {
      const values: Move = {
        id,
        from,
        to,
        plan: change.plan === undefined ? null : planToJson(change.plan),
        names: toJsonOrNull(change.names),
        namesText: change.names === undefined ? null : textOf(change.names),
        certificateId: change.certificateId ?? null,
        failure: toJsonOrNull(change.failure),
        validatingSince: toMsOrNull(change.validatingSince),
      };
      return (await session.run(q.move(from.length), values)) === 1;
    },
    async updateRest(id, rest) {
      await session.run(q.updateRest, { id, rest: rest && restToJson(rest) });
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
    async newestNumber() {
      return (await session.first(q.newestNumber, {}))?.number ?? 0;
    },
    async listMade(query) {
      return session.all(q.listMade, query);
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

/** No name holds a blank, so that each is found by the blanks around it. */
function textOf(names: readonly IssuanceName[]): string {
  return ` ${names.map(({ identifier }) => identifier.value).join(' ')} `;
}

interface PlanJson extends Omit<IssuancePlan, 'notBefore' | 'notAfter'> {
  readonly notBefore: number;
  readonly notAfter: number;
}

function planToJson(plan: IssuancePlan): string {
  const json: PlanJson = { ...plan, notBefore: plan.notBefore.getTime(), notAfter: plan.notAfter.getTime() };
  return toJson(json);
}

function planFromJson(text: string): IssuancePlan {
  const plan = fromJson<PlanJson>(text);
  return { ...plan, notBefore: fromMs(plan.notBefore), notAfter: fromMs(plan.notAfter) };
}

interface RestJson extends Omit<Rest, 'since'> {
  readonly since: number;
}

function restToJson(rest: Rest): string {
  const json: RestJson = { ...rest, since: rest.since.getTime() };
  return toJson(json);
}

function restFromJson(text: string): Rest {
  const rest = fromJson<RestJson>(text);
  return { ...rest, since: fromMs(rest.since) };
}

function toRow(issuance: Issuance): IssuanceRow {
  return {
    number: issuance.number,
    id: issuance.id,
    order_id: issuance.orderId,
    account_id: issuance.accountId,
    kind: issuance.kind,
    state: issuance.state,
    names_json: toJson(issuance.names),
    names_text: textOf(issuance.names),
    csr: issuance.csr,
    proof_reference: issuance.proofReference,
    sealed_key: issuance.sealedKey,
    profile_id: issuance.profileId,
    issuer_id: issuance.issuerId,
    validity_json: toJsonOrNull(issuance.validity),
    plan_json: issuance.plan && planToJson(issuance.plan),
    charged_minor: issuance.chargedMinor,
    validating_since: toMsOrNull(issuance.validatingSince),
    certificate_id: issuance.certificateId,
    failure_json: toJsonOrNull(issuance.failure),
    rest_json: issuance.rest && restToJson(issuance.rest),
    created_at: issuance.createdAt.getTime(),
  };
}

function summaryFromRow(row: SummaryRow): IssuanceSummary {
  let names: readonly string[] | undefined;
  return {
    id: row.id,
    number: row.number,
    orderId: row.order_id,
    accountId: row.account_id,
    kind: row.kind,
    state: row.state,
    get names() {
      names ??= row.names_text.trim().split(' ');
      return names;
    },
    hasCsr: row.has_csr === 1,
    proofReference: row.proof_reference,
    profileId: row.profile_id,
    issuerId: row.issuer_id,
    chargedMinor: row.charged_minor,
    validatingSince: fromMsOrNull(row.validating_since),
    certificateId: row.certificate_id,
    failure: fromJsonOrNull(row.failure_json),
    rest: row.rest_json === null ? null : restFromJson(row.rest_json),
    createdAt: fromMs(row.created_at),
  };
}

/** The names are read from their JSON when they are looked at: of all issuances of an order, hardly anybody asks for them. */
function fromRow(row: IssuanceRow): Issuance {
  let names: Issuance['names'] | undefined;
  return {
    id: row.id,
    number: row.number,
    orderId: row.order_id,
    accountId: row.account_id,
    kind: row.kind,
    state: row.state,
    get names() {
      names ??= fromJson<Issuance['names']>(row.names_json);
      return names;
    },
    csr: row.csr,
    proofReference: row.proof_reference,
    sealedKey: row.sealed_key,
    profileId: row.profile_id,
    issuerId: row.issuer_id,
    validity: validityFrom(row.validity_json),
    plan: row.plan_json === null ? null : planFromJson(row.plan_json),
    chargedMinor: row.charged_minor,
    validatingSince: fromMsOrNull(row.validating_since),
    certificateId: row.certificate_id,
    failure: fromJsonOrNull(row.failure_json),
    rest: row.rest_json === null ? null : restFromJson(row.rest_json),
    createdAt: fromMs(row.created_at),
  };
}

/** JSON has no dates: `until` is text in it. */
function validityFrom(text: string | null): RequestedValidity | null {
  const stored = fromJsonOrNull<{ readonly days: number } | { readonly until: string }>(text);
  return stored !== null && 'until' in stored ? { until: new Date(stored.until) } : stored;
}
