/**
 * `/pki/*`: CA certificates and CRLs, at the addresses that certificates carry. Anonymous, cacheable, over plain HTTP
 * (RFC 5280 §4.2.1.13 and §4.2.2.1; media types RFC 2585 §4).
 */
import { type Authority, crlParts } from '../domain/authority.ts';
import type { DialectServer } from '../domain/ports/dialect.ts';
import type { Database } from '../domain/ports/stores/index.ts';
import type { Clock } from '../domain/ports/system.ts';

export interface PkiOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly encodePem: (label: string, der: Uint8Array) => string;
}

interface Document {
  /** In parts where it is long and the same parts are sent to everybody. */
  readonly body: Uint8Array | string | readonly Uint8Array[];
  readonly type: string;
  /** Changes with the content. */
  readonly tag: string;
  readonly modifiedAt: Date;
  readonly maxAgeSeconds: number;
}

const prefix = '/pki/';
const daySeconds = 86_400;
const hourSeconds = 3600;

export function createPki({ database, clock, encodePem }: PkiOptions): DialectServer {
  async function find(path: string): Promise<Document | undefined> {
    // The URL parser has taken `..` away, and with it perhaps `/pki/`.
    if (!path.startsWith(prefix)) return undefined;
    const name = path.slice(prefix.length);
    const authorities = await database.read.authorities.list();
    if (name === '') return index(authorities);
    // One that has ended proves nothing any more, and trust stores refuse some such files.
    if (name === 'root.pem')
      return roots(
        authorities.filter(({ role, notAfter }) => role === 'root' && notAfter > clock.now()),
        encodePem,
      );
    const [id, extension] = name.split(/\.(?=[a-z]+$)/);
    const authority = authorities.find((candidate) => candidate.id === id);
    if (authority === undefined) return undefined;
    if (extension === 'crl') return crl(authority);
    // Another certificate may have been installed for its key.
    const [replaced] = await database.read.authorities.listReplaced(authority.id);
    const modifiedAt = replaced?.replacedAt ?? authority.createdAt;
    const tag = replaced === undefined ? authority.id : `${authority.id}-${modifiedAt.getTime()}`;
    const certificate = { tag, modifiedAt, maxAgeSeconds: daySeconds };
    if (extension === 'cer') return { ...certificate, body: authority.certificate, type: 'application/pkix-cert' };
    if (extension !== 'pem') return undefined;
    return { ...certificate, body: encodePem('CERTIFICATE', authority.certificate), type: 'application/x-pem-file' };
  }

  async function crl(authority: Authority): Promise<Document | undefined> {
    const list = await database.read.crls.get(authority.id);
    if (list === undefined) return undefined;
    // A cache may keep it for an hour, but never past its nextUpdate: it would serve a list that clients refuse.
    const leftSeconds = Math.floor((list.nextUpdate.getTime() - clock.now().getTime()) / 1000);
    return {
      body: crlParts(list),
      type: 'application/pkix-crl',
      tag: `${authority.id}-${list.number}`,
      modifiedAt: list.thisUpdate,
      maxAgeSeconds: Math.max(0, Math.min(hourSeconds, leftSeconds)),
    };
  }

  return {
    async fetch(request) {
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return new Response(null, { status: 405, headers: { Allow: 'GET, HEAD' } });
      // Only in front: what is below is read as it stands.
      const document = await find(new URL(request.url).pathname.replace(/^\/+/, '/'));
      if (document === undefined) return new Response('no such certificate or list\n', { status: 404 });
      return reply(request, document);
    },
  };
}

function reply(request: Request, { body, type, tag, modifiedAt, maxAgeSeconds }: Document): Response {
  const headers = {
    'Content-Type': type,
    ETag: `"${tag}"`,
    'Last-Modified': modifiedAt.toUTCString(),
    'Cache-Control': `public, max-age=${maxAgeSeconds}`,
  };
  if (isKnown(request.headers, tag, modifiedAt)) return new Response(null, { status: 304, headers });
  const parts = typeof body === 'string' ? [Buffer.from(body)] : body instanceof Uint8Array ? [body] : body;
  const size = parts.reduce((sum, { length }) => sum + length, 0);
  const length = { ...headers, 'Content-Length': String(size) };
  if (request.method === 'HEAD') return new Response(null, { headers: length });
  return new Response(size > wholeBytes ? streamOf(parts) : Buffer.concat(parts), { headers: length });
}

/** What is larger is sent part by part, as fast as its reader takes it, without a copy for each reader. */
const wholeBytes = 65_536;

function streamOf(parts: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      const part = parts[next++];
      if (part === undefined) controller.close();
      else controller.enqueue(part);
    },
  });
}

/** Whether the client holds this very document (RFC 9110 §13.2.2: a tag is believed before a date). */
function isKnown(headers: Headers, tag: string, modifiedAt: Date): boolean {
  const tags = headers.get('if-none-match');
  if (tags !== null) {
    return tags.split(',').some((one) => ['*', `"${tag}"`, `W/"${tag}"`].includes(one.trim()));
  }
  const since = Date.parse(headers.get('if-modified-since') ?? '');
  // The date on the wire has no milliseconds.
  return Math.floor(modifiedAt.getTime() / 1000) * 1000 <= since;
}

function roots(authorities: readonly Authority[], encodePem: PkiOptions['encodePem']): Document {
  return {
    body: authorities.map(({ certificate }) => encodePem('CERTIFICATE', certificate)).join(''),
    type: 'application/x-pem-file',
    tag: `roots-${authorities.map(({ id }) => id).join('-')}`,
    modifiedAt: newest(authorities),
    maxAgeSeconds: hourSeconds,
  };
}

function index(authorities: readonly Authority[]): Document {
  const lines = authorities.map(({ id, role, subject, notAfter, revokedAt }) =>
    [
      `${subject} (${role}, until ${notAfter.toISOString().slice(0, 10)}${revokedAt === null ? '' : ', revoked'})`,
      ...['cer', 'pem', 'crl'].map((kind) => `  /pki/${id}.${kind}`),
    ].join('\n'),
  );
  return {
    body: `Certificates and revocation lists of this CA. All roots in one file: /pki/root.pem\n\n${lines.join('\n')}\n`,
    type: 'text/plain; charset=utf-8',
    tag: `index-${authorities.map(({ id, revokedAt }) => (revokedAt === null ? id : `${id}*`)).join('-')}`,
    modifiedAt: newest(authorities),
    maxAgeSeconds: 60,
  };
}

function newest(authorities: readonly Authority[]): Date {
  return new Date(Math.max(0, ...authorities.map(({ createdAt }) => createdAt.getTime())));
}
