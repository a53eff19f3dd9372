/**
 * The challenge of a webhook: a token that is known only from what arrives at its URL. It is a keyed hash of webhook, URL and the
 * moment when it ends, so that nothing has to be stored, and a token of another URL proves nothing.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Webhook } from '../../../domain/webhook.ts';

const lifeMs = 30 * 60_000;
const endDigits = 9;

export function newChallenge(webhook: Pick<Webhook, 'id' | 'url'>, now: Date, secret: Uint8Array): string {
  const end = (now.getTime() + lifeMs).toString(36).padStart(endDigits, '0');
  return end + hashOf(webhook, end, secret).toString('hex');
}

export function isChallengeMet(
  webhook: Pick<Webhook, 'id' | 'url'>,
  token: string,
  { now, secret }: { readonly now: Date; readonly secret: Uint8Array },
): boolean {
  const end = token.slice(0, endDigits);
  const expected = hashOf(webhook, end, secret);
  const received = Buffer.from(token.slice(endDigits), 'hex');
  const isOurs = received.length === expected.length && timingSafeEqual(received, expected);
  return isOurs && Number.parseInt(end, 36) > now.getTime();
}

function hashOf({ id, url }: Pick<Webhook, 'id' | 'url'>, end: string, secret: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(`${id}\n${url}\n${end}`).digest();
}
