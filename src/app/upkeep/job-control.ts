/**
 * Jobs as operators see and change them. A job that is discarded is given up: whoever waits for its work learns of it in the same
 * transaction, so that no order waits for what nobody does any more. So only kinds can be discarded that are given up at some time by
 * themselves; the others keep promises that nobody else keeps.
 */

import type { Caller } from '../../domain/caller.ts';
import { CertError, quoted, refuse } from '../../domain/errors.ts';
import { isId } from '../../domain/ids.ts';
import { isGivenUp, isOverWhenGivenUp, type Job, type JobKind } from '../../domain/job.ts';
import { renderKept } from '../../domain/kept-reason.ts';
import { totalOf } from '../../domain/page.ts';
import type { JobControl, JobsChanged } from '../../domain/ports/job-control.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { JobKey } from '../../domain/ports/stores/jobs.ts';
import { withDefined } from '../../domain/with-defined.ts';
import type { AppContext } from '../context.ts';
import { createJobGivenUp } from '../issuing/failure.ts';
import { replayDelivery } from '../outbound/webhooks.ts';
import { pageOf } from '../page.ts';

const jobsAtOnce = 50;
/** Jobs of one call: others of the server's work have their turn between two of them. */
const mostInOneCall = 1000;

export function createJobControl(context: AppContext): JobControl {
  const { database, clock, queue } = context;
  const { read } = database;
  const giveUp = createJobGivenUp(context);

  /** @throws {CertError} notFound, wrongState while it runs */
  async function find(tx: Stores, id: string): Promise<Job> {
    const job = isId('job', id) ? await tx.jobs.getTried(id) : undefined;
    if (job === undefined) throw refuse('notFound', { what: 'job', value: quoted(id) });
    if (job.state === 'running') throw isRunning(job);
    return job;
  }

  async function retry(tx: Stores, caller: Caller, job: Job): Promise<Job> {
    const { kind, subject, state } = job;
    requireRetried(kind, state, job.id);
    if (kind === 'deliver' && state === 'failed') {
      const delivery = await replayDelivery(context, tx, caller, subject);
      if (!(await tx.jobs.discard(job))) throw isRunning(job);
      return (await tx.jobs.get('deliver', delivery.id)) ?? job;
    }
    if (!(await tx.jobs.retry(job, clock.now()))) throw isRunning(job);
    await record(tx, caller, 'job.retried', job);
    return (await tx.jobs.get(kind, subject)) ?? job;
  }

  async function discard(tx: Stores, caller: Caller, job: Job): Promise<Job> {
    // First, since what follows may queue other work on the same subject.
    if (!(await tx.jobs.discard(job))) throw isRunning(job);
    if (job.state === 'waiting') await giveUp(tx, job, job.attempts);
    await record(tx, caller, 'job.discarded', job);
    return job;
  }

  function record(tx: Stores, caller: Caller, kind: 'job.retried' | 'job.discarded', job: Job): Promise<void> {
    const { attempts, lastError, state } = job;
    const error = lastError && renderKept(lastError, 'en');
    return tx.events.append({
      kind,
      accountId: null,
      actor: caller.actor,
      subject: job.subject,
      data: { kind: job.kind, job: job.id, state, attempts, error },
      requestId: caller.requestId,
      at: clock.now(),
    });
  }

  /** Each job that was given up; one that is refused stays, and the next one has its turn. */
  async function each(kind: JobKind, change: (tx: Stores, job: Job) => Promise<unknown>): Promise<JobsChanged> {
    const counts = { done: 0, refused: 0 };
    for (let after: JobKey | undefined; counts.done + counts.refused < mostInOneCall; ) {
      const page = await read.jobs.list({ state: 'failed', kind, limit: jobsAtOnce, ...withDefined({ after }) });
      for (const job of page) {
        const isDone = await database.write((tx) => change(tx, job)).then(() => true, isRefusal);
        counts[isDone ? 'done' : 'refused']++;
      }
      after = page.at(-1);
      if (page.length < jobsAtOnce) return { ...counts, isMore: false };
    }
    return { ...counts, isMore: true };
  }

  return {
    async list(_caller, { limit, after, withTotal, ...filter }) {
      const found = await read.jobs.list({ ...filter, limit: limit + 1, ...withDefined({ after }) });
      const page = pageOf(found, limit, ({ kind, subject }) => ({ kind, subject }));
      return withTotal === true ? { ...page, total: totalOf(await read.jobs.countListed(filter)) } : page;
    },

    async retry(caller, id) {
      const job = await database.write(async (tx) => retry(tx, caller, await find(tx, id)));
      queue.wake();
      return job;
    },

    async discard(caller, id) {
      const job = await database.write(async (tx) => {
        const found = await find(tx, id);
        requireGivenUp(found.kind);
        return discard(tx, caller, found);
      });
      queue.wake();
      return job;
    },

    async retryAll(caller, kind) {
      requireRetried(kind, 'failed', null);
      const changed = await each(kind, (tx, job) => retry(tx, caller, job));
      queue.wake();
      return changed;
    },

    async discardAll(caller, kind) {
      requireGivenUp(kind);
      const changed = await each(kind, (tx, job) => discard(tx, caller, job));
      queue.wake();
      return changed;
    },
  };
}

/** @throws {CertError} wrongState where what it worked for ended with it. @param job its id; null: of all of the kind */
function requireRetried(kind: JobKind, state: Job['state'], job: string | null): void {
  if (state === 'failed' && isOverWhenGivenUp(kind)) throw refuse('jobOver', { kind, job });
}

/** @throws {CertError} wrongState */
function requireGivenUp(kind: JobKind): void {
  if (!isGivenUp(kind)) throw refuse('jobKept', { kind });
}

function isRunning({ id }: Job): CertError {
  return refuse('jobRunning', { job: id });
}

/** Answers false for a refusal, such as that the webhook was removed. @throws anything else */
function isRefusal(thrown: unknown): false {
  if (thrown instanceof CertError && thrown.code !== 'internal' && thrown.code !== 'unavailable') return false;
  throw thrown;
}
