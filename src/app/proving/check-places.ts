/**
 * Places for checks under way in this process. Who finds none waits, and does not fail: time limits begin when the place is taken. Free places
 * go to the account with the fewest checks under way; neither an account nor a zone has more than its share.
 */
import type { Authorization } from '../../domain/authorization.ts';
import { chosenInTurn, type UnderWay } from '../../domain/fair-share.ts';
import type { Shares } from '../../domain/job.ts';
import type { PublicSuffixes } from '../../domain/ports/system.ts';
import { zoneOf } from '../../domain/zone-rest.ts';

export interface CheckPlaces {
  /** Runs the work when there is a place for it; at once, without a place, when the signal is aborted: it says so itself. */
  run<T>(who: UnderWay, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

interface Waiting extends UnderWay {
  readonly runAt: Date;
  enter(): void;
}

export function createCheckPlaces(shares: Shares): CheckPlaces {
  const underWay = new Set<UnderWay>();
  const waiting = new Set<Waiting>();
  let arrivals = 0;

  function fill(): void {
    if (waiting.size === 0) return;
    const places = shares.places - underWay.size;
    for (const one of chosenInTurn([...waiting], [...underWay], { ...shares, places }).chosen) {
      waiting.delete(one);
      underWay.add(one);
      one.enter();
    }
  }

  function placeFor(who: UnderWay, signal: AbortSignal): Promise<UnderWay | undefined> {
    return new Promise((resolve) => {
      // In the order of arrival, which no clock tells apart.
      const one: Waiting = { ...who, runAt: new Date(arrivals++), enter: () => entered(one) };
      const entered = (place: UnderWay | undefined) => {
        signal.removeEventListener('abort', left);
        resolve(place);
      };
      const left = () => {
        waiting.delete(one);
        entered(undefined);
      };
      if (signal.aborted) return resolve(undefined);
      signal.addEventListener('abort', left, { once: true });
      waiting.add(one);
      fill();
    });
  }

  return {
    async run(who, signal, work) {
      const place = await placeFor(who, signal);
      try {
        return await work();
      } finally {
        if (place !== undefined && underWay.delete(place)) fill();
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
