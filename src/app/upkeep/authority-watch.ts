/**
 * Tells the operator, years before, that an authority ends: what happens by itself and when, and what does not. In the log at every start
 * and every day, in the audit log monthly.
 */

import { endsSoon } from '../../domain/authority.ts';
import type { AuthorityOutlook } from '../../domain/authority-outlook.ts';
import type { AuthorityId } from '../../domain/ids.ts';
import { rollsOver } from '../../domain/ports/issuer.ts';
import type { AppContext } from '../context.ts';

const settingKey = 'authorityWarnings';
const recordEveryMs = 30 * 86_400_000;

/** Of those that are offered: no certificate is longer. */
export function longestProfileDays({ profiles }: Pick<AppContext, 'profiles'>): number {
  return Math.max(0, ...[...profiles.values()].map(({ maxValidityDays }) => maxValidityDays));
}

/** What becomes of the authorities of all issuers. */
export async function authorityOutlooks(context: AppContext): Promise<readonly AuthorityOutlook[]> {
  const rolling = [...context.issuers.values()].filter((issuer) => rollsOver(issuer));
  return (await Promise.all(rolling.map((issuer) => issuer.outlook(longestProfileDays(context))))).flat();
}

/** When the next authority is made or begins to sign, if that is before the other time. */
export async function nextRollover(context: AppContext, latest: Date): Promise<Date> {
  const now = context.clock.now();
  const moments = (await authorityOutlooks(context)).flatMap(({ id, madeAt, signsFrom }) => [
    ...(id === null ? [madeAt] : []),
    signsFrom,
  ]);
  return new Date(Math.min(latest.getTime(), ...moments.filter((at) => at > now).map((at) => at.getTime())));
}

export async function warnOfEndingAuthorities(context: AppContext): Promise<void> {
  const { database, clock, log, profiles } = context;
  const now = clock.now();
  const all = await authorityOutlooks(context);
  const ending = (await database.read.authorities.list()).flatMap((authority) => {
    const outlook = all.find(({ id }) => id === authority.id);
    const isSoon = authority.retiredAt === null && endsSoon(authority, profiles.values(), now);
    const hasTask = outlook !== undefined && outlook.task !== null;
    return isSoon || hasTask ? [{ authority, outlook, message: messageOf(authority, outlook) }] : [];
  });
  if (ending.length === 0) return;
  for (const { authority, outlook, message } of ending) {
    const { id, role, subject, notAfter } = authority;
    const facts = { authority: id, role, subject, notAfter };
    if (role === 'intermediate' && outlook?.task === null) log.info(facts, message);
    else log.warn(facts, message);
  }
  await database.write(async (tx) => {
    const recorded = recordedFrom(await tx.settings.get(settingKey));
    const due = ending.filter(({ authority: { id } }) => now.getTime() - (recorded.get(id) ?? 0) >= recordEveryMs);
    if (due.length === 0) return;
    for (const { authority, message } of due) {
      const { id, role, subject, notAfter } = authority;
      recorded.set(id, now.getTime());
      await tx.events.append({
        kind: 'authority.endsSoon',
        accountId: null,
        actor: 'system',
        subject: id,
        data: { role, subject, notAfter, message },
        requestId: null,
        at: now,
      });
    }
    await tx.settings.put(settingKey, Object.fromEntries(recorded));
  });
}

interface Ending {
  readonly role: string;
  readonly subject: string;
  readonly notAfter: Date;
}

function messageOf({ role, subject, notAfter }: Ending, outlook: AuthorityOutlook | undefined): string {
  const name = `the ${role} ${subject}`;
  const ends = `${name} ends on ${dayOf(notAfter)}`;
  if (outlook?.task?.what === 'trustRoot') {
    return `${name} is published: have every client trust it by ${dayOf(outlook.task.by)}, when certificates begin to hang under it; see certmux ca export`;
  }
  if (outlook === undefined || outlook.task !== null || outlook.retiresAt === null) {
    const by = outlook?.task == null ? 'in time' : `by ${dayOf(outlook.task.by)}`;
    return `${ends} and nothing follows it by itself: have a new one made ${by}; certificates that would outlast it are refused`;
  }
  const moved = `its successor signs from ${dayOf(outlook.retiresAt)}, by itself`;
  return role === 'root'
    ? `${ends}: intermediates move to another root, by itself, on ${dayOf(outlook.retiresAt)}; have every client trust that one before; see certmux ca plan`
    : `${ends}: ${moved}`;
}

/** The time of each one's last record. */
function recordedFrom(kept: unknown): Map<AuthorityId | string, number> {
  const entries = Object.entries(typeof kept === 'object' && kept !== null ? kept : {});
  return new Map(entries.flatMap(([id, at]): [string, number][] => (typeof at === 'number' ? [[id, at]] : [])));
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
