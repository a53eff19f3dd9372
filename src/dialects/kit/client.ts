/** What every client half does before it looks at the words of a reply: it sends, waits, and reads no more than is fit. */
import type { z } from 'zod';
import { upstreamError } from './error-table.ts';
import { readTextWithin } from './input.ts';

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
export function replyText({ upstream, replyLimitBytes }: Sender, reply: Response): Promise<string> {
  return readTextWithin(reply, replyLimitBytes).catch((cause: unknown) => {
    throw upstreamError('unavailable', { upstream, detail: 'a reply that breaks off or has no end' }, { cause });
  });
}

/** For the vendors whose every reply, a refusal too, has status 200. @throws {CertError} unavailable for any other */
export async function sendForText(sender: Sender, request: Request): Promise<string> {
  const reply = await send(sender, request);
  if (reply.status !== 200) {
    throw upstreamError('unavailable', { upstream: sender.upstream, detail: `HTTP status ${reply.status}` });
  }
  return replyText(sender, reply);
}

/** @param what the call that it answers */
export function unreadableReply({ upstream }: Sender, what: string, cause: z.ZodError) {
  const field = cause.issues[0]?.path.join('.') ?? '';
  return upstreamError(
    'unavailable',
    { upstream, detail: `a reply to ${what} whose ${field} cannot be read` },
    { cause },
  );
}
