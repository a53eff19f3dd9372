/**
 * `/.well-known/acme-challenge/*`: the files that upstream CAs fetch while they validate names by http-01 (RFC 8555 §8.3), where a name
 * leads to us or the customer's web server hands such paths on. From the database alone, so that every node answers alike.
 */
import type { DialectServer } from '../domain/ports/dialect.ts';
import type { PublishedProofStore } from '../domain/ports/stores/upstream-work.ts';
import type { Clock } from '../domain/ports/system.ts';
import { requestPath } from '../domain/request-path.ts';

export interface ResponderOptions {
  readonly proofs: Pick<PublishedProofStore, 'values'>;
  readonly clock: Pick<Clock, 'now'>;
  /** The file of a probe, by which we see whether a name leads here; undefined for a token that is none. */
  readonly probeAnswer: (token: string) => string | undefined;
}

export const responderPath = '/.well-known/acme-challenge/';

/** base64url (RFC 8555 §8.3). Those of CAs have 22 to 43 characters; anybody may ask for anything. */
const tokenForm = /^[A-Za-z0-9_-]{1,128}$/;

export function createAcmeResponder({ proofs, clock, probeAnswer }: ResponderOptions): DialectServer {
  async function contentOf(token: string): Promise<string | undefined> {
    const probe = probeAnswer(token);
    if (probe !== undefined) return probe;
    const [newest] = await proofs.values('http', token, clock.now(), 1);
    return newest;
  }

  return {
    async fetch(request) {
      const { method } = request;
      const path = requestPath(request.url);
      const token = path.startsWith(responderPath) ? path.slice(responderPath.length) : '';
      const isAsked = (method === 'GET' || method === 'HEAD') && tokenForm.test(token);
      const content = isAsked ? await contentOf(token) : undefined;
      if (content === undefined) return respond(404, 'certmux: there is no such file\n', method);
      return respond(200, content, method);
    },
  };
}

/** To the byte, without a line end: some CAs do not trim. What is there changes within seconds, so nobody keeps it. */
function respond(status: number, text: string, method: string): Response {
  const headers = { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store', 'Content-Length': String(text.length) };
  return new Response(method === 'HEAD' ? null : text, { status, headers });
}
