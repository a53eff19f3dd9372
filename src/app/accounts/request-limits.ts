/**
 * Limits on the requests of a key, or of a session: rolling windows, in the memory of this process. Counted here and not by the front door, which may
 * run in several threads; the key has to be looked up here anyway. Several nodes each count their own.
 */
import { refuse } from '../../domain/errors.ts';
import type { CredentialId, UserSessionId } from '../../domain/ids.ts';
import type { RequestWindow } from '../../domain/ports/sign-in.ts';
import type { Clock } from '../../domain/ports/system.ts';

type Sender = CredentialId | UserSessionId;

export interface RequestLimiter {
  /** Counts one request of the key. @throws {CertError} rateLimited, then it is not counted */
  take(key: Sender, windows: readonly RequestWindow[]): void;
}

/** The moments of the newest requests of one key within one window: as many as are allowed, in a ring. */
interface Ring {
  readonly window: RequestWindow;
  readonly moments: Float64Array;
  next: number;
}

/** What is kept of a key until all of it has left its windows. */
interface Kept {
  readonly rings: readonly Ring[];
  until: number;
}

export function createRequestLimiter(
  clock: Clock,
  refusal: 'tooManyRequests' | 'sessionTooManyRequests' = 'tooManyRequests',
): RequestLimiter {
  /** In the order of their last requests, so that those that can be forgotten stand first. */
  const keptOf = new Map<Sender, Kept>();

  function forgetOld(now: number): void {
    for (const [key, { until }] of keptOf) {
      if (until > now) return;
      keptOf.delete(key);
    }
  }

  return {
    take(key, windows) {
      if (windows.length === 0) return;
      const now = clock.monotonicMs();
      const kept = keptOf.get(key) ?? { rings: windows.map(emptyRing), until: 0 };
      for (const ring of kept.rings) {
        const waitMs = untilFree(ring, now);
        if (waitMs <= 0) continue;
        const { limit, seconds: windowSeconds } = ring.window;
        const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
        throw refuse(refusal, { limit, windowSeconds, retryAfterSeconds });
      }
      for (const ring of kept.rings) {
        ring.moments[ring.next] = now;
        ring.next = (ring.next + 1) % ring.moments.length;
      }
      kept.until = now + Math.max(...windows.map(({ seconds }) => seconds)) * 1000;
      keptOf.delete(key);
      keptOf.set(key, kept);
      forgetOld(now);
    },
  };
}

function emptyRing(window: RequestWindow): Ring {
  return { window, moments: new Float64Array(window.limit).fill(-Infinity), next: 0 };
}

/** The place that is written next holds the oldest of the last `limit` requests: when that leaves the window, one is free. */
function untilFree({ window: { seconds }, moments, next }: Ring, now: number): number {
  return (moments[next] ?? -Infinity) + seconds * 1000 - now;
}
