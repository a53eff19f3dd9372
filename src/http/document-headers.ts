/**
 * The headers of every HTML page of this origin, in one place: whoever is signed in to the console has a cookie for the whole origin, so that the
 * weakest page would be the policy of all. What differs is where a page's style comes from, and that the console alone runs scripts, its own files.
 */
import type { Channel } from '../domain/ports/dialect.ts';

export interface DocumentPolicy {
  /** A source of styles beside the origin's files: `'sha256-…'` of the one in the page, or the nonce of this answer. */
  readonly style: `'sha256-${string}'` | `'nonce-${string}'`;
  /** Where forms may be sent; nowhere by default. */
  readonly sendsForms?: boolean;
  /** True: it loads scripts, styles, pictures and data from this origin. False by default: there is nothing but the page. */
  readonly isApplication?: boolean;
  /** How the request came. */
  readonly channel?: Channel | undefined;
  readonly cacheControl: 'no-store' | 'no-cache';
  /** What the answer depends on beside the address. */
  readonly vary: string;
}

const twoYearsSeconds = 63_072_000;

export function documentHeaders(policy: DocumentPolicy): Readonly<Record<string, string>> {
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': contentPolicy(policy),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    // For browsers that know no `frame-ancestors`.
    'X-Frame-Options': 'DENY',
    'Cache-Control': policy.cacheControl,
    Vary: policy.vary,
    // RFC 6797 §8.1: a browser notes it only where it trusts the certificate, so that a certificate of a private CA locks nobody out.
    ...(policy.channel === 'encrypted' ? { 'Strict-Transport-Security': `max-age=${twoYearsSeconds}` } : {}),
  };
}

function contentPolicy({ style, sendsForms = false, isApplication = false }: DocumentPolicy): string {
  const own = [
    "script-src 'self'",
    `style-src 'self' ${style}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
  ];
  return [
    "default-src 'none'",
    ...(isApplication ? own : [`style-src ${style}`]),
    `form-action ${sendsForms ? "'self'" : "'none'"}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
