/** Queries of the feed of changed orders. Each is short of what feeds show, since they are long. */
import { sql } from 'kysely';
import { type AccountId, numberOf, type OrderId } from '../../domain/ids.ts';
import type { ChangedOrder } from '../../domain/ports/orders.ts';
import { type Flag, fromMsOrNull } from '../fields.ts';
import type { Builder } from '../prepared.ts';
import { sequencesOf, sequencesOfSubjects } from './events.ts';

export function eventsBeforeQuery(
  db: Builder,
  { accountId, before, limit }: { readonly accountId: AccountId; readonly before: number; readonly limit: number },
) {
  return db
    .selectFrom('events')
    .select(['sequence', 'subject', 'at'])
    .where('sequence', 'in', sequencesOf({ accountId, before, limit, order: 'desc' }))
    .orderBy('sequence', 'desc')
    .limit(limit);
}

/** Those of the orders that have an event from `start` on, between the two moments; some more than once. */
export function laterSubjectsQuery(
  db: Builder,
  span: { readonly ids: readonly OrderId[]; readonly start: number; readonly fromMs: number; readonly untilMs: number },
) {
  return db
    .selectFrom('events')
    .select('subject')
    .where('sequence', 'in', sequencesOfSubjects(span.ids, span.start))
    .where('at', '>=', span.fromMs)
    .where('at', '<=', span.untilMs);
}

/** How these orders stand now. */
export function changedQuery(
  db: Builder,
  { ids, dialect }: { readonly ids: readonly OrderId[]; readonly dialect: string | undefined },
) {
  return db
    .selectFrom('orders')
    .innerJoin('issuances as newest', 'newest.number', 'orders.issuance_number')
    .select(['orders.id', 'orders.number', 'orders.state', 'orders.coverage_until'])
    .select(['newest.number as issuance_number', 'newest.state as issuance_state', 'newest.validating_since'])
    .select(sql<Flag>`case when newest.csr is null then 0 else 1 end`.as('has_csr'))
    .where('orders.number', 'in', ids.map(numberOf))
    .where('orders.id', 'in', ids)
    .$if(dialect !== undefined, (some) => some.where('orders.dialect', '=', dialect ?? ''));
}

export type ChangedRow = Awaited<ReturnType<ReturnType<typeof changedQuery>['execute']>>[number];

export function changedFromRow(row: ChangedRow): Omit<ChangedOrder, 'now'> {
  return {
    order: { id: row.id, number: row.number, state: row.state, coverageUntil: fromMsOrNull(row.coverage_until) },
    issuance: {
      number: row.issuance_number,
      state: row.issuance_state,
      validatingSince: fromMsOrNull(row.validating_since),
      hasCsr: Number(row.has_csr) === 1,
    },
  };
}
