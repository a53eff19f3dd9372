/** What keeps the server itself from working: its clock, its resolvers, its disk; and a backup that was not made. */
import { finding } from '../../domain/alarm.ts';
import { lastBackupKey, lastBackupOf } from '../../domain/backup.ts';
import { renderReason } from '../../domain/errors.ts';
import type { AppContext } from '../context.ts';
import { type Condition, dayMs, hourMs, minuteMs } from './condition.ts';

/** Backups are made every day (docs/operations.md). */
const oldBackupMs = 2 * dayMs;

export function ownFaults({ database, clock, clockGuard, resolverWatch }: AppContext): readonly Condition[] {
  return [
    {
      heldMs: 2 * minuteMs,
      of: 'node',
      async look() {
        const fault = clockGuard.fault();
        return fault && finding('clockWrong', { en: renderReason(fault, 'en'), zh: renderReason(fault, 'zh') });
      },
    },
    {
      // A server that starts with its machine may be there before the resolvers are.
      heldMs: 2 * minuteMs,
      of: 'node',
      async look() {
        const fault = await resolverWatch.look();
        return fault?.key === 'resolversAway'
          ? finding('resolversAway', { servers: fault.params.servers ?? '' })
          : undefined;
      },
    },
    {
      heldMs: minuteMs,
      of: 'node',
      look: async () => (database.isFull ? finding('diskFull', {}) : undefined),
    },
    {
      heldMs: 0,
      of: 'installation',
      async look() {
        const at = lastBackupOf(await database.read.settings.get(lastBackupKey));
        const ageMs = at === undefined ? 0 : clock.now().getTime() - at.getTime();
        return ageMs < oldBackupMs ? undefined : finding('backupOld', { hours: Math.floor(ageMs / hourMs) });
      },
    },
  ];
}
