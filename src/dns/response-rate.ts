/**
 * How many answers each network gets over UDP, where anybody can send queries in the name of anybody else and have the answers hit them.
 * What is beyond it is dropped, and every second time answered with nothing but the request to come over TCP, so that a true resolver among
 * the forgeries is served all the same.
 */
import type { Clock } from '../domain/ports/system.ts';

export interface ResponseRateOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Answers a second that a network gets; as many at once after a pause. */
  readonly perSecond: number;
  /** Networks that are remembered: those that were seen last. */
  readonly maxNetworks?: number;
}

export type Share = 'answer' | 'truncate' | 'drop';

export interface ResponseRate {
  /** Counts one query of this address. */
  take(address: string): Share;
}

interface Bucket {
  left: number;
  filledMs: number;
  beyond: number;
}

export function createResponseRate({ clock, perSecond, maxNetworks = 20_000 }: ResponseRateOptions): ResponseRate {
  // Two halves: once the newer one is full, it becomes the older one, and what was not seen since is forgotten.
  let newer = new Map<string, Bucket>();
  let older = new Map<string, Bucket>();
  const bucketOf = (network: string, nowMs: number): Bucket => {
    const known = newer.get(network);
    if (known !== undefined) return known;
    if (newer.size >= maxNetworks / 2) [newer, older] = [new Map(), newer];
    const bucket = older.get(network) ?? { left: perSecond, filledMs: nowMs, beyond: 0 };
    newer.set(network, bucket);
    return bucket;
  };
  return {
    take(address) {
      const nowMs = clock.monotonicMs();
      const bucket = bucketOf(siteOf(address), nowMs);
      bucket.left = Math.min(perSecond, bucket.left + ((nowMs - bucket.filledMs) * perSecond) / 1000);
      bucket.filledMs = nowMs;
      if (bucket.left >= 1) {
        bucket.left--;
        return 'answer';
      }
      bucket.beyond++;
      return bucket.beyond % 2 === 0 ? 'truncate' : 'drop';
    },
  };
}

/**
 * The /24 of an IPv4 address and the /56 of an IPv6 address, which one site has: whoever is hit has more addresses than the one that is named.
 * @param address as the system writes it: IPv4 also as IPv6 (`::ffff:192.0.2.1`), and with a zone (`fe80::1%eth0`)
 */
export function siteOf(address: string): string {
  const dot = address.lastIndexOf('.');
  if (dot > 0) return address.slice(address.lastIndexOf(':') + 1, dot);
  const [text = ''] = address.split('%');
  const [head = '', tail] = text.split('::');
  const groups = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - last.length) }, () => '0');
  const [a, b, c, d = '0'] = [...groups, ...zeros, ...last];
  return `${a}:${b}:${c}:${(Number.parseInt(d, 16) >> 8).toString(16)}`;
}
