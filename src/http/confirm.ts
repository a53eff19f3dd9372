/**
 * `/confirm/<secret>`: the page behind the link of a confirmation mail. Looking at it changes nothing, however often, since
 * mail scanners open links; only its form decides. The secret in the address is the only key, so no other site can post the
 * form for its reader, and nothing may leak it: no referrer, no cache, no other content.
 */
import type { Confirmations, ConfirmationView } from '../domain/confirmation.ts';
import type { DialectServer } from '../domain/dialect.ts';
import { acceptedLanguage } from '../domain/language.ts';
import type { Clock } from '../domain/system.ts';
import { confirmPage, pageStyleHash } from './confirm-page.ts';

const prefix = '/confirm/';
/** `decision=confirm` and little more. */
const maxBodyBytes = 1024;

const headers = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': [
    "default-src 'none'",
    `style-src '${pageStyleHash}'`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Referrer-Policy': 'no-referrer',
  'X-Robots-Tag': 'noindex, nofollow',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
  Vary: 'Accept-Language',
} as const;

export function createConfirm(confirmations: Confirmations, clock: Clock): DialectServer {
  return {
    async fetch(request, peer) {
      const { method } = request;
      if (!['GET', 'HEAD', 'POST'].includes(method)) {
        return new Response(null, { status: 405, headers: { Allow: 'GET, HEAD, POST' } });
      }
      const language = acceptedLanguage(request.headers.get('accept-language'), 'en');
      const page = (view: ConfirmationView | undefined, status: number) => {
        const html = confirmPage(view, language, clock.now());
        const length = { ...headers, 'Content-Length': String(Buffer.byteLength(html)) };
        return new Response(method === 'HEAD' ? null : html, { status, headers: length });
      };
      const path = new URL(request.url).pathname;
      const token = path.startsWith(prefix) ? path.slice(prefix.length) : '';
      if (method !== 'POST') {
        const view = await confirmations.show(token);
        return page(view, view === undefined ? 404 : 200);
      }
      const decision = await readDecision(request);
      if (decision === undefined) return page(await confirmations.show(token), 400);
      const view = await confirmations.decide(token, decision, peer);
      if (view === undefined) return page(view, 404);
      return page(view, view.state === decidedState[decision] ? 200 : 409);
    },
  };
}

const decidedState = { confirm: 'confirmed', reject: 'rejected' } as const;

/** The form's one field. A HTML form sends nothing else that would be understood here. */
async function readDecision(request: Request): Promise<keyof typeof decidedState | undefined> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type) || request.body === null) return undefined;
  const bytes = await readAtMost(request.body, maxBodyBytes);
  const decision = new URLSearchParams(Buffer.from(bytes).toString('utf8')).get('decision');
  return decision === 'confirm' || decision === 'reject' ? decision : undefined;
}

/** The first bytes of the body; empty when it is longer or breaks off. */
async function readAtMost(body: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of body) {
      size += part.byteLength;
      if (size > limit) return new Uint8Array();
      parts.push(part);
    }
  } catch {
    return new Uint8Array();
  }
  return Buffer.concat(parts);
}
