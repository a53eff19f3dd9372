/**
 * `multipart/form-data` (RFC 7578), as browsers, curl, PHP and Python write it. One pass over the bytes; the number of parts
 * and the size of their headers have limits, which the reader of the platform has not.
 */
import { refuse } from '../../domain/errors.ts';

export type PartEntries = readonly (readonly [name: string, value: string | File])[];

/** The same as for forms, which say the same. */
export const maxParts = 2000;
/** Headers of one part. Clients send a name, a file name and a type. */
const maxHeaderBytes = 8192;
const lineBreak = '\r\n';

/**
 * Every part, in order: the text of a field, or a `File` where a file name was sent.
 * @throws {CertError} malformedForm, tooManyFields
 */
export function parseMultipart(bytes: Uint8Array, contentType: string): PartEntries {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const boundary = parametersOf(contentType).get('boundary') ?? '';
  // RFC 2046 §5.1.1: 1 to 70 characters.
  if (boundary === '' || boundary.length > 70) throw refuse('malformedForm', {});
  const delimiter = `${lineBreak}--${boundary}`;
  const parts: (readonly [string, string | File])[] = [];
  let at = afterFirst(body, boundary);
  while (!isLast(body, at)) {
    if (parts.length === maxParts) throw refuse('tooManyFields', { limit: maxParts });
    // Without headers, the line break of the delimiter is also the empty line.
    const start = afterLine(body, at) - lineBreak.length;
    const headersEnd = body.subarray(0, start + maxHeaderBytes).indexOf(lineBreak + lineBreak, start);
    if (headersEnd < 0) throw refuse('malformedForm', {});
    const contentStart = headersEnd + 2 * lineBreak.length;
    const contentEnd = body.indexOf(delimiter, contentStart - lineBreak.length);
    if (contentEnd < 0) throw refuse('malformedForm', {});
    const headers = body.toString('utf8', start, headersEnd);
    parts.push(partOf(headers, body.subarray(contentStart, Math.max(contentStart, contentEnd))));
    at = contentEnd + delimiter.length;
  }
  return parts;
}

/** Text before the first delimiter is ignored. */
function afterFirst(body: Buffer, boundary: string): number {
  const opening = `--${boundary}`;
  if (body.subarray(0, opening.length).toString('latin1') === opening) return opening.length;
  const at = body.indexOf(lineBreak + opening);
  if (at < 0) throw refuse('malformedForm', {});
  return at + lineBreak.length + opening.length;
}

function isLast(body: Buffer, at: number): boolean {
  return body.toString('latin1', at, at + 2) === '--';
}

/** Behind the line break that ends the delimiter; blanks may stand between (RFC 2046 §5.1.1). */
function afterLine(body: Buffer, at: number): number {
  let next = at;
  while (body[next] === 0x20 || body[next] === 0x09) next++;
  if (body.toString('latin1', next, next + 2) !== lineBreak) throw refuse('malformedForm', {});
  return next + 2;
}

function partOf(headers: string, content: Buffer): readonly [string, string | File] {
  const fields = new Map<string, string>();
  for (const line of headers.split(lineBreak)) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  const disposition = fields.get('content-disposition') ?? '';
  const parameters = parametersOf(disposition);
  const name = parameters.get('name');
  if (!disposition.toLowerCase().startsWith('form-data') || name === undefined) throw refuse('malformedForm', {});
  const fileName = parameters.get('filename') ?? parameters.get('filename*');
  if (fileName === undefined) return [unescaped(name), content.toString('utf8')];
  const type = fields.get('content-type') ?? 'application/octet-stream';
  // A copy, since the bytes of a Buffer may belong to a larger one that is used again.
  return [unescaped(name), new File([Uint8Array.from(content)], unescaped(fileName), { type })];
}

/** Browsers write these three so (HTML, multipart/form-data encoding algorithm). */
function unescaped(text: string): string {
  return text.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%22', '"');
}

/** The parameters of a header value: `form-data; name="a"; filename="b.txt"`. Of a repeated one the first counts. */
function parametersOf(header: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let at = header.indexOf(';');
  while (at >= 0 && at < header.length) {
    const equals = header.indexOf('=', at);
    if (equals < 0) break;
    const name = header
      .slice(at + 1, equals)
      .trim()
      .toLowerCase();
    const isQuoted = header[equals + 1] === '"';
    const { value, end } = isQuoted ? quotedAt(header, equals + 2) : tokenAt(header, equals + 1);
    if (!found.has(name)) found.set(name, value);
    at = header.indexOf(';', end);
  }
  return found;
}

function tokenAt(header: string, start: number): { readonly value: string; readonly end: number } {
  const found = header.indexOf(';', start);
  const end = found < 0 ? header.length : found;
  return { value: header.slice(start, end).trim(), end };
}

/** Only `\"` is an escape: Windows browsers send paths, whose backslashes are none. */
function quotedAt(header: string, start: number): { readonly value: string; readonly end: number } {
  let end = header.indexOf('"', start);
  while (end > start && header[end - 1] === '\\') end = header.indexOf('"', end + 1);
  const stop = end < 0 ? header.length : end;
  return { value: header.slice(start, stop).replaceAll('\\"', '"'), end: stop };
}
