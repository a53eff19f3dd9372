/**
 * The queue of an embedded database. One row per (kind, subject). A row that is running and was enqueued again keeps the
 * time in `again_at`; whatever ends the run then puts it back to waiting instead of removing it.
 */

import { type ExpressionBuilder, type SelectQueryBuilder, sql } from 'kysely';
import { newId } from '../../domain/ids.ts';
import {
  isSharedKind,
  type Job,
  type JobKind,
  type JobState,
  laneOfKind,
  leaseMsOf,
  repeatLaneOf,
  sharedLaneOf,
} from '../../domain/job.ts';
import type { JobReference, JobStore, LaneDue, NewJob } from '../../domain/ports/stores/jobs.ts';
import { fromMs, keptTextForm } from '../fields.ts';
import { type Builder, pick, statement } from '../prepared.ts';
import { type JobRow, jobs } from '../rows/jobs.ts';
import type { Session } from '../session.ts';
import type { Tables } from '../tables.ts';
import { type Lease, leasedBy, leaseOf, recover, recoverAtStart, renew, unleased } from './job-leases.ts';
import { countJobs, discardJob, getTried, listJobs, retryJob } from './job-lists.ts';
import { bringForwardZone, claimShared, hasRoom } from './job-turns.ts';

type Key = Pick<JobRow, 'kind' | 'subject'>;
/** A run of this node: what another one has claimed meanwhile is not the run's any more. */
type Run = Pick<JobRow, 'kind' | 'subject' | 'id'> & { readonly node: string };
/** The lane of what was enqueued during a run of a shared kind; null: that of the row. */
interface First {
  readonly firstLane: string | null;
}
type Upsert = ExpressionBuilder<Tables & { excluded: JobRow }, 'jobs' | 'excluded'>;

function removed(db: Builder, p: Key) {
  return db
    .deleteFrom('jobs')
    .where('kind', '=', p.kind)
    .where('subject', '=', p.subject)
    .where('again_at', 'is', null);
}

/** Ends a run whose job was enqueued again meanwhile. */
function waitingAgain(db: Builder, p: Key & First) {
  return db
    .updateTable('jobs')
    .set((row) => ({
      state: 'waiting',
      lane: row.fn.coalesce(row.val(p.firstLane), 'lane'),
      run_at: row.fn.coalesce('again_at', 'run_at'),
      again_at: null,
      ...unleased,
      attempts: 0,
    }))
    .where('kind', '=', p.kind)
    .where('subject', '=', p.subject)
    .where('again_at', 'is not', null);
}

function running(db: Builder, p: Run) {
  return db
    .updateTable('jobs')
    .where('kind', '=', p.kind)
    .where('subject', '=', p.subject)
    .where('id', '=', p.id)
    .where('state', '=', 'running')
    .where('leased_by', '=', p.node);
}

/** Back among the repeats, unless it was enqueued again for an earlier time meanwhile. */
function released(db: Builder, p: Run & First & { runAt: number; lane: string | null }) {
  return running(db, p).set((row) => ({
    state: 'waiting',
    lane: row
      .case()
      .when('again_at', '<', p.runAt)
      .then(row.fn.coalesce(row.val(p.firstLane), 'lane'))
      .else(row.fn.coalesce(row.val(p.lane), 'lane'))
      .end(),
    run_at: row.case().when('again_at', '<', p.runAt).then(row.ref('again_at').$notNull()).else(row.val(p.runAt)).end(),
    again_at: null,
    ...unleased,
  }));
}

/** The waiting jobs from one key to another, both as a page has them, made due. */
interface Range {
  readonly firstKind: JobKind;
  readonly firstSubject: string;
  readonly lastKind: JobKind;
  readonly lastSubject: string;
  readonly now: number;
}

function inRange(db: Builder, p: Range) {
  return db
    .updateTable('jobs')
    .set({ run_at: p.now })
    .where((row) => row(row.refTuple('kind', 'subject'), '>=', row.tuple(p.firstKind, p.firstSubject)))
    .where((row) => row(row.refTuple('kind', 'subject'), '<=', row.tuple(p.lastKind, p.lastSubject)))
    .where('state', '=', sql.lit('waiting'))
    .where('run_at', '>', p.now);
}

/** The earlier of the time wanted now and the one wanted before, while the job runs; else none. */
function againAt(row: Upsert) {
  return row
    .case()
    .when('jobs.state', '!=', 'running')
    .then(null)
    .when(row.and([row('jobs.again_at', 'is not', null), row('jobs.again_at', '<=', row.ref('excluded.run_at'))]))
    .then(row.ref('jobs.again_at'))
    .else(row.ref('excluded.run_at'))
    .end();
}

/** No count looks at more rows than these. */
const mostCounted = 10_000;

function counted<T>(db: Builder, query: SelectQueryBuilder<Tables, 'jobs', T>) {
  return db
    .selectFrom(query.limit(sql.lit(mostCounted)).as('found'))
    .select((row) => row.fn.countAll<number>().as('n'));
}

export const jobStatements = {
  enqueue: statement((db, p: JobRow) =>
    db
      .insertInto('jobs')
      .values(pick(p, jobs.columns))
      .onConflict((conflict) =>
        conflict.columns(['kind', 'subject']).doUpdateSet((row) => ({
          again_at: againAt(row),
          run_at: row
            .case()
            .when(
              row.or([
                row('jobs.state', '=', 'failed'),
                row.and([row('jobs.state', '=', 'waiting'), row('jobs.run_at', '>', row.ref('excluded.run_at'))]),
              ]),
            )
            .then(row.ref('excluded.run_at'))
            .else(row.ref('jobs.run_at'))
            .end(),
          // A run that takes its account's turn counts in the lane in which it was claimed, until it ends.
          lane: row
            .case()
            .when(row.and([row('jobs.state', '=', 'running'), row('jobs.owner', 'is not', null)]))
            .then(row.ref('jobs.lane'))
            .else(row.ref('excluded.lane'))
            .end(),
          owner: row.fn.coalesce('excluded.owner', 'jobs.owner'),
          zone: row.fn.coalesce('excluded.zone', 'jobs.zone'),
          attempts: row.case().when('jobs.state', '=', 'failed').then(0).else(row.ref('jobs.attempts')).end(),
          state: row
            .case()
            .when('jobs.state', '=', 'failed')
            .then<JobState>('waiting')
            .else(row.ref('jobs.state'))
            .end(),
        })),
      ),
  ),
  /** On the way of every order, where there is no row yet: the cheap half of `enqueueClaimed`. */
  insertClaimed: statement((db, p: JobRow & Lease) =>
    db
      .insertInto('jobs')
      .values({ ...pick(p, jobs.columns), ...leasedBy(p) })
      .onConflict((conflict) => conflict.columns(['kind', 'subject']).doNothing()),
  ),
  /** Takes a job that waits or has failed. */
  claim: statement((db, p: Key & Lease & { runAt: number }) =>
    db
      .updateTable('jobs')
      .set({ run_at: p.runAt, ...leasedBy(p) })
      .where('kind', '=', p.kind)
      .where('subject', '=', p.subject)
      .where('state', '!=', 'running')
      .returning(jobs.columns),
  ),
  get: statement((db, p: Key) =>
    db.selectFrom('jobs').selectAll().where('kind', '=', p.kind).where('subject', '=', p.subject),
  ),
  /** Ends the work on a subject, whichever worker has it. */
  finish: statement((db, p: Key) => removed(db, p)),
  finishAgain: statement((db, p: Key & First) => waitingAgain(db, p)),
  /** Ends one run: a later job of the same subject is not touched. */
  complete: statement((db, p: Run) => removed(db, p).where('id', '=', p.id).where('leased_by', '=', p.node)),
  completeAgain: statement((db, p: Run & First) =>
    waitingAgain(db, p).where('id', '=', p.id).where('leased_by', '=', p.node),
  ),
  listFailed: statement((db, p: { runAt: number; kind: string; subject: string; limit: number }) =>
    db
      .selectFrom('jobs')
      .selectAll()
      .where('state', '=', sql.lit('failed'))
      .where((row) =>
        row(row.refTuple('run_at', 'kind', 'subject'), '<', row.tuple(p.runAt, p.kind as JobKind, p.subject)),
      )
      .orderBy('run_at', 'desc')
      .orderBy('kind', 'desc')
      .orderBy('subject', 'desc')
      .limit(p.limit),
  ),
  // Each by its own index, which holds the jobs of that state alone.
  countWaiting: statement((db, _: object) =>
    counted(db, db.selectFrom('jobs').select('lane').where('state', '=', sql.lit('waiting')).where('lane', '>', '')),
  ),
  countRunning: statement((db, _: object) =>
    counted(db, db.selectFrom('jobs').select('lane').where('state', '=', sql.lit('running')).where('lane', '>', '')),
  ),
  countFailed: statement((db, _: object) =>
    counted(db, db.selectFrom('jobs').select('run_at').where('state', '=', sql.lit('failed')).where('run_at', '>', 0)),
  ),
  countDue: statement((db, p: { lane: string; now: number }) =>
    counted(
      db,
      db
        .selectFrom('jobs')
        .select('run_at')
        .where('state', '=', sql.lit('waiting'))
        .where('lane', '=', p.lane)
        .where('run_at', '<=', p.now),
    ),
  ),
  listRetried: statement((db, _: object) =>
    db
      .selectFrom('jobs')
      .select('kind')
      .where('state', '=', sql.lit('waiting'))
      .where('attempts', '>=', sql.lit(3))
      // True of every row: so that only the index is walked.
      .where('kind', '>', '' as JobKind)
      .limit(sql.lit(mostCounted)),
  ),
  // States are written out, not bound, wherever a partial index must be known to fit.
  claimDue: statement((db, p: Lease & { lane: string; now: number; limit: number }) =>
    db
      // What another node is taking, or a transaction is just queueing again, is passed over: nobody waits for anybody.
      .with('due', (due) =>
        due
          .selectFrom('jobs')
          .select(['kind', 'subject'])
          .where('state', '=', sql.lit('waiting'))
          .where('lane', '=', p.lane)
          .where('run_at', '<=', p.now)
          .orderBy('run_at')
          .limit(p.limit)
          .forUpdate()
          .skipLocked(),
      )
      .updateTable('jobs')
      .from('due')
      .set(leasedBy(p))
      .whereRef('jobs.kind', '=', 'due.kind')
      .whereRef('jobs.subject', '=', 'due.subject')
      .where('jobs.state', '=', sql.lit('waiting'))
      .returning(columnsOf('jobs')),
  ),
  claimDueOf: statement((db, p: Lease & { kind: JobKind; now: number; limit: number }) =>
    db
      .updateTable('jobs')
      .set(leasedBy(p))
      .where('kind', '=', p.kind)
      .where((row) =>
        row(
          'subject',
          'in',
          row
            .selectFrom('jobs')
            .select('subject')
            .where('kind', '=', p.kind)
            .where('state', '=', sql.lit('waiting'))
            .where('run_at', '<=', p.now)
            .limit(p.limit),
        ),
      )
      .where('state', '=', sql.lit('waiting'))
      .returning(jobs.columns),
  ),
  nextRunAt: statement((db, p: { lane: string; after: number }) =>
    db
      .selectFrom('jobs')
      .select('run_at')
      .where('state', '=', sql.lit('waiting'))
      .where('lane', '=', p.lane)
      .where('run_at', '>', p.after)
      .orderBy('run_at')
      .limit(1),
  ),
  nextLane: statement((db, p: { after: string }) =>
    db
      .selectFrom('jobs')
      .select('lane')
      .where('state', '=', sql.lit('waiting'))
      .where('lane', '>', p.after)
      .orderBy('lane')
      .limit(1),
  ),
  moveLane: statement((db, p: { from: string; lane: string; limit: number }) =>
    db
      .updateTable('jobs')
      .set({ lane: p.lane })
      .where((row) =>
        row(
          row.refTuple('kind', 'subject'),
          'in',
          row
            .selectFrom('jobs')
            .select(['kind', 'subject'])
            .where('state', '=', sql.lit('waiting'))
            .where('lane', '=', p.from)
            .limit(p.limit)
            .$asTuple('kind', 'subject'),
        ),
      ),
  ),
  page: statement((db, p: Key & { limit: number }) =>
    db
      .selectFrom('jobs')
      .select(['kind', 'subject'])
      .where((row) => row(row.refTuple('kind', 'subject'), '>', row.tuple(p.kind, p.subject)))
      .orderBy('kind')
      .orderBy('subject')
      .limit(p.limit),
  ),
  bringForward: statement((db, p: Range) => inRange(db, p)),
  bringForwardLane: statement((db, p: Range & { lane: string }) => inRange(db, p).where('lane', '=', p.lane)),
  release: statement((db, p: Run & First & { runAt: number; lane: string | null }) =>
    released(db, p).set({ attempts: 0, last_error: null }),
  ),
  releaseFailed: statement((db, p: Run & First & { runAt: number; lane: string | null; error: string }) =>
    released(db, p).set((row) => ({ attempts: row('attempts', '+', 1), last_error: p.error })),
  ),
  moveToFailed: statement((db, p: Run & { error: string }) =>
    running(db, p).set((row) => ({
      state: 'failed',
      again_at: null,
      ...unleased,
      attempts: row('attempts', '+', 1),
      last_error: p.error,
    })),
  ),
};

export function createJobStore(session: Session): JobStore {
  const q = jobStatements;
  const { node, runsJobs } = session.tenancy;

  const newJob = (job: NewJob): Job => ({
    kind: job.kind,
    subject: job.subject,
    id: newId('job', session.system),
    state: 'waiting',
    lane: job.lane ?? laneOfKind(job.kind),
    owner: 'owner' in job ? job.owner : null,
    zone: 'zone' in job ? (job.zone ?? null) : null,
    runAt: job.runAt,
    attempts: 0,
    lastError: null,
    createdAt: session.system.clock.now(),
  });

  const runOf = ({ kind, subject, id }: JobReference): Run => ({ kind, subject, id, node });

  async function enqueue(job: NewJob): Promise<void> {
    session.write(q.enqueue, jobs.toRow(newJob(job)));
  }

  async function enqueueTaken(queued: NewJob): Promise<Job | undefined> {
    const { kind, subject, runAt } = queued;
    // Nothing runs here: another node claims it.
    if (!runsJobs) {
      await enqueue(queued);
      return undefined;
    }
    const lease = leaseOf(session, leaseMsOf(session.tenancy));
    const job: Job = { ...newJob(queued), state: 'running' };
    if ((await session.run(q.insertClaimed, { ...jobs.toRow(job), ...lease })) === 1) return job;
    const claimed = await session.first(q.claim, { kind, subject, runAt: runAt.getTime(), ...lease });
    if (claimed !== undefined) return jobs.fromRow(claimed);
    await enqueue(queued);
    return undefined;
  }

  return {
    enqueue,
    enqueueClaimed: ({ kind, subject, now }) => enqueueTaken({ kind, subject, runAt: now }),
    async enqueueInTurn({ kind, subject, owner, now }) {
      const job = { kind, subject, owner, runAt: now };
      if (runsJobs && (await hasRoom(session, sharedLaneOf(kind), owner))) return enqueueTaken(job);
      await enqueue(job);
      return undefined;
    },
    async get(kind, subject) {
      const row = await session.first(q.get, { kind, subject });
      return row && jobs.fromRow(row);
    },
    async finish(kind, subject) {
      const removed = await session.run(q.finish, { kind, subject });
      if (removed === 0) session.write(q.finishAgain, { kind, subject, firstLane: firstLaneOf(kind) });
    },
    async listFailed({ limit, before }) {
      const { kind = '', subject = '' } = before ?? {};
      const runAt = before?.runAt.getTime() ?? Number.MAX_SAFE_INTEGER;
      return (await session.all(q.listFailed, { runAt, kind, subject, limit })).map(jobs.fromRow);
    },
    list: (page) => listJobs(session, page),
    countListed: (filter) => countJobs(session, filter),
    getTried: (id) => getTried(session, id),
    retry: (job, now) => retryJob(session, job, now),
    discard: (job) => discardJob(session, job),
    async count() {
      const countOf = async (counted: typeof q.countWaiting) => Number((await session.first(counted, {}))?.n ?? 0);
      return {
        waiting: await countOf(q.countWaiting),
        running: await countOf(q.countRunning),
        failed: await countOf(q.countFailed),
      };
    },
    async due(now) {
      const found: LaneDue[] = [];
      for (let after = ''; ; ) {
        const next = await session.first(q.nextLane, { after });
        if (next === undefined) return found;
        after = next.lane;
        const oldest = await session.first(q.nextRunAt, { lane: after, after: 0 });
        if (oldest === undefined || oldest.run_at > now.getTime()) continue;
        const jobs = Number((await session.first(q.countDue, { lane: after, now: now.getTime() }))?.n ?? 0);
        found.push({ lane: after, jobs, since: fromMs(oldest.run_at) });
      }
    },
    async countRetried() {
      const counts = new Map<JobKind, number>();
      for (const { kind } of await session.all(q.listRetried, {})) counts.set(kind, (counts.get(kind) ?? 0) + 1);
      return counts;
    },
    async claimDue(lane, now, leaseMs, limit) {
      const values = { lane, now: now.getTime(), limit, ...leaseOf(session, leaseMs) };
      // The rows of an update come in no order; the longest waiting shall run first.
      return (await session.all(q.claimDue, values)).toSorted((a, b) => a.run_at - b.run_at).map(jobs.fromRow);
    },
    claimShared: (lane, claim) => claimShared(session, lane, claim),
    async claimDueOf(kind, now, leaseMs, limit) {
      const values = { kind, now: now.getTime(), limit, ...leaseOf(session, leaseMs) };
      return (await session.all(q.claimDueOf, values)).map(jobs.fromRow);
    },
    async nextRunAt(lane, after) {
      const row = await session.first(q.nextRunAt, { lane, after: after?.getTime() ?? 0 });
      return row && fromMs(row.run_at);
    },
    async moveStrayed(lane, lanes, limit) {
      let [moved, after] = [0, ''];
      while (moved < limit) {
        const next = await session.first(q.nextLane, { after });
        if (next === undefined) break;
        after = next.lane;
        if (!lanes.includes(after)) moved += await session.run(q.moveLane, { from: after, lane, limit: limit - moved });
      }
      return moved;
    },
    async bringForward(now, { lane, after, limit }) {
      // No kind is empty: all come behind.
      const page = await session.all(q.page, { kind: '' as JobKind, subject: '', ...after, limit });
      const [first, last] = [page[0], page.at(-1)];
      if (first === undefined || last === undefined) return undefined;
      const range: Range = {
        firstKind: first.kind,
        firstSubject: first.subject,
        lastKind: last.kind,
        lastSubject: last.subject,
        now: now.getTime(),
      };
      if (lane === undefined) session.write(q.bringForward, range);
      else session.write(q.bringForwardLane, { ...range, lane });
      return page.length < limit ? undefined : last;
    },
    bringForwardZone: (owner, zone, now) => bringForwardZone(session, owner, zone, now),
    async release(job, runAt, error) {
      const lanes = { lane: repeatLaneOf(job.kind) ?? null, firstLane: firstLaneOf(job.kind) };
      const run = { ...runOf(job), ...lanes, runAt: runAt.getTime() };
      if (error === null) session.write(q.release, run);
      else session.write(q.releaseFailed, { ...run, error: keptTextForm.write(error) });
    },
    async complete(job) {
      const removed = await session.run(q.complete, runOf(job));
      if (removed === 0) session.write(q.completeAgain, { ...runOf(job), firstLane: firstLaneOf(job.kind) });
    },
    async moveToFailed(job, error) {
      session.write(q.moveToFailed, { ...runOf(job), error: keptTextForm.write(error) });
    },
    renew: (ids, leaseMs) => renew(session, ids, leaseMs),
    recover: (limit) => recover(session, limit),
    recoverAtStart: (limit) => recoverAtStart(session, limit),
  };
}

function firstLaneOf(kind: JobKind): string | null {
  return isSharedKind(kind) ? sharedLaneOf(kind) : null;
}

/** The columns of a row, where another table stands beside it. */
function columnsOf<T extends 'jobs'>(table: T) {
  return jobs.columns.map((column) => `${table}.${column}` as const);
}
