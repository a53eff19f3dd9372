/** Zones of the names that one run looks at: those that rest are left out, and one that did not answer is tried by one name first. */
import type { Authorization } from '../../domain/authorization.ts';
import type { CheckResult } from '../../domain/challenge.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { restAfter, zoneAnswers, zoneOf } from '../../domain/zone-rest.ts';
import type { AppContext } from '../context.ts';

export interface ZoneAnswer {
  readonly accountId: AccountId;
  readonly zone: string;
  readonly answers: boolean;
}

export interface ZonesToLookAt {
  /** The next names, at most so many. None: all were looked at, or their zones rest. */
  next(atMost: number): readonly Authorization[];
  /** What the look at some names said of a zone. */
  note(answer: ZoneAnswer): void;
}

type ZoneState = 'answers' | 'silent' | 'resting';

export async function zonesOf(
  { database, clock, publicSuffixes }: AppContext,
  {
    accountId,
    zoneOfJob,
    pending,
  }: {
    readonly accountId: AccountId;
    /** The zone for which the job was let through; null where it has several: then their rests are looked at here. */
    readonly zoneOfJob: string | null;
    readonly pending: readonly Authorization[];
  },
): Promise<ZonesToLookAt> {
  let left = pending.map((authorization) => ({
    authorization,
    zone: zoneOf(authorization.identifier, publicSuffixes),
  }));
  const states = new Map<string, ZoneState>(left.map(({ zone }) => [zone, 'answers']));
  const now = clock.now();
  for (const { zone, until } of await database.read.zoneRests.list(accountId, [...states.keys()])) {
    states.set(zone, until > now && zone !== zoneOfJob ? 'resting' : 'silent');
  }
  return {
    next(atMost) {
      const tried = new Set<string>();
      const names = left
        .filter(({ zone }) => {
          const state = states.get(zone);
          const isTried = tried.has(zone);
          tried.add(zone);
          return state === 'answers' || (state === 'silent' && !isTried);
        })
        .slice(0, atMost);
      left = left.filter((name) => !names.includes(name));
      return names.map(({ authorization }) => authorization);
    },
    note({ zone, answers }) {
      states.set(zone, answers ? 'answers' : 'resting');
    },
  };
}

/** What the checks of some names say of each of their zones. */
export function answersOf(
  { publicSuffixes }: Pick<AppContext, 'publicSuffixes'>,
  results: readonly { readonly authorization: Authorization; readonly checks: readonly CheckResult[] }[],
): readonly ZoneAnswer[] {
  const checksOf = new Map<string, CheckResult[]>();
  for (const { authorization, checks } of results) {
    const zone = zoneOf(authorization.identifier, publicSuffixes);
    checksOf.set(zone, [...(checksOf.get(zone) ?? []), ...checks]);
  }
  const [first] = results;
  if (first === undefined) return [];
  const { accountId } = first.authorization;
  return [...checksOf].flatMap(([zone, checks]) => {
    const answers = zoneAnswers(checks);
    return answers === undefined ? [] : [{ accountId, zone, answers }];
  });
}

/** Silent zones rest; one that answers again is looked at again for all that waits for it. @returns true if one does, and the queue is to be woken */
export async function storeAnswers(
  context: Pick<AppContext, 'clock'>,
  tx: Stores,
  answers: readonly ZoneAnswer[],
): Promise<boolean> {
  let isAwake = false;
  for (const answer of answers) isAwake = (await storeAnswer(context, tx, answer)) || isAwake;
  return isAwake;
}

async function storeAnswer(
  { clock }: Pick<AppContext, 'clock'>,
  tx: Stores,
  { accountId, zone, answers }: ZoneAnswer,
): Promise<boolean> {
  const now = clock.now();
  if (!answers) {
    const [before] = await tx.zoneRests.list(accountId, [zone]);
    await tx.zoneRests.put(restAfter(before, { accountId, zone, now }));
    return false;
  }
  if (!(await tx.zoneRests.remove(accountId, zone))) return false;
  await tx.jobs.bringForwardZone(accountId, zone, now);
  return true;
}
