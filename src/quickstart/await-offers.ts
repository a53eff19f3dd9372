/** Reads an order as clients do, until it shows what proves each name: a vendor may take a while to say so. */
import type { Clock } from '../domain/ports/system.ts';
import type { Offer } from './customer.ts';

export interface WaitingForOffers {
  readonly readOffers: (signal: AbortSignal) => Promise<readonly Offer[]>;
  readonly names: readonly string[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const pollMs = 250;

/** Waits until the signal ends it. */
export async function awaitOffers({ readOffers, names, clock, signal }: WaitingForOffers): Promise<readonly Offer[]> {
  for (;;) {
    const offers = await readOffers(signal);
    const isThere = (wanted: string) =>
      offers.some(({ name, file, cname, txt }) => name === wanted && (file ?? cname ?? txt) !== undefined);
    if (names.every(isThere)) return offers;
    await clock.sleep(pollMs, signal);
  }
}
