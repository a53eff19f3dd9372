/** Replies: JSON of exactly this media type, nothing at all, or a file. */
import type { OperationDescription } from '../kit/operation.ts';
import { csvOf, wantsCsv } from './wire/csv.ts';

// Without a charset: sapcc/go-certcentral compares the header as a whole before it reads an error.
const jsonType = 'application/json';

/** The live service sends it with every answer. */
const cacheControl = 'private,no-cache';

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': jsonType, 'cache-control': cacheControl, ...headers },
  });
}

/** Undefined is 204 without a body: what calls that only change state answer. */
export function renderReply(output: unknown, operation: OperationDescription, request: Request): Response {
  if (output === undefined) return new Response(null, { status: 204, headers: { 'cache-control': cacheControl } });
  if (!wantsCsv(request, operation)) return json(operation.status ?? 200, output);
  return new Response(csvOf(output, operation), {
    headers: { 'content-type': 'text/csv', 'cache-control': cacheControl },
  });
}

/** What an operation answers whose reply is a file. */
export interface WireFile {
  readonly mediaType: string;
  readonly name: string;
  readonly content: string | Uint8Array<ArrayBuffer>;
}

export function renderFile(output: unknown): Response {
  const { mediaType, name, content } = output as WireFile;
  return new Response(content, {
    headers: {
      'content-type': mediaType,
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': cacheControl,
    },
  });
}
