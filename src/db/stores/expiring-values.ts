/** Values that expire. The shelf is the beginning of the key, so that one shelf is one stretch of the table. */
import type { ExpiringShelf } from '../../domain/ports/expiring.ts';
import type { ExpiringValueStore } from '../../domain/ports/stores/expiring-values.ts';
import { pick, statement } from '../prepared.ts';
import { type ExpiringValueRow, expiringValues } from '../rows/settings.ts';
import type { Session } from '../session.ts';

/** A shelf that is far too full (its limit was lowered) is trimmed further by whoever puts something next. */
const trimmedAtOnce = 500;

type Shelf = Pick<ExpiringValueRow, 'purpose' | 'owner'>;
type One = Pick<ExpiringValueRow, 'purpose' | 'owner' | 'key'> & { now: number };

export const expiringValueStatements = {
  put: statement((db, p: ExpiringValueRow) =>
    db
      .insertInto('expiring_values')
      .values(pick(p, expiringValues.columns))
      .onConflict((conflict) =>
        conflict.columns(['purpose', 'owner', 'key']).doUpdateSet({ value: p.value, expires_at: p.expires_at }),
      ),
  ),
  count: statement((db, p: Shelf) =>
    db
      .selectFrom('expiring_values')
      .select((row) => row.fn.countAll<number>().as('n'))
      .where('purpose', '=', p.purpose)
      .where('owner', '=', p.owner),
  ),
  trim: statement((db, p: Shelf & { excess: number }) =>
    db
      .deleteFrom('expiring_values')
      .where('purpose', '=', p.purpose)
      .where('owner', '=', p.owner)
      .where('key', 'in', (row) =>
        row
          .selectFrom('expiring_values as first')
          .select('first.key')
          .where('first.purpose', '=', p.purpose)
          .where('first.owner', '=', p.owner)
          .orderBy('first.expires_at')
          .orderBy('first.key')
          .limit(p.excess),
      ),
  ),
  get: statement((db, p: One) =>
    db
      .selectFrom('expiring_values')
      .select('value')
      .where('purpose', '=', p.purpose)
      .where('owner', '=', p.owner)
      .where('key', '=', p.key)
      .where('expires_at', '>', p.now),
  ),
  take: statement((db, p: One) =>
    db
      .deleteFrom('expiring_values')
      .where('purpose', '=', p.purpose)
      .where('owner', '=', p.owner)
      .where('key', '=', p.key)
      .where('expires_at', '>', p.now)
      .returning('value'),
  ),
  purge: statement((db, p: { now: number; limit: number }) =>
    db
      .deleteFrom('expiring_values')
      .where((row) =>
        row(
          row.refTuple('purpose', 'owner', 'key'),
          'in',
          row
            .selectFrom('expiring_values')
            .select(['purpose', 'owner', 'key'])
            .where('expires_at', '<=', p.now)
            .orderBy('expires_at')
            .limit(p.limit)
            .$asTuple('purpose', 'owner', 'key'),
        ),
      ),
  ),
};

export function createExpiringValueStore(session: Session): ExpiringValueStore {
  const q = expiringValueStatements;
  return {
    async put(shelf, { key, value }, expiresAt) {
      session.write(q.put, { ...columnsOf(shelf), key, value, expires_at: expiresAt.getTime() });
    },
    async trim(shelf, atMost) {
      const columns = columnsOf(shelf);
      const excess = Number((await session.first(q.count, columns))?.n ?? 0) - atMost;
      if (excess > 0) session.write(q.trim, { ...columns, excess: Math.min(excess, trimmedAtOnce) });
    },
    async get(shelf, key, now) {
      return (await session.first(q.get, { ...columnsOf(shelf), key, now: now.getTime() }))?.value;
    },
    async take(shelf, key, now) {
      return (await session.first(q.take, { ...columnsOf(shelf), key, now: now.getTime() }))?.value;
    },
    async purge(now, limit) {
      return session.run(q.purge, { now: now.getTime(), limit });
    },
  };
}

function columnsOf({ purpose, accountId }: ExpiringShelf): Shelf {
  return { purpose, owner: accountId ?? '' };
}
