/**
 * Each `Link` on a header line of its own. `Headers` joins those of one answer with commas, which is the same to HTTP (RFC 9110 §5.3), but
 * not to several ACME clients: acme.sh, dehydrated, uacme and the Go library behind cert-manager read one link from one line.
 */
import { type OutgoingHttpHeader, type OutgoingHttpHeaders, ServerResponse } from 'node:http';

export class ResponseWithLinks extends ServerResponse {
  override writeHead(
    status: number,
    reasonOrHeaders?: string | OutgoingHttpHeaders | OutgoingHttpHeader[],
    headers?: OutgoingHttpHeaders | OutgoingHttpHeader[],
  ): this {
    if (typeof reasonOrHeaders === 'string') return super.writeHead(status, reasonOrHeaders, separated(headers));
    return super.writeHead(status, separated(reasonOrHeaders));
  }
}

type Head = OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined;

function separated(headers: Head): Head {
  if (headers === undefined || Array.isArray(headers)) return headers;
  const { link } = headers;
  // A URL holds no `<`: one behind a comma begins the next link.
  if (typeof link !== 'string' || !link.includes(', <')) return headers;
  return { ...headers, link: link.split(/, (?=<)/) };
}
