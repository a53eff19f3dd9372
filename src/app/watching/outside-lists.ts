/** Lists of authorities whose keys are outside: nobody makes them here, so that somebody has to be told in time. */
import { finding } from '../../domain/alarm.ts';
import type { Authority } from '../../domain/authority.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { AppContext } from '../context.ts';
import { type Condition, dayMs, minuteMs } from './condition.ts';

/** Whoever keeps a root takes it out of its safe by appointment: a third of a list's life is left to find one. */
const shareLeft = 3;

export function endingOutsideLists({ database, clock }: AppContext): Condition {
  return {
    heldMs: 10 * minuteMs,
    of: 'installation',
    async look() {
      const now = clock.now();
      const all = await database.read.authorities.list();
      for (const authority of all.filter(({ keyPlace, notAfter }) => keyPlace === 'outside' && notAfter > now)) {
        const updates = await database.read.crls.updatesOf(authority.id);
        const { subject } = authority;
        if (updates === undefined) {
          if (isLookedForHere(authority, all)) return finding('outsideListMissing', { authority: subject });
          continue;
        }
        const leftMs = updates.nextUpdate.getTime() - now.getTime();
        const lifeMs = updates.nextUpdate.getTime() - updates.thisUpdate.getTime();
        // The last list of a CA ends with it.
        if (leftMs * shareLeft > lifeMs || updates.nextUpdate >= authority.notAfter) continue;
        const days = Math.max(0, Math.floor(leftMs / dayMs));
        return finding('outsideListEnding', { authority: subject, days, until: updates.nextUpdate.toISOString() });
      }
      return undefined;
    },
  };
}

/** Whether a certificate below says that the list is at this server. Where it names another place, it is served there. */
function isLookedForHere({ id }: Authority, all: readonly Authority[]): boolean {
  const below = all.filter(({ parentId }) => parentId === id);
  return below.some(({ certificate }) =>
    parseCertificate(certificate).crlUrls.some((url) => url.endsWith(`/pki/${id}.crl`)),
  );
}
