/**
 * Whether it is our responder that answers `http://<name>/.well-known/acme-challenge/…` can be seen only by an answer that nobody else can
 * give: a function of a secret of the server, and of a token that is new for each look.
 */
import { createHmac } from 'node:crypto';

/** Tokens of probes begin so, which no token of an ACME CA does by chance: those are random text of 22 characters and more. */
const probePrefix = 'certmux-';
const probePattern = /^certmux-[0-9a-f]{32}$/;

export function probeToken(random: Uint8Array): string {
  return probePrefix + Buffer.from(random.subarray(0, 16)).toString('hex');
}

/** The content of the file of a probe; undefined for a token that is none. */
export function probeAnswer(secret: Uint8Array, token: string): string | undefined {
  if (!probePattern.test(token)) return undefined;
  return createHmac('sha256', secret).update(`acme-challenge\n${token}`).digest('hex');
}
