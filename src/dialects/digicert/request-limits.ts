/**
 * Limits on the requests of a key: two rolling windows, in the memory of this process. Several nodes each count their own.
 */
import { refuse } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports/system.ts';
import type { DigicertConfig } from './config.ts';

export interface RequestLimiter {
  /** Counts one request of the key. @throws {CertError} rateLimited, then it is not counted */
  take(key: string): void;
}

interface Window {
  readonly seconds: number;
  readonly limit: number;
}

/** The moments of the newest requests of one key within one window: as many as are allowed, in a ring. */
interface Ring {
  readonly moments: Float64Array;
  next: number;
}

export function createRequestLimiter(limits: DigicertConfig['requestLimits'], clock: Clock): RequestLimiter {
  if (limits === 'off') return { take: () => {} };
  const windows: readonly Window[] = [
    { seconds: 5, limit: limits.per5Seconds },
    { seconds: 300, limit: limits.per5Minutes },
  ];
  const rings = new Map<string, readonly Ring[]>();

  return {
    take(key) {
      const now = clock.monotonicMs();
      let ofKey = rings.get(key);
      if (ofKey === undefined) {
        ofKey = windows.map(({ limit }) => ({ moments: new Float64Array(limit).fill(-Infinity), next: 0 }));
        rings.set(key, ofKey);
      }
      windows.forEach((window, index) => {
        const waitMs = untilFree(ofKey[index], window, now);
        if (waitMs > 0) {
          const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
          throw refuse('tooManyRequests', { limit: window.limit, windowSeconds: window.seconds, retryAfterSeconds });
        }
      });
      for (const ring of ofKey) {
        ring.moments[ring.next] = now;
        ring.next = (ring.next + 1) % ring.moments.length;
      }
    },
  };
}

/** The place that is written next holds the oldest of the last `limit` requests: when that leaves the window, one is free. */
function untilFree(ring: Ring | undefined, { seconds }: Window, now: number): number {
  const oldest = ring?.moments[ring.next] ?? -Infinity;
  return oldest + seconds * 1000 - now;
}
