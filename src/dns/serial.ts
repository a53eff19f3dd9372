/** The serial number of the zone (RFC 1035 §3.3.13), which no node stores. */
import type { Clock } from '../domain/ports/system.ts';

const minuteSeconds = 60;

/**
 * The beginning of this minute in seconds since 1970. The zone changes with every row of the database, on all nodes at once; a counter there would
 * cost a write that everybody waits for, and nobody copies the zone by it (AXFR is refused). The clock goes on over restarts and is nearly
 * the same on all nodes: in whole minutes they show the same serial to those who compare them. Within a process it never goes back, also
 * where somebody sets the clock back. As 32 bits it is good until 2106, and RFC 1982 lets it begin again then.
 */
export function createSerial(clock: Pick<Clock, 'now'>): () => number {
  let last = 0;
  return () => {
    const seconds = Math.floor(clock.now().getTime() / 1000);
    last = Math.max(last, seconds - (seconds % minuteSeconds));
    return last % 2 ** 32;
  };
}
