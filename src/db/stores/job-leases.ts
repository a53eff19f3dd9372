/**
 * Leases of jobs: whose they are, until when, and how they become free. They are by the clock of the database, so that nodes whose clocks
 * differ agree; what a node may still write about a job goes by whose lease the row names, never by a clock.
 */
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { JobId } from '../../domain/ids.ts';
import { leaseEnd, leaseNow } from '../leases.ts';
import { type Builder, each, inPieces, sized, statement } from '../prepared.ts';
import type { Session } from '../session.ts';
import type { Tables } from '../tables.ts';

/** Parameters of a statement that begins a lease or makes it longer. */
export interface Lease {
  readonly clockMs: number;
  readonly leaseMs: number;
  readonly node: string;
}

/** The columns of a job that this node begins to run. */
export function leasedBy(p: Lease) {
  return { state: 'running', lease_until: leaseEnd(p), leased_by: p.node } as const;
}

/** A job that nobody runs. */
export const unleased = { lease_until: null, leased_by: null } as const;

type Row = ExpressionBuilder<Tables, 'jobs'>;

/**
 * Some of the jobs that run, whose lease is over or whoever has it. That the lane is not empty is true of every row: so that the index of
 * those that run is searched.
 */
function freed(db: Builder, p: { limit: number }, isFree: (row: Row) => Expression<SqlBool>) {
  return db
    .updateTable('jobs')
    .set({ state: 'waiting', again_at: null, ...unleased })
    .where((row) =>
      row(
        row.refTuple('kind', 'subject'),
        'in',
        row
          .selectFrom('jobs')
          .select(['kind', 'subject'])
          .where('state', '=', sql.lit('running'))
          .where('lane', '>', '')
          .where(isFree)
          .limit(p.limit)
          .$asTuple('kind', 'subject'),
      ),
    )
    .where('state', '=', sql.lit('running'));
}

export const jobLeaseStatements = {
  recover: statement((db, p: { clockMs: number; limit: number }) =>
    freed(db, p, (row) => row('lease_until', '<=', leaseNow(p.clockMs))),
  ),
  recoverOfNode: statement((db, p: { clockMs: number; node: string; limit: number }) =>
    freed(db, p, (row) => row.or([row('lease_until', '<=', leaseNow(p.clockMs)), row('leased_by', '=', p.node)])),
  ),
  recoverAll: statement((db, p: { limit: number }) => freed(db, p, (row) => row.lit(true))),
  renew: sized((size) =>
    statement((db, p: Lease & { ids: readonly JobId[] }) =>
      db
        .updateTable('jobs')
        .set({ lease_until: leaseEnd(p) })
        .where('state', '=', sql.lit('running'))
        .where('lane', '>', '')
        .where('leased_by', '=', p.node)
        .where('id', 'in', each(p.ids, size))
        .returning('id'),
    ),
  ),
};

const q = jobLeaseStatements;

/** @see JobStore.renew */
export async function renew(session: Session, ids: readonly JobId[], leaseMs: number): Promise<readonly JobId[]> {
  const renewed: JobId[] = [];
  for (const piece of inPieces(ids)) {
    const rows = await session.all(q.renew(piece.length), { ids: piece, ...leaseOf(session, leaseMs) });
    renewed.push(...rows.map(({ id }) => id));
  }
  return renewed;
}

/** @see JobStore.recoverAtStart */
export async function recoverAtStart(session: Session, limit: number): Promise<number> {
  const { node, isExclusive } = session.tenancy;
  return isExclusive
    ? session.run(q.recoverAll, { limit })
    : session.run(q.recoverOfNode, { clockMs: clockMs(session), node, limit });
}

/** @see JobStore.recover */
export async function recover(session: Session, limit: number): Promise<number> {
  return session.run(q.recover, { clockMs: clockMs(session), limit });
}

export function leaseOf(session: Session, leaseMs: number): Lease {
  return { clockMs: clockMs(session), leaseMs, node: session.tenancy.node };
}

function clockMs({ system }: Session): number {
  return system.clock.now().getTime();
}
