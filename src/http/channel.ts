/** How a request came: nobody signs in where others may listen on the way (`Channel`). */
import { isInRanges } from '../domain/address-range.ts';
import type { Channel } from '../domain/ports/dialect.ts';

export interface Arrival {
  /** Of the socket. */
  readonly remoteAddress: string;
  /** The socket speaks TLS. */
  readonly isEncrypted: boolean;
  /** Lower case, without port. */
  readonly host: string;
}

export interface ChannelSettings {
  readonly trustedProxies: readonly string[];
  /** Base URL at which clients reach this server. */
  readonly publicUrl: string;
}

/**
 * Encrypted by our own TLS, or by that of a trusted proxy: by what it says in X-Forwarded-Proto, of which the last word is its own, or
 * where it says nothing, by the scheme of `publicUrl` for requests to that host. What others say counts for nothing.
 */
export function channelOf(request: Request, arrival: Arrival, { trustedProxies, publicUrl }: ChannelSettings): Channel {
  const { remoteAddress, isEncrypted, host } = arrival;
  if (isEncrypted) return 'encrypted';
  const { headers } = request;
  if (isInRanges(remoteAddress, trustedProxies)) {
    const forwarded = headers.get('x-forwarded-proto')?.split(',').at(-1)?.trim().toLowerCase();
    if (forwarded !== undefined) return forwarded === 'https' ? 'encrypted' : 'plain';
    const { protocol, hostname } = new URL(publicUrl);
    if (protocol === 'https:' && hostname === host) return 'encrypted';
  }
  // A proxy on this machine that nobody told us of comes from a loopback address, too.
  const isForwarded = forwardingHeaders.some((name) => headers.has(name));
  return isInRanges(remoteAddress, loopback) && isLoopbackHost(host) && !isForwarded ? 'loopback' : 'plain';
}

const loopback = ['127.0.0.0/8', '::1'];
const forwardingHeaders = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via'];

/** RFC 6761 §6.3: names below `localhost` are this machine's as well. */
function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || isInRanges(host.replace(/^\[|\]$/g, ''), loopback);
}
