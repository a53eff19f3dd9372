/** Jobs that nobody runs, and jobs that fail again and again. */
import { finding } from '../../domain/alarm.ts';
import { isSharedLane, type JobKind } from '../../domain/job.ts';
import type { AppContext } from '../context.ts';
import { type Condition, minuteMs } from './condition.ts';

/** In lanes that accounts share, one with many jobs waits for its turns; in the others a job runs within seconds. */
const lateMs = { shared: 30 * minuteMs, own: 10 * minuteMs };

export function idleJobs({ database, clock }: AppContext): Condition {
  return {
    heldMs: 5 * minuteMs,
    of: 'installation',
    async look() {
      const now = clock.now();
      const late = (await database.read.jobs.due(now))
        .map(({ since, ...one }) => ({ ...one, forMs: now.getTime() - since.getTime() }))
        .filter(({ lane, forMs }) => forMs >= (isSharedLane(lane) ? lateMs.shared : lateMs.own))
        .toSorted((a, b) => b.forMs - a.forMs)[0];
      if (late === undefined) return undefined;
      const { lane, jobs, forMs } = late;
      return finding('jobsNotRun', { lane, jobs, minutes: Math.floor(forMs / minuteMs) });
    },
  };
}

/** Fail through strangers' servers; whether any succeed is looked at by `silent-network.ts`. */
const ofStrangers: readonly JobKind[] = ['deliver', 'sendMail', 'sendReminder', 'sendInvitation', 'sendUserMail'];

export function failingJobs({ database }: AppContext): Condition {
  return {
    heldMs: 10 * minuteMs,
    of: 'installation',
    async look() {
      const own = [...(await database.read.jobs.countRetried())].filter(([kind]) => !ofStrangers.includes(kind));
      const most = own.toSorted(([, a], [, b]) => b - a)[0];
      return most && finding('jobsFail', { kind: most[0], jobs: most[1] });
    },
  };
}
