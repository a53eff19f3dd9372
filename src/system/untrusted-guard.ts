/**
 * What a stranger's URL may look like, and which addresses it may lead to. Asked when a URL is entered and again at every
 * hop, so that what is accepted and what is connected to never differ.
 */
import { isIP } from 'node:net';
import { type Reason, reason } from '../domain/errors.ts';
import { shownName, shownUrl } from './shown.ts';
import { isSpecialPurpose, parseRanges } from './special-purpose.ts';

export interface GuardOptions {
  /**
   * Ranges in CIDR notation that may be connected to although they are special-purpose, such as `10.0.0.0/8` for names
   * of an internal network. Whoever can order a certificate can make this server send GET requests there.
   */
  readonly dangerAllowAddresses?: readonly string[];
  /** Which addresses are no ordinary host's; another answer than that of the IANA registries is for tests. */
  readonly isSpecial?: (address: string) => boolean;
  /** What the ports 80 and 443 of a URL are really connected to; other values are for tests and the quickstart. */
  readonly ports?: { readonly http: number; readonly https: number };
  /** Ports a URL may name, redirects included. Default: 80, 443 and those of `ports`. */
  readonly allowedPorts?: readonly number[];
}

export interface UrlGuard {
  readonly isSpecial: (address: string) => boolean;
  readonly isAllowed: (address: string) => boolean;
  /** Why this URL is never connected to, whatever DNS says; undefined when it may be. */
  readonly objectionTo: (url: URL) => Reason | undefined;
  /** The port of the machine that a URL leads to. */
  readonly portOf: (url: URL) => number;
}

/**
 * Names that never lead to a host on the Internet: those of this machine and of local networks (RFC 6761, RFC 6762,
 * RFC 7686, RFC 8375, ICANN resolution 2024.07.29.06 for `internal`), and those without a dot (SAC053).
 */
const internalName = /^[^.]+$|(^|\.)(localhost|local|internal|invalid|onion|home\.arpa)$/;

export function createUrlGuard(options: GuardOptions): UrlGuard {
  const exceptions = options.dangerAllowAddresses ?? [];
  const ranges = parseRanges(exceptions);
  const isSpecial = options.isSpecial ?? isSpecialPurpose;
  const ports = options.ports ?? { http: 80, https: 443 };
  const allowedPorts = options.allowedPorts ?? [80, 443, ports.http, ports.https];
  const isAllowed = (address: string) => !isSpecial(address) || ranges.includes(address);

  return {
    isSpecial,
    isAllowed,
    objectionTo(url) {
      if (url.protocol !== 'https:' && url.protocol !== 'http:') {
        return reason('httpForbiddenScheme', { url: shownUrl(url) });
      }
      const port = namedPort(url);
      if (!allowedPorts.includes(port)) return reason('httpForbiddenPort', { url: shownUrl(url), port });
      const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
      if (isIP(host) !== 0) {
        return isAllowed(host) ? undefined : reason('httpForbiddenAddress', { host, address: host });
      }
      // Where internal addresses are open, the operator's own DNS may know such names.
      const mayBeKnown = exceptions.length > 0;
      return internalName.test(host) && !mayBeKnown ? reason('httpInternalName', { host: shownName(host) }) : undefined;
    },
    portOf(url) {
      const port = namedPort(url);
      if (port === 80) return ports.http;
      return port === 443 ? ports.https : port;
    },
  };
}

function namedPort(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}
