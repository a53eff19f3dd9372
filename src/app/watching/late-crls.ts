/** Revocation lists that were not renewed when that was due (`upkeep.ts`). */
import { finding } from '../../domain/alarm.ts';
import type { AuthorityId } from '../../domain/ids.ts';
import { reasonOutside } from '../../domain/may-be-issued.ts';
import { type CrlIssuer, publishesCrl } from '../../domain/ports/issuer.ts';
import type { AppContext } from '../context.ts';
import { type Condition, dayMs, hourMs, minuteMs } from './condition.ts';

/**
 * A day after the next one was due. Of a list that is made daily one renewal was missed then, and of seven days five are left (BR §4.9.7
 * wants a new one within four).
 */
const graceMs = dayMs;

export function lateCrls({ database, clock, issuers }: AppContext): Condition {
  return {
    heldMs: 10 * minuteMs,
    of: 'installation',
    async look() {
      const now = clock.now();
      let oldest:
        | { readonly authority: AuthorityId; readonly ageMs: number; readonly lateMs: number; readonly until: Date }
        | undefined;
      for (const issuer of issuers.values()) {
        if (!publishesCrl(issuer)) continue;
        for (const authority of current(issuer, now)) {
          const updates = await database.read.crls.updatesOf(authority);
          if (updates === undefined) return finding('crlMissing', { authority });
          const ageMs = now.getTime() - updates.thisUpdate.getTime();
          const lateMs = ageMs - issuer.listEveryMs(authority);
          if (oldest === undefined || lateMs > oldest.lateMs)
            oldest = { authority, ageMs, lateMs, until: updates.nextUpdate };
        }
      }
      if (oldest === undefined || oldest.lateMs < graceMs) return undefined;
      const { authority, ageMs, until } = oldest;
      return finding('crlLate', { authority, hours: Math.floor(ageMs / hourMs), until: until.toISOString() });
    },
  };
}

/** Outside its validity an authority publishes nothing. */
function current(issuer: CrlIssuer, now: Date): readonly AuthorityId[] {
  return issuer.authorityIds().filter((id) => reasonOutside(issuer.validityOf(id), now) === undefined);
}
