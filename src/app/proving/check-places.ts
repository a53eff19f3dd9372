/**
 * Places for checks under way in this process. Who finds none waits, and does not fail: time limits begin when the place is taken. Free places
 * go to the account with the fewest checks under way; neither an account nor a zone has more than its share.
 */
import type { Authorization } from '../../domain/authorization.ts';
import type { UnderWay } from '../../domain/fair-share.ts';
import type { Shares } from '../../domain/job.ts';
import type { PublicSuffixes } from '../../domain/ports/system.ts';
import { zoneOf } from '../../domain/zone-rest.ts';

export interface CheckPlaces {
  /** Runs the work when there is a place for it; at once, without a place, when the signal is aborted: it says so itself. */
  run<T>(who: UnderWay, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

interface Waiting extends UnderWay {
  enter(): void;
}

/** What an account has under way, and who of it waits, the first to come first. */
interface Line {
  underWay: number;
  readonly waiting: Waiting[];
}

/**
 * In the way of `chosenInTurn`, but counted as checks come and go: there are thousands, each of which begins and ends, so that none may look at all
 * the others. A free place looks at the accounts that wait, which are no more than there are jobs under way.
 */
export function createCheckPlaces({ places, perAccount, perZone }: Shares): CheckPlaces {
  const lines = new Map<string, Line>();
  /** Those of `lines` of whom somebody waits: among equals the place goes to who has not had one for longest. */
  const waitingLines = new Set<Line>();
  const ofZone = new Map<string, number>();
  let underWay = 0;

  const hasRoom = ({ zone }: UnderWay) => zone === null || (ofZone.get(zone) ?? 0) < perZone;

  function lineOf(owner: string): Line {
    const line = lines.get(owner) ?? { underWay: 0, waiting: [] };
    lines.set(owner, line);
    return line;
  }

  function count({ owner, zone }: UnderWay, step: 1 | -1): void {
    underWay += step;
    const line = lineOf(owner);
    line.underWay += step;
    forgetIdle(owner, line);
    if (zone === null) return;
    const inZone = (ofZone.get(zone) ?? 0) + step;
    if (inZone === 0) ofZone.delete(zone);
    else ofZone.set(zone, inZone);
  }

  function forgetIdle(owner: string, line: Line): void {
    if (line.underWay === 0 && line.waiting.length === 0) lines.delete(owner);
  }

  /** The line of the account with the least under way that has somebody whose zone has room. */
  function nextLine(): Line | undefined {
    let best: Line | undefined;
    for (const line of waitingLines) {
      if (line.underWay >= perAccount || (best !== undefined && line.underWay >= best.underWay)) continue;
      if (line.waiting.some(hasRoom)) best = line;
    }
    return best;
  }

  function leaveLine(one: Waiting, line: Line): void {
    line.waiting.splice(line.waiting.indexOf(one), 1);
    waitingLines.delete(line);
    if (line.waiting.length > 0) waitingLines.add(line);
  }

  function fill(): void {
    while (underWay < places) {
      const line = nextLine();
      const first = line?.waiting.find(hasRoom);
      if (line === undefined || first === undefined) return;
      leaveLine(first, line);
      count(first, 1);
      first.enter();
    }
  }

  /** @returns whether it has a place now */
  function placeFor(who: UnderWay, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve(false);
      const line = lineOf(who.owner);
      const one: Waiting = {
        ...who,
        enter: () => {
          signal.removeEventListener('abort', left);
          resolve(true);
        },
      };
      const left = () => {
        leaveLine(one, line);
        forgetIdle(who.owner, line);
        resolve(false);
      };
      signal.addEventListener('abort', left, { once: true });
      line.waiting.push(one);
      waitingLines.add(line);
      fill();
    });
  }

  return {
    async run(who, signal, work) {
      const hasPlace = await placeFor(who, signal);
      try {
        return await work();
      } finally {
        if (hasPlace) {
          count(who, -1);
          fill();
        }
      }
    },
  };
}

export function placeOf(
  { publicSuffixes }: { readonly publicSuffixes: Pick<PublicSuffixes, 'registrableDomain'> },
  { accountId, identifier }: Pick<Authorization, 'accountId' | 'identifier'>,
): UnderWay {
  return { owner: accountId, zone: zoneOf(identifier, publicSuffixes) };
}
