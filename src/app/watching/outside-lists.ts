/** Lists of authorities whose keys are outside: nobody makes them here, so that somebody has to be told in time. */
import { finding } from '../../domain/alarm.ts';
import type { Authority, Crl } from '../../domain/authority.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { AppContext } from '../context.ts';
import { type Condition, dayMs, minuteMs } from './condition.ts';

/** Whoever keeps a root takes it out of its safe by appointment: a third of a list's life is left to find one. */
const shareLeft = 3;

export function endingOutsideLists(context: AppContext): Condition {
  const { database, clock } = context;
  return {
    heldMs: 10 * minuteMs,
    of: 'installation',
    async look() {
      for (const { id, subject } of await dueOutsideLists(context)) {
        const updates = await database.read.crls.updatesOf(id);
        if (updates === undefined) return finding('outsideListMissing', { authority: subject });
        const days = Math.max(0, Math.floor((updates.nextUpdate.getTime() - clock.now().getTime()) / dayMs));
        return finding('outsideListEnding', { authority: subject, days, until: updates.nextUpdate.toISOString() });
      }
      return undefined;
    },
  };
}

/** Authorities whose keys are outside, and whose next lists are to be handed in by now. */
export async function dueOutsideLists({ database, clock }: AppContext): Promise<readonly Authority[]> {
  const now = clock.now();
  const all = await database.read.authorities.list();
  const due: Authority[] = [];
  for (const authority of all.filter(({ keyPlace }) => keyPlace === 'outside')) {
    const updates = (await database.read.crls.updatesOf(authority.id)) ?? null;
    if (isOutsideListDue(authority, { updates, all, now })) due.push(authority);
  }
  return due;
}

interface ListFacts {
  /** Of the newest list; null: none was handed in. */
  readonly updates: Pick<Crl, 'thisUpdate' | 'nextUpdate'> | null;
  readonly all: readonly Authority[];
  readonly now: Date;
}

/** Whether the next list of an authority whose key is outside is to be handed in by now. */
export function isOutsideListDue(authority: Authority, { updates, all, now }: ListFacts): boolean {
  if (authority.keyPlace !== 'outside' || authority.notAfter <= now) return false;
  if (updates === null) return isLookedForHere(authority, all);
  const leftMs = updates.nextUpdate.getTime() - now.getTime();
  const lifeMs = updates.nextUpdate.getTime() - updates.thisUpdate.getTime();
  // The last list of a CA ends with it.
  return leftMs * shareLeft <= lifeMs && updates.nextUpdate < authority.notAfter;
}

/** Whether a certificate below says that the list is at this server. Where it names another place, it is served there. */
function isLookedForHere({ id }: Authority, all: readonly Authority[]): boolean {
  const below = all.filter(({ parentId }) => parentId === id);
  return below.some(({ certificate }) =>
    parseCertificate(certificate).crlUrls.some((url) => url.endsWith(`/pki/${id}.crl`)),
  );
}
