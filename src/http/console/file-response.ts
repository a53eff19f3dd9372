/** One file of the console, in the best encoding that the client takes. */
import type { ConsoleFile } from './state.ts';

export function fileResponse(
  { method, headers: wanted }: Request,
  file: ConsoleFile,
  { isImmutable }: { readonly isImmutable: boolean },
): Response {
  const { encoding, bytes } = encoded(file, wanted.get('accept-encoding') ?? '');
  // RFC 9110 §8.8.3.3: each encoding is a representation of its own.
  const tag = encoding === undefined ? file.tag : `${file.tag.slice(0, -1)}-${encoding}"`;
  const headers = {
    'Cache-Control': isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    'Content-Type': file.mediaType,
    'Cross-Origin-Resource-Policy': 'same-origin',
    ETag: tag,
    Vary: 'Accept-Encoding',
    'X-Content-Type-Options': 'nosniff',
  };
  if (holds(wanted.get('if-none-match'), tag)) return new Response(null, { status: 304, headers });
  return new Response(method === 'HEAD' ? null : new Uint8Array(bytes), {
    status: 200,
    headers: {
      ...headers,
      'Content-Length': String(bytes.byteLength),
      ...(encoding === undefined ? {} : { 'Content-Encoding': encoding }),
    },
  });
}

function encoded(
  file: ConsoleFile,
  accepted: string,
): { readonly encoding?: 'br' | 'gzip'; readonly bytes: Uint8Array } {
  const codings = acceptedCodings(accepted);
  if (file.brotli !== undefined && codings.has('br')) return { encoding: 'br', bytes: file.brotli };
  if (file.gzip !== undefined && codings.has('gzip')) return { encoding: 'gzip', bytes: file.gzip };
  return { bytes: file.plain };
}

/** Those that are named with another weight than 0 (RFC 9110 §12.5.3). */
function acceptedCodings(header: string): ReadonlySet<string> {
  const named = header.split(',').map((part) => part.split(';').map((piece) => piece.trim().toLowerCase()));
  const good = named.filter(([, weight = 'q=1']) => Number(weight.slice('q='.length)) > 0);
  return new Set(good.map(([coding = '']) => coding));
}

function holds(header: string | null, tag: string): boolean {
  return (header ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === tag || one.trim() === '*');
}
