/**
 * `/invitation/<token>`: the page on which somebody who was invited chooses a password. Opening it changes nothing, since mail
 * scanners open links; only its form does. The token in the address is the only key, so no other site can post the form for its
 * reader.
 */
import type { ErrorCode } from '../domain/error-codes.ts';
import { toCertError } from '../domain/errors.ts';
import { acceptedLanguage } from '../domain/language.ts';
import type { DialectServer, Peer } from '../domain/ports/dialect.ts';
import type { Invitations } from '../domain/ports/invitations.ts';
import { requestPath } from '../domain/request-path.ts';
import { type InvitationPage, invitationPage, laterPage } from './invitation-page.ts';
import { pageResponse, readForm } from './secret-page.ts';

const prefix = '/invitation/';

/** Two passwords of a thousand characters, of which the form may write each as nine. */
const maxFormBytes = 32_768;

/** What is only a matter of time. */
const laterStatus: { readonly [Code in ErrorCode]?: number } = { rateLimited: 429, unavailable: 503 };
const defaultRetrySeconds = 5;

interface Answer {
  readonly status: number;
  readonly page: InvitationPage;
}

export function createInvitation(invitations: Invitations): DialectServer {
  return {
    async fetch(request, peer) {
      const { method } = request;
      if (!['GET', 'HEAD', 'POST'].includes(method)) {
        return new Response(null, { status: 405, headers: { Allow: 'GET, HEAD, POST' } });
      }
      const language = acceptedLanguage(request.headers.get('accept-language'), 'en');
      const path = requestPath(request.url);
      const token = path.startsWith(prefix) ? path.slice(prefix.length) : '';
      try {
        const { status, page } = method === 'POST' ? await post(request, token, peer) : await show(token, peer);
        return pageResponse(invitationPage(page, language), { method, status });
      } catch (thrown) {
        const { code, reason } = toCertError(thrown);
        const status = laterStatus[code];
        if (status === undefined) throw thrown;
        const params: Readonly<Record<string, unknown>> = reason.params;
        const retryAfterSeconds = Number(params.retryAfterSeconds ?? defaultRetrySeconds);
        return pageResponse(laterPage(reason, language), { method, status, retryAfterSeconds });
      }
    },
  };

  /** The form, with what was wrong with the one before. */
  async function show(token: string, peer: Peer, flaw?: InvitationPage['flaw']): Promise<Answer> {
    const view = await invitations.show(token, peer);
    if (view === undefined) return { status: 404, page: { view, isDone: false } };
    return { status: flaw === undefined ? 200 : 400, page: { view, isDone: false, flaw } };
  }

  async function post(request: Request, token: string, peer: Peer): Promise<Answer> {
    const form = await readForm(request, maxFormBytes);
    const password = form?.get('password') ?? null;
    if (password === null) return show(token, peer, 'unreadable');
    if (password !== form?.get('repeat')) return show(token, peer, 'differ');
    try {
      const view = await invitations.accept(token, password, peer);
      return { status: view === undefined ? 404 : 200, page: { view, isDone: view !== undefined } };
    } catch (thrown) {
      if (toCertError(thrown).code !== 'invalidField') throw thrown;
      return show(token, peer, 'badLength');
    }
  }
}
