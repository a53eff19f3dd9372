/**
 * Jobs as operators see them, in the order of kinds and subjects, and what operators do about one. Each list is found by its own index:
 * those that failed and those that run have one that holds nothing else.
 */
import { type SqlBool, sql } from 'kysely';
import type { JobId } from '../../domain/ids.ts';
import { type Job, type JobKind, jobKinds } from '../../domain/job.ts';
import type { JobFilter, JobKey, JobPage, JobReference } from '../../domain/ports/stores/jobs.ts';
import { type Builder, statement } from '../prepared.ts';
import { jobs } from '../rows/jobs.ts';
import type { Session } from '../session.ts';

/** No count looks at more rows than these, and one. */
const mostCounted = 10_000;

type OneJob = Pick<Job, 'id' | 'kind' | 'subject'>;

export const jobListStatements = {
  // Written out, so that the partial index is known to fit.
  getTried: statement((db, p: { id: JobId }) =>
    db.selectFrom('jobs').selectAll().where('id', '=', p.id).where('attempts', '>', sql.lit(0)).limit(sql.lit(1)),
  ),
  retry: statement((db, p: OneJob & { now: number }) =>
    db
      .updateTable('jobs')
      .set({ state: 'waiting', run_at: p.now, attempts: 0 })
      .where('kind', '=', p.kind)
      .where('subject', '=', p.subject)
      .where('id', '=', p.id)
      .where('state', '!=', 'running'),
  ),
  discard: statement((db, p: OneJob) =>
    db
      .deleteFrom('jobs')
      .where('kind', '=', p.kind)
      .where('subject', '=', p.subject)
      .where('id', '=', p.id)
      .where('state', '!=', 'running'),
  ),
};

export async function listJobs(session: Session, { limit, after, ...filter }: JobPage): Promise<readonly Job[]> {
  const rows = await session.select((db) => pageQuery(db, filter, { limit, after }));
  return rows.map(jobs.fromRow);
}

/** At most one more than is counted. */
export async function countJobs(session: Session, filter: JobFilter): Promise<number> {
  const [row] = await session.select((db) => countQuery(db, filter));
  return Number(row?.total ?? 0);
}

export async function getTried(session: Session, id: JobId): Promise<Job | undefined> {
  const row = await session.first(jobListStatements.getTried, { id });
  return row && jobs.fromRow(row);
}

export async function retryJob(session: Session, job: JobReference, now: Date): Promise<boolean> {
  return (await session.run(jobListStatements.retry, { ...job, now: now.getTime() })) === 1;
}

export async function discardJob(session: Session, job: JobReference): Promise<boolean> {
  return (await session.run(jobListStatements.discard, job)) === 1;
}

export function pageQuery(
  db: Builder,
  filter: JobFilter,
  { limit, after }: { limit: number; after?: JobKey | undefined },
) {
  return filtered(db, filter)
    .selectAll()
    .$if(after !== undefined, (some) =>
      some.where((row) =>
        row(row.refTuple('kind', 'subject'), '>', row.tuple(after?.kind ?? ('' as JobKind), after?.subject ?? '')),
      ),
    )
    .orderBy('kind')
    .orderBy('subject')
    .limit(limit);
}

export function countQuery(db: Builder, filter: JobFilter) {
  const found = filtered(db, filter)
    .select('subject')
    .limit(sql.lit(mostCounted + 1));
  return db.selectFrom(found.as('found')).select((row) => row.fn.countAll<number>().as('total'));
}

/** States are written out: the indexes of those that failed and those that run say which state they are of. */
function filtered(db: Builder, { state, kind, subject, isTried }: JobFilter) {
  return (
    db
      .selectFrom('jobs')
      .$if(state !== undefined, (some) => some.where('state', '=', sql.lit(state ?? 'waiting')))
      // True of every row: so that the index is walked in which the running ones are.
      .$if(state === 'running', (some) => some.where('lane', '>', ''))
      .$if(kind !== undefined, (some) => some.where('kind', '=', kind ?? 'validate'))
      // A subject alone has no index: it is looked for in each kind.
      .$if(kind === undefined && subject !== undefined, (some) => some.where('kind', 'in', jobKinds))
      .$if(subject !== undefined, (some) => some.where('subject', '=', subject ?? ''))
      .$if(isTried === true, (some) => some.where(sql<SqlBool>`attempts > 0`))
  );
}
