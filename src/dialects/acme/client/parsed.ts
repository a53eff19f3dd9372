/** Reads a reply of success by the schema of its call. */
import type { z } from 'zod';
import { replyJson } from '../../kit/json.ts';
import type { AcmeReply, Exchanger } from './exchange.ts';

/**
 * @param usual members that some CAs leave out, with what they can only be
 * @throws {AcmeFailure} unreadable
 */
export function parsed<Schema extends z.ZodType>(
  exchanger: Pick<Exchanger, 'failure'>,
  reply: AcmeReply,
  schema: Schema,
  usual: Readonly<Record<string, unknown>> = {},
): z.output<Schema> {
  const value = replyJson(reply.text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw exchanger.failure(reply, 'unreadable', `a reply to ${reply.request.call} that is not JSON`);
  }
  const { success, data, error } = schema.safeParse({ ...usual, ...value });
  if (success) return data;
  const field = error.issues[0]?.path.join('.') ?? '';
  throw exchanger.failure(reply, 'unreadable', `a reply to ${reply.request.call} whose ${field} cannot be read`);
}

/** URLs in a reply as absolute ones: a few CAs write those of their own server without it. One that is none stays as it is. */
export function urlsOf({ request: { url: base } }: Pick<AcmeReply, 'request'>): (url: string) => string {
  return (url) => (URL.canParse(url) ? url : (URL.parse(url, base)?.href ?? url));
}
