/** Rests of zones whose servers do not answer. */
import type { AccountId } from '../../domain/ids.ts';
import type { ZoneRestStore } from '../../domain/ports/stores/zone-rests.ts';
import { each, inPieces, pick, sized, statement } from '../prepared.ts';
import { type ZoneRestRow, zoneRests } from '../rows/jobs.ts';
import type { Session } from '../session.ts';

export const zoneRestStatements = {
  list: sized((size) =>
    statement((db, p: { accountId: AccountId; zones: readonly string[] }) =>
      db
        .selectFrom('zone_rests')
        .selectAll()
        .where('account_id', '=', p.accountId)
        .where('zone', 'in', each(p.zones, size)),
    ),
  ),
  put: statement((db, p: ZoneRestRow) =>
    db
      .insertInto('zone_rests')
      .values(pick(p, zoneRests.columns))
      .onConflict((conflict) =>
        conflict
          .columns(['account_id', 'zone'])
          .doUpdateSet({ failures: p.failures, probed_at: p.probed_at, until: p.until }),
      ),
  ),
  remove: statement((db, p: { accountId: AccountId; zone: string }) =>
    db.deleteFrom('zone_rests').where('account_id', '=', p.accountId).where('zone', '=', p.zone),
  ),
  purge: statement((db, p: { before: number; limit: number }) =>
    db
      .deleteFrom('zone_rests')
      .where((row) =>
        row(
          row.refTuple('account_id', 'zone'),
          'in',
          row
            .selectFrom('zone_rests as over')
            .select(['over.account_id', 'over.zone'])
            .where('over.until', '<', p.before)
            .orderBy('over.until')
            .limit(p.limit)
            .$asTuple('account_id', 'zone'),
        ),
      ),
  ),
};

export function createZoneRestStore(session: Session): ZoneRestStore {
  const q = zoneRestStatements;
  return {
    async list(accountId, zones) {
      const found: ZoneRestRow[] = [];
      for (const piece of inPieces(zones)) {
        found.push(...(await session.all(q.list(piece.length), { accountId, zones: piece })));
      }
      return found.map(zoneRests.fromRow);
    },
    async put(rest) {
      session.write(q.put, zoneRests.toRow(rest));
    },
    async remove(accountId, zone) {
      return (await session.run(q.remove, { accountId, zone })) === 1;
    },
    async purge(before, limit) {
      return session.run(q.purge, { before: before.getTime(), limit });
    },
  };
}
