/**
 * Where a redirect leads, with the bytes that the server wrote. HTTP libraries hand out one character for each byte, so a path
 * that was not percent-encoded would change on its way through them.
 */
import { isUtf8 } from 'node:buffer';
import type { HttpAnswer } from './http-answer.ts';

/** Long enough for any honest redirect, short enough to be kept as evidence. */
const maxUrlLength = 2048;

/** BR §3.2.2.4.18: redirects are followed only for these. 303 names another resource than the one that was requested. */
const redirectStatuses: readonly number[] = [301, 302, 307, 308];

/** Undefined for one without a readable target, an ordinary answer: its status is enough for the customer. */
export function redirectTarget(
  { status, headers }: Pick<HttpAnswer, 'status' | 'headers'>,
  from: URL,
): URL | undefined {
  const location = headers.get('location')?.[0] ?? '';
  if (location === '' || !redirectStatuses.includes(status)) return undefined;
  const text = locationText(location);
  const target = text === undefined ? null : URL.parse(text, from.href);
  return target === null || target.href.length > maxUrlLength ? undefined : target;
}

/** The host behind two slashes (browsers take backslashes for them), after a scheme or without. */
const authority = /^([a-z][a-z0-9+.-]*:)?[\\/]{2,}[^\\/?#]*/i;

/** The reference with every byte beyond ASCII percent-encoded; only a host is text, and may be in a script of its own. */
function locationText(location: string): string | undefined {
  const [front = ''] = authority.exec(location) ?? [];
  const hostBytes = Buffer.from(front, 'latin1');
  if (!isUtf8(hostBytes)) return undefined;
  const rest = location.slice(front.length).replace(/[\x80-\xff]/g, encoded);
  return `${hostBytes.toString('utf8')}${rest}`;
}

function encoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
