/** How far our clock and the CA's are apart, by the `Date` of its replies (RFC 9110 §6.6.1). */
import type { Clock } from '../../../domain/ports/system.ts';

export interface ServerClock {
  /** @param sentAt when the request of the reply was sent, by our clock */
  note(headers: Headers, sentAt: Date): void;
  /** At the last reply that said: positive where our clock is ahead of the CA's; null where none did. */
  aheadMs(): number | null;
}

/** `Date` has whole seconds. */
const resolutionMs = 1000;

export function createServerClock(clock: Pick<Clock, 'now'>): ServerClock {
  let aheadMs: number | null = null;

  return {
    note(headers, sentAt) {
      const theirsMs = Date.parse(headers.get('date') ?? '');
      // A cache in between repeats the date of the reply that it keeps (RFC 9111 §5.1).
      if (Number.isNaN(theirsMs) || headers.has('age')) return;
      const receivedMs = clock.now().getTime();
      // It was dated at some time between the two: what is less than that is no difference.
      const leastMs = sentAt.getTime() - (theirsMs + resolutionMs);
      const mostMs = receivedMs - theirsMs;
      if (leastMs > 0) aheadMs = leastMs;
      else aheadMs = mostMs < 0 ? mostMs : 0;
    },
    aheadMs: () => aheadMs,
  };
}
