/** Writes how a run ended: nothing is lost in silence. */
import { CertError } from '../domain/errors.ts';
import { backoffSeconds, type Job, mayUseReserve, retryPolicies } from '../domain/job.ts';
import type { JobGivenUp } from '../domain/ports/jobs.ts';
import type { Database } from '../domain/ports/stores/index.ts';
import type { Clock, Log } from '../domain/ports/system.ts';
import type { Run, RunEnd } from './run.ts';

interface Context {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly onGivenUp: JobGivenUp | undefined;
}

/** @returns when the job is to run again, if it is */
export async function recordEnd(context: Context, run: Run, end: RunEnd): Promise<Date | undefined> {
  if (!run.isStored) return recordUnstored(context, run.job, end);
  const { job } = run;
  if (end.kind !== 'outcome') return recordFailure(context, job, end.error);
  const { database } = context;
  const { outcome } = end;
  const options = { mayUseReserve: mayUseReserve(job.kind) };
  if (outcome.kind === 'finished') return undefined;
  if (outcome.kind === 'done') {
    await database.write((tx) => tx.jobs.complete(job), options);
    return undefined;
  }
  await database.write((tx) => tx.jobs.release(job, outcome.at, null), options);
  return outcome.at;
}

/** Work that has no row gets one when it must run again. */
async function recordUnstored(
  { database, clock, log }: Context,
  { kind, subject }: Job,
  end: RunEnd,
): Promise<Date | undefined> {
  const now = clock.now();
  if (end.kind === 'outcome') {
    const { outcome } = end;
    if (outcome.kind !== 'again') return undefined;
    await database.write((tx) => tx.jobs.enqueue({ kind, subject, runAt: outcome.at }));
    return outcome.at;
  }
  const runAt = new Date(now.getTime() + backoffSeconds(retryPolicies[kind], 1) * 1000);
  log.warn({ err: end.error, kind, subject, attempts: 1, runAt }, 'job failed, will be tried again');
  await database.write(async (tx) => {
    const job = await tx.jobs.enqueueClaimed({ kind, subject, now });
    if (job !== undefined) await tx.jobs.release(job, runAt, describe(end.error));
  });
  return runAt;
}

async function recordFailure(context: Context, job: Job, thrown: unknown): Promise<Date | undefined> {
  const { database, clock, log, onGivenUp } = context;
  const policy = retryPolicies[job.kind];
  const attempts = job.attempts + 1;
  const fields = { err: thrown, job: job.id, kind: job.kind, subject: job.subject, attempts };
  const error = describe(thrown);
  const now = clock.now();
  if (attempts < policy.maxAttempts) {
    const runAt = new Date(now.getTime() + backoffSeconds(policy, attempts) * 1000);
    log.warn({ ...fields, runAt }, 'job failed, will be tried again');
    await database.write((tx) => tx.jobs.release(job, runAt, error), { mayUseReserve: mayUseReserve(job.kind) });
    return runAt;
  }
  log.error(fields, 'job given up');
  await database.write(async (tx) => {
    await tx.jobs.moveToFailed(job, error);
    await onGivenUp?.(tx, job, attempts);
    await tx.events.append({
      kind: 'job.failed',
      accountId: null,
      actor: 'system',
      subject: job.subject,
      data: { kind: job.kind, attempts, error },
      requestId: null,
      at: now,
    });
  });
  return undefined;
}

function describe(thrown: unknown): string {
  if (thrown instanceof CertError) return `${thrown.code}: ${thrown.message}`;
  return thrown instanceof Error ? thrown.message : String(thrown);
}
