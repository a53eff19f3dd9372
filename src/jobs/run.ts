/** One run of one job in memory: from its place in line to its end. */
import { type Job, retryPolicies } from '../domain/job.ts';
import type { JobHandler, JobOutcome } from '../domain/ports/jobs.ts';
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
  /** Whether it was stopped, so that its failure is not the job's fault. */
  readonly isStopped: boolean;
  perform(handler: JobHandler | undefined, deadlines: Deadlines): Promise<RunEnd>;
  stop(): void;
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
      const { timeoutMs } = retryPolicies[job.kind];
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
    stop() {
      isStopped = true;
      abort.abort(new Error('the server is stopping'));
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
