/**
 * What no front door gets to see: requests that a proxy before us and we could read in two ways (request smuggling), and
 * methods that nobody needs. What the parser of Node refuses by itself is answered here in words.
 */
import type { IncomingMessage } from 'node:http';

export interface Flaw {
  readonly status: 400 | 405 | 408 | 413 | 431 | 501;
  /** One line, for whoever wrote the client. */
  readonly text: string;
}

/** What is looked at of a request. `rawHeaders`, since the parsed ones keep one of two equal headers and drop the other. */
export type RequestHead = Pick<IncomingMessage, 'method' | 'url' | 'httpVersion' | 'rawHeaders'>;

/** Undefined for a request that has one meaning. */
export function flawOf(head: RequestHead): Flaw | undefined {
  const { method = '', httpVersion, rawHeaders } = head;
  // RFC 9110 §9.3.8: it sends back the credentials that came with it. CONNECT asks for a proxy, which this is not.
  if (method === 'TRACE' || method === 'CONNECT') {
    return { status: 405, text: `${method} is not answered here` };
  }
  if (httpVersion !== '1.1' && httpVersion !== '1.0') {
    return { status: 400, text: `HTTP/${httpVersion} is not spoken here; use HTTP/1.1` };
  }
  const hosts: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    const value = rawHeaders[i + 1] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts.push(value);
    if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') {
      const flaw = flawOfCoding(value, httpVersion);
      if (flaw !== undefined) return flaw;
    }
  }
  return flawOfHosts(hosts, httpVersion) ?? flawOfTarget(head.url ?? '', hosts[0] ?? '');
}

function flawOfCoding(value: string, httpVersion: string): Flaw | undefined {
  // RFC 9112 §6.1: such a message has been put together by somebody who does not know what the header means.
  if (httpVersion === '1.0') return { status: 400, text: 'Transfer-Encoding does not belong into HTTP/1.0' };
  if (value.trim().toLowerCase() === 'chunked') return undefined;
  return { status: 501, text: `the Transfer-Encoding must be chunked, not ${shown(value)}` };
}

/** A name or an IPv4 address, or an IPv6 address in brackets; perhaps a port. RFC 3986 §3.2.2 allows more, which no host has. */
const hostForm = /^(?:[a-z0-9._~-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$/i;

/** RFC 9112 §3.2: exactly one, and a good one; HTTP/1.0 need not have any. */
function flawOfHosts(hosts: readonly string[], httpVersion: string): Flaw | undefined {
  const [host] = hosts;
  if (hosts.length > 1) return { status: 400, text: `a request has one Host header, not ${hosts.length}` };
  if (host === undefined) {
    return httpVersion === '1.0' ? undefined : { status: 400, text: 'the Host header is missing' };
  }
  if (hostForm.test(host)) return undefined;
  return { status: 400, text: `the Host header must be a name or an address, perhaps with a port, not ${shown(host)}` };
}

const absoluteForm = /^https?:\/\/([^/?#]*)/i;

/** RFC 9112 §3.2.2: the host of a whole URL counts, not that of the header; so both must be the same. */
function flawOfTarget(target: string, host: string): Flaw | undefined {
  // WHATWG URL: a backslash before the query is a slash, which it is not to proxies (RFC 3986 §3.3).
  if (/^[^?#]*\\/.test(target)) {
    return { status: 400, text: `a path is divided by slashes; encode a backslash as %5C in ${shown(target)}` };
  }
  if (target.startsWith('/')) return undefined;
  const authority = absoluteForm.exec(target)?.[1];
  if (authority === undefined) {
    return { status: 400, text: `a request's target is a path that begins with /, not ${shown(target)}` };
  }
  if (authority.toLowerCase() === host.toLowerCase()) return undefined;
  return {
    status: 400,
    text: `the target is at ${shown(authority)}, but the Host header says ${shown(host)}`,
  };
}

/** What Node's parser or clock found: the code of its error. */
export function flawOfParser(code: string | undefined): Flaw {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return { status: 431, text: 'the headers are larger than 16 KiB' };
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return { status: 413, text: 'the extensions of the chunks are larger than 16 KiB' };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, text: 'the request took too long to arrive' };
    case 'HPE_INVALID_TRANSFER_ENCODING':
    case 'HPE_INVALID_CONTENT_LENGTH':
      return { status: 400, text: 'Content-Length must be a number, and does not go together with Transfer-Encoding' };
    case 'HPE_UNEXPECTED_CONTENT_LENGTH':
      return { status: 400, text: 'a request has one Content-Length, and none beside Transfer-Encoding' };
    case 'HPE_INVALID_HEADER_TOKEN':
      return { status: 400, text: 'a header is malformed, or goes on in a second line' };
    default:
      return { status: 400, text: 'the request is no valid HTTP/1.1' };
  }
}

/** Quoted, cut, and ASCII: what strangers send stands in no terminal as it is. */
function shown(text: string): string {
  const cut = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return JSON.stringify(cut.replaceAll(/[^\x20-\x7e…]/g, '?'));
}
