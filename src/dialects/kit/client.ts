/** Common half of all clients, before the reply is interpreted: it sends, waits, and limits the size of what it reads. */
import type { z } from 'zod';
import { textOfReply } from '../../domain/reply-text.ts';
import { upstreamError } from './error-table.ts';
import { readBytesWithin } from './input.ts';
import { replyJson } from './json.ts';

export interface Sender {
  /** Carries proxies, trust and time-outs. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The other server's host, for messages. */
  readonly upstream: string;
  readonly replyLimitBytes: number;
}

/** @throws {CertError} unavailable when no reply comes */
export function send({ fetch, upstream }: Sender, request: Request): Promise<Response> {
  return fetch(request).catch((cause: unknown) => {
    throw upstreamError('unavailable', { upstream, detail: 'it cannot be reached' }, { cause });
  });
}

/** @throws {CertError} unavailable for a reply that is cut off or longer than the limit */
export async function replyText({ upstream, replyLimitBytes }: Sender, reply: Response): Promise<string> {
  const bytes = await readBytesWithin(reply, replyLimitBytes).catch((cause: unknown) => {
    throw upstreamError('unavailable', { upstream, detail: 'a reply that breaks off or has no end' }, { cause });
  });
  return textOfReply(bytes, reply.headers.get('content-type'));
}

/** For vendors whose replies, refusals too, all have status 200. @throws {CertError} unavailable for any other */
export async function sendForText(sender: Sender, request: Request): Promise<string> {
  const reply = await send(sender, request);
  if (reply.status !== 200) {
    throw upstreamError('unavailable', { upstream: sender.upstream, detail: `HTTP status ${reply.status}` });
  }
  return replyText(sender, reply);
}

/** @throws {CertError} unavailable for a reply that is no JSON object */
export function replyObject({ upstream }: Sender, text: string): Readonly<Record<string, unknown>> {
  const reply = replyJson(text);
  const isObject = typeof reply === 'object' && reply !== null && !Array.isArray(reply);
  if (!isObject) throw upstreamError('unavailable', { upstream, detail: 'a reply that is not JSON' });
  return reply as Readonly<Record<string, unknown>>;
}

/**
 * Parses a reply with the schema of its call.
 * @param call names the call in messages
 * @throws {CertError} unavailable for a reply that the schema cannot read
 */
export function parseReply<Response extends z.ZodType>(
  { upstream }: Sender,
  { call, schema }: { readonly call: string; readonly schema: Response },
  reply: unknown,
): z.output<Response> {
  const parsed = schema.safeParse(reply);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') ?? '';
  const detail = `a reply to ${call} whose ${field} cannot be read`;
  throw upstreamError('unavailable', { upstream, detail }, { cause: parsed.error });
}
