/** Replies: JSON of exactly this media type, nothing at all, or a file. */
import type { OperationDescription } from '../kit/operation.ts';
import { jsonReply } from '../kit/reply.ts';
import { csvOf, wantsCsv } from './wire/csv.ts';

/** The live service sends it with every answer. */
const cacheControl = 'private,no-cache';

export function renderJson(status: number, body: unknown): Response {
  return jsonReply(body, { status, headers: { 'cache-control': cacheControl } });
}

/** Undefined is 204 without a body: what calls that only change state answer. */
export function renderReply(output: unknown, operation: OperationDescription, request: Request): Response {
  if (output === undefined) return new Response(null, { status: 204, headers: { 'cache-control': cacheControl } });
  if (!wantsCsv(request, operation)) return renderJson(operation.status ?? 200, output);
  return new Response(csvOf(output, operation), {
    headers: { 'content-type': 'text/csv', 'cache-control': cacheControl },
  });
}

/** Result of an operation whose reply is a file. */
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
