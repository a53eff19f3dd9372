/**
 * The cookie of a session, and the requests for which it counts: those of the console on this server, and no others. A browser sends
 * cookies by itself, also for a page of somebody else (CSRF); so each request must show where it comes from, by headers that pages
 * cannot set (`Sec-Fetch-Site`, `Origin`) or that they can only set here (`X-Certmux-Console`, since no other origin gets an answer to
 * its CORS preflight).
 */
import { refuse } from '../../domain/errors.ts';
import type { Peer } from '../../domain/ports/dialect.ts';
import type { UserSession } from '../../domain/user-session.ts';
import type { ReplyHead } from '../kit/operation.ts';
import { streamApi } from './schema/stream.ts';

/** RFC 6265bis §4.1.3.2: with this prefix browsers take it over https only, for this host only, and for all paths. */
export const secureCookie = '__Host-certmux';
/** Safari takes no Secure cookie from `http://localhost`. */
export const loopbackCookie = 'certmux';
/** Pages of other origins cannot send it. */
export const consoleHeader = 'X-Certmux-Console';

/** The console sends it with what it asks for by itself, while nobody is at the screen. */
export const unattendedHeader = 'X-Certmux-Unattended';

/**
 * Reports whether a page sent the request by itself: a session must not last because a screen is left open. The stream is always such a
 * one, since a page opens it again by itself. What changes something has somebody who did it, whatever the request says; and to say it
 * only ends a session earlier, so that nothing is won by lying.
 */
export function isUnattended({ method, url, headers }: Pick<Request, 'method' | 'url' | 'headers'>): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  return headers.get(unattendedHeader) === '1' || new URL(url).pathname === streamApi.open.path;
}

/** The secret in the request's cookie; undefined: there is none. The one for loopback counts nowhere else. */
export function sessionSecretOf(request: Request, peer: Peer): string | undefined {
  const header = request.headers.get('cookie');
  if (header === null) return undefined;
  const cookies = header.split(';').map((one) => one.trim());
  const named = (name: string) => cookies.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
  return (peer.channel === 'loopback' ? named(loopbackCookie) : undefined) ?? named(secureCookie);
}

/** Whose request it must be: see `requireConsole`. */
interface Place {
  readonly peer: Peer;
  readonly publicUrl: string;
}

/**
 * Lets only requests of this server's console pass.
 * @throws {CertError} forbidden, naming what is missing
 */
export function requireConsole(request: Request, { peer, publicUrl }: Place): void {
  const { method, headers } = request;
  if (peer.channel !== 'encrypted' && peer.channel !== 'loopback') throw refuse('sessionNeedsHttps', {});
  if (!isSameOrigin(request, { peer, publicUrl })) throw outside('Sec-Fetch-Site: same-origin');
  if (method === 'GET' || method === 'HEAD') return;
  if (headers.get(consoleHeader) !== '1') throw outside(`${consoleHeader}: 1`);
  // A form, which needs no script, has another type.
  const type = headers.get('content-type');
  if (type !== null && !/^application\/json\s*(?:;|$)/i.test(type)) throw outside('Content-Type: application/json');
}

const outside = (header: string) => refuse('sessionOutside', { header });

/** By what the browser says of itself; one that is too old for that says the origin of everything but a plain GET. */
function isSameOrigin({ url, headers }: Request, { peer, publicUrl }: Place): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  const origin = headers.get('origin');
  if (origin === null) return false;
  const { host } = new URL(url);
  const here = peer.channel === 'encrypted' ? `https://${host}` : `http://${host}`;
  return origin === here || origin === new URL(publicUrl).origin;
}

/** Gives the browser the secret of its session. */
export function setSessionCookie(
  head: ReplyHead,
  { secret, session, peer }: { readonly secret: string; readonly session: UserSession; readonly peer: Peer },
): void {
  // RFC 6265 §4.1.1; it is over here when it is over on the server, or before.
  head.headers.set('set-cookie', `${cookieOf(peer, secret)}; Expires=${session.expiresAt.toUTCString()}`);
}

/** Has the browser forget it. */
export function clearSessionCookie(head: ReplyHead, peer: Peer): void {
  head.headers.set('set-cookie', `${cookieOf(peer, '')}; Max-Age=0`);
}

function cookieOf({ channel }: Peer, value: string): string {
  return channel === 'loopback'
    ? `${loopbackCookie}=${value}; Path=/; HttpOnly; SameSite=Strict`
    : `${secureCookie}=${value}; Path=/; Secure; HttpOnly; SameSite=Strict`;
}
