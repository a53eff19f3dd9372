/** Reads an order as clients do, until it shows what proves each name: a vendor may take a while to say so. */
import type { Clock } from '../domain/ports/system.ts';
import type { Customer, Offer } from './customer.ts';

export interface WaitingForOffers {
  readonly customer: Pick<Customer, 'readOrder'>;
  readonly readOffers: NonNullable<Customer['readOffers']>;
  readonly names: readonly string[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const pollMs = 250;

/** @throws {Error} when the order fails; what `signal` is aborted with, when it takes too long */
export async function awaitOffers(waiting: WaitingForOffers): Promise<readonly Offer[]> {
  const { customer, readOffers, names, clock, signal } = waiting;
  for (;;) {
    const offers = await readOffers(signal);
    const isThere = (wanted: string) =>
      offers.some(({ name, file, cname, txt }) => name === wanted && (file ?? cname ?? txt) !== undefined);
    if (names.every(isThere)) return offers;
    const { status, failure } = await customer.readOrder(signal);
    if (failure !== undefined) throw new Error(`the order is ${status}: ${failure}`);
    await clock.sleep(pollMs, signal);
  }
}
