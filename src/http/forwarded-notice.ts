/**
 * Tells the operator of a proxy that is not configured: everybody behind it counts as one address, for limits, allow-lists and
 * the audit log alike, and nothing else shows that. Strangers send the header as well, so little is logged.
 */
import { isInRanges, networkOf } from '../domain/address-range.ts';
import type { Clock, Log } from '../domain/ports/system.ts';

const quietMs = 3_600_000;
/** Of different networks within that time. */
const maxLogged = 20;

/** @param address the socket's */
export type ForwardedNotice = (request: Request, address: string) => void;

export function createForwardedNotice(options: {
  readonly clock: Clock;
  readonly log: Log;
  readonly trustedProxies: readonly string[];
}): ForwardedNotice {
  const { clock, log, trustedProxies } = options;
  /** When each network was last logged, the longest ago first. */
  const logged = new Map<string, number>();

  return (request, address) => {
    if (!request.headers.has('x-forwarded-for') || isInRanges(address, trustedProxies)) return;
    const now = clock.monotonicMs();
    for (const [network, at] of logged) {
      if (now - at < quietMs) break;
      logged.delete(network);
    }
    const network = networkOf(address);
    if (logged.has(network) || logged.size >= maxLogged) return;
    logged.set(network, now);
    log.warn(
      { peer: address, setting: 'trustedProxies' },
      'X-Forwarded-For came from a peer that is no trusted proxy and was not believed: all its requests count as from its own address. If it is your proxy, add its address to trustedProxies',
    );
  };
}
