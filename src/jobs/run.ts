/** One run of one job: in memory from its place in line to its end, and what its end changes in the queue. */

import { CertError } from '../domain/errors.ts';
import { backoffSeconds, isSharedKind, type Job, mayUseReserve, retryPolicies, timeoutMsOf } from '../domain/job.ts';
import { type KeptText, renderKept } from '../domain/kept-reason.ts';
import type { JobGivenUp, JobHandler, JobOutcome } from '../domain/ports/jobs.ts';
import type { JobResult } from '../domain/ports/meter.ts';
import type { Database } from '../domain/ports/stores/index.ts';
import type { Clock, Log } from '../domain/ports/system.ts';
import type { Deadlines } from './deadlines.ts';

/** How a run ended. `abandoned`: its handler went on after the abort; whatever it does now counts for nothing. */
export type RunEnd =
  | { readonly kind: 'outcome'; readonly outcome: JobOutcome }
  | { readonly kind: 'thrown'; readonly error: unknown }
  | { readonly kind: 'abandoned'; readonly error: unknown };

export interface Run {
  readonly job: Job;
  /** False: its work is found by a row elsewhere, and the queue has none of it. */
  readonly isStored: boolean;
  readonly isClaimed: boolean;
  /** How often the queue had been woken before the job was taken: who wakes it later may mean this very job again. */
  readonly wakesBefore: number;
  /** True if it was stopped, so that its failure is not the job's fault. */
  readonly isStopped: boolean;
  perform(handler: JobHandler | undefined, deadlines: Deadlines): Promise<RunEnd>;
  /** @param why for the log of its handler */
  stop(why: string): void;
  /** Tells those who wait for the end. */
  settle(): void;
  settled(): Promise<void>;
}

/** How long a handler has to end once its signal is aborted, before another job takes its place. */
const abandonMs = 5000;

export interface NewRun extends Pick<Run, 'job' | 'isClaimed' | 'wakesBefore'> {
  readonly isStored?: boolean;
  /** Instead of the handler of its kind. */
  readonly handler?: JobHandler;
}

export function createRun({ job, isClaimed, wakesBefore, isStored = true, handler: own }: NewRun): Run {
  const abort = new AbortController();
  let isStopped = false;
  let end: PromiseWithResolvers<void> | undefined;
  let isSettled = false;

  return {
    job,
    isStored,
    isClaimed,
    wakesBefore,
    get isStopped() {
      return isStopped;
    },
    async perform(handlerOfKind, deadlines) {
      const handler = own ?? handlerOfKind;
      if (handler === undefined) return { kind: 'thrown', error: new Error(`nobody handles jobs of kind ${job.kind}`) };
      const timeoutMs = timeoutMsOf(job);
      return new Promise<RunEnd>((resolve) => {
        let deadline = deadlines.set(timeoutMs, () => {
          // Named, so that a handler can tell that it was too slow from that the server stops.
          const error = new DOMException(`timed out after ${timeoutMs} ms`, 'TimeoutError');
          abort.abort(error);
          deadline = deadlines.set(abandonMs, () => resolve({ kind: 'abandoned', error }));
        });
        handle(handler, job, abort.signal).then((ended) => {
          deadline.cancel();
          resolve(ended);
        });
      });
    },
    stop(why) {
      isStopped = true;
      abort.abort(new Error(why));
    },
    settle() {
      isSettled = true;
      end?.resolve();
    },
    settled() {
      if (isSettled) return Promise.resolve();
      end ??= Promise.withResolvers();
      return end.promise;
    },
  };
}

async function handle(handler: JobHandler, job: Job, signal: AbortSignal): Promise<RunEnd> {
  try {
    return { kind: 'outcome', outcome: await handler(job, signal) };
  } catch (error) {
    return { kind: 'thrown', error };
  }
}

interface Context {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly onGivenUp: JobGivenUp | undefined;
}

/** @returns when the job is to run again, if it is */
/** How the end counts in metrics. */
export function resultOf({ kind, attempts }: Job, end: RunEnd): JobResult {
  if (end.kind === 'outcome') return end.outcome.kind === 'again' ? 'againLater' : 'done';
  return attempts + 1 < retryPolicies[kind].maxAttempts ? 'failed' : 'givenUp';
}

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
  if (isSharedKind(kind)) throw new Error(`${kind} is always queued`);
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
      data: { kind: job.kind, attempts, error: renderKept(error, 'en') },
      requestId: null,
      at: now,
    });
  });
  return undefined;
}

/** An error that hides its cause says no more than that there was one. */
function describe(thrown: unknown): KeptText {
  if (thrown instanceof CertError && thrown.code !== 'internal') return thrown.reason;
  if (thrown instanceof CertError) return `${thrown.code}: ${thrown.message}`;
  return thrown instanceof Error ? thrown.message : String(thrown);
}
