/** Totals over all accounts: few orders are looked at, many have counters in the projection (decision 0032). */
import { sql } from 'kysely';
import type { TotalStore, Totals } from '../../domain/ports/stores/totals.ts';
import type { OrderState } from '../../domain/states.ts';
import { statement } from '../prepared.ts';
import { stateOf } from '../rows/listings.ts';
import type { Session } from '../session.ts';
import { haveManyOrders, manyOrders } from './large-accounts.ts';

const dayMs = 86_400_000;

export const totalStatements = {
  listOrders: statement((db, _: object) =>
    db.selectFrom('orders').select(['state', 'certificate_until']).orderBy('number').limit(sql.lit(manyOrders)),
  ),
};

export function createTotalStore(session: Session): TotalStore {
  return {
    async get() {
      if (!(await haveManyOrders(session))) return ofFew(session);
      return (await session.isListed()) ? ofMany(session) : undefined;
    },
  };
}

async function ofFew(session: Session): Promise<Totals> {
  const orders = new Map<OrderState, number>();
  const certificateEnds = new Map<number, number>();
  for (const { state, certificate_until: endsAt } of await session.all(totalStatements.listOrders, {})) {
    add(orders, state, 1);
    if (state === 'active' && endsAt !== null) add(certificateEnds, Math.floor(endsAt / dayMs), 1);
  }
  return { orders, certificateEnds };
}

async function ofMany(session: Session): Promise<Totals> {
  const states = await session.beside((db) =>
    db
      .selectFrom('order_counts')
      .select((row) => ['state', row.fn.sum<number | string>('orders').as('total')])
      .groupBy('state'),
  );
  const days = await session.beside((db) =>
    db.selectFrom('certificate_end_counts').select(['day', 'orders']).where('orders', '>', 0),
  );
  const orders = new Map<OrderState, number>();
  for (const { state: number, total } of states) {
    const state = stateOf(number);
    if (state !== undefined) add(orders, state, Number(total));
  }
  return { orders, certificateEnds: new Map(days.map((one) => [one.day, one.orders])) };
}

function add<K>(counts: Map<K, number>, key: K, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}
