/** `Link` headers (RFC 8288 §3), which arrive joined by commas, and `Retry-After` (RFC 9110 §10.2.3). */
import type { AcmeLink } from './face.ts';

/** Each `<URL>` with the parameters behind it, up to the next one: a comma may stand in both. */
const link = /<([^<>]*)>([^<]*)/g;
const relation = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i;

/** @param base what relative URLs begin with */
export function linksIn(headers: Headers, base: string): readonly AcmeLink[] {
  const links: AcmeLink[] = [];
  for (const [, target = '', parameters = ''] of (headers.get('link') ?? '').matchAll(link)) {
    const [, quoted, bare = ''] = relation.exec(parameters) ?? [];
    const url = URL.parse(target, base)?.href;
    if (url === undefined) continue;
    // Several relations in one value are separated by blanks (RFC 8288 §3.3).
    for (const name of (quoted ?? bare).toLowerCase().split(/\s+/)) {
      if (name !== '') links.push({ relation: name, url });
    }
  }
  return links;
}

/** A date beyond this would not fit into what is computed with it. */
const longestMs = 366 * 86_400_000;

/** Seconds or a date; null where there is neither. A date is read by the CA's own clock, which may be wrong, or ours may. */
export function retryAfterIn(headers: Headers, now: Date): Date | null {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return later(now, Number(text) * 1000);
  // `Date.parse` takes nearly every number for a year.
  const at = /^([a-z]{3}|\d{4}-)/i.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) return null;
  const theirs = Date.parse(headers.get('date') ?? '');
  return later(now, at - (Number.isNaN(theirs) ? now.getTime() : theirs));
}

function later(now: Date, waitMs: number): Date {
  return new Date(now.getTime() + Math.min(Math.max(waitMs, 0), longestMs));
}
