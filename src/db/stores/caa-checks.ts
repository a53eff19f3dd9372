/** Look-ups of CAA records. */
import type { CaaCheck } from '../../domain/caa-check.ts';
import type { CaaCheckStore } from '../../domain/ports/stores/caa-checks.ts';
import type { Inserted, RowOf, TableOf } from '../codec.ts';
import { each, inPieces, pick, sized, statement } from '../prepared.ts';
import { caaChecks, caaOutcomeJson } from '../rows/caa-checks.ts';
import type { Session } from '../session.ts';

export const caaCheckStatements = {
  listNewest: sized((size) =>
    statement((db, p: { names: readonly string[] }) =>
      db
        .selectFrom('caa_checks')
        .selectAll()
        .where('name', 'in', each(p.names, size))
        .where((row) =>
          row(
            'first_at',
            '=',
            row
              .selectFrom('caa_checks as of_name')
              .select((of) => of.fn.max('of_name.first_at').as('newest'))
              .whereRef('of_name.name', '=', 'caa_checks.name'),
          ),
        ),
    ),
  ),
  // Two nodes may look at the same moment: what either found is evidence, and the next look tells them apart.
  insert: statement((db, p: Inserted<TableOf<typeof caaChecks>>) =>
    db
      .insertInto('caa_checks')
      .values(pick(p, caaChecks.columns))
      .onConflict((conflict) =>
        conflict.columns(['name', 'first_at']).doUpdateSet({ outcome_json: p.outcome_json, checked_at: p.checked_at }),
      ),
  ),
  updateCount: statement((db, p: { name: string; firstAt: number; checkedAt: number }) =>
    db
      .updateTable('caa_checks')
      .set((row) => ({ count: row('count', '+', 1), checked_at: p.checkedAt }))
      .where('name', '=', p.name)
      .where('first_at', '=', p.firstAt),
  ),
  removeLater: statement((db, p: { name: string; at: number }) =>
    db.deleteFrom('caa_checks').where('name', '=', p.name).where('first_at', '>', p.at),
  ),
  purge: statement((db, p: { before: number; limit: number }) =>
    db
      .deleteFrom('caa_checks')
      .where((row) =>
        row(
          row.refTuple('name', 'first_at'),
          'in',
          row
            .selectFrom('caa_checks as old')
            .select(['old.name', 'old.first_at'])
            .where('old.checked_at', '<', p.before)
            .orderBy('old.checked_at')
            .limit(p.limit)
            .$asTuple('name', 'first_at'),
        ),
      ),
  ),
};

export function createCaaCheckStore(session: Session): CaaCheckStore {
  const q = caaCheckStatements;

  async function listNewest(names: readonly string[]): Promise<readonly CaaCheck[]> {
    const found: RowOf<typeof caaChecks>[] = [];
    for (const piece of inPieces(names)) {
      found.push(...(await session.all(q.listNewest(piece.length), { names: piece })));
    }
    return found.map(caaChecks.fromRow);
  }

  return {
    listNewest,
    async put({ name, outcome, checkedAt }) {
      const [last] = await listNewest([name]);
      // The clock was put back: what it stamped before would stay the newest, and be looked up again for ever.
      const isLater = last !== undefined && last.firstAt > checkedAt;
      if (isLater) await session.run(q.removeLater, { name, at: checkedAt.getTime() });
      const newest = isLater ? (await listNewest([name]))[0] : last;
      const isSame = newest !== undefined && caaOutcomeJson.write(newest.outcome) === caaOutcomeJson.write(outcome);
      if (isSame) {
        const again = { name, firstAt: newest.firstAt.getTime(), checkedAt: checkedAt.getTime() };
        session.write(q.updateCount, again);
        return;
      }
      session.write(q.insert, caaChecks.toRow({ name, outcome, firstAt: checkedAt, checkedAt, count: 1 }));
    },
    async purge(before, limit) {
      return session.run(q.purge, { before: before.getTime(), limit });
    },
  };
}
