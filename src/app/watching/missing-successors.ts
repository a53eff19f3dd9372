/** Authorities that nothing has followed in time: it could not be made by itself, or was the operator's to make (`domain/rollover.ts`). */
import { finding } from '../../domain/alarm.ts';
import { type AuthorityOutlook, isTaskDue } from '../../domain/authority-outlook.ts';
import type { AppContext } from '../context.ts';
import { authorityOutlooks } from '../upkeep/authority-watch.ts';
import { type Condition, dayMs, hourMs } from './condition.ts';

/** One that is due is made by the next daily look. */
const graceMs = 2 * dayMs;

export function missingSuccessors(context: AppContext): Condition {
  return {
    heldMs: hourMs,
    of: 'installation',
    async look() {
      const now = context.clock.now();
      const late = (await authorityOutlooks(context)).find((one) => isLate(one, now));
      if (late === undefined) return undefined;
      return finding('successorMissing', { subject: late.subject ?? late.issuerId, until: late.endsAt.toISOString() });
    },
  };
}

function isLate(outlook: AuthorityOutlook, now: Date): boolean {
  const { stage, successorDueAt, task } = outlook;
  if (stage !== 'signing' && stage !== 'published') return false;
  if (task?.what === 'makeSuccessor') return isTaskDue(outlook, now);
  return successorDueAt !== null && successorDueAt.getTime() + graceMs < now.getTime();
}
