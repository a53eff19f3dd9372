/** Tells the operator, years before, that an authority ends: in the log at every start and every day, in the audit log monthly. */

import { type Authority, endsSoon } from '../../domain/authority.ts';
import type { AuthorityId } from '../../domain/ids.ts';
import type { AppContext } from '../context.ts';

const settingKey = 'authorityWarnings';
const recordEveryMs = 30 * 86_400_000;

export async function warnOfEndingAuthorities(context: AppContext): Promise<void> {
  const { database, clock, log, profiles } = context;
  const now = clock.now();
  const ending = (await database.read.authorities.list()).filter((one) => endsSoon(one, profiles.values(), now));
  if (ending.length === 0) return;
  for (const { id, role, subject, notAfter } of ending) {
    log.warn(
      { authority: id, role, subject, notAfter },
      `the ${role} ${subject} ends on ${dayOf(notAfter)}: make a new CA in time; certificates that would outlast it are refused`,
    );
  }
  await database.write(async (tx) => {
    const recorded = recordedFrom(await tx.settings.get(settingKey));
    const due = ending.filter(({ id }) => now.getTime() - (recorded.get(id) ?? 0) >= recordEveryMs);
    if (due.length === 0) return;
    for (const authority of due) {
      const { id, role, subject, notAfter } = authority;
      recorded.set(id, now.getTime());
      await tx.events.append({
        kind: 'authority.endsSoon',
        accountId: null,
        actor: 'system',
        subject: id,
        data: { role, subject, notAfter },
        requestId: null,
        at: now,
      });
    }
    await tx.settings.put(settingKey, Object.fromEntries(recorded));
  });
}

/** The time of each one's last record. */
function recordedFrom(kept: unknown): Map<AuthorityId | string, number> {
  const entries = Object.entries(typeof kept === 'object' && kept !== null ? kept : {});
  return new Map(entries.flatMap(([id, at]): [string, number][] => (typeof at === 'number' ? [[id, at]] : [])));
}

function dayOf(date: Authority['notAfter']): string {
  return date.toISOString().slice(0, 10);
}
