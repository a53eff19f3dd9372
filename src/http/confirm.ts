/**
 * `/confirm/<secret>`: the page behind the link of a confirmation mail. Looking at it changes nothing, however often, since
 * mail scanners open links; only its form decides. The secret in the address is the only key, so no other site can post the
 * form for its reader.
 */
import { acceptedLanguage } from '../domain/language.ts';
import type { Confirmations, ConfirmationView } from '../domain/ports/confirmations.ts';
import type { DialectServer } from '../domain/ports/dialect.ts';
import type { Clock } from '../domain/ports/system.ts';
import { requestPath } from '../domain/request-path.ts';
import { confirmPage } from './confirm-page.ts';
import { pageResponse, readForm } from './secret-page.ts';

const prefix = '/confirm/';

export function createConfirm(confirmations: Confirmations, clock: Clock): DialectServer {
  return {
    async fetch(request, peer) {
      const { method } = request;
      if (!['GET', 'HEAD', 'POST'].includes(method)) {
        return new Response(null, { status: 405, headers: { Allow: 'GET, HEAD, POST' } });
      }
      const language = acceptedLanguage(request.headers.get('accept-language'), 'en');
      const page = (view: ConfirmationView | undefined, status: number, isChanged = false) =>
        pageResponse(confirmPage({ view, language, now: clock.now(), isChanged }), { method, status });
      const path = requestPath(request.url);
      const token = path.startsWith(prefix) ? path.slice(prefix.length) : '';
      if (method !== 'POST') {
        const view = await confirmations.show(token);
        return page(view, view === undefined ? 404 : 200);
      }
      const form = await readForm(request);
      const decision = decisionIn(form);
      if (decision === undefined) return page(await confirmations.show(token), 400);
      const view = await confirmations.decide(token, decision, peer, form?.get('names') ?? '');
      if (view === undefined) return page(view, 404);
      if (view.state === decidedState[decision]) return page(view, 200);
      return page(view, 409, decision === 'confirm');
    },
  };
}

const decidedState = { confirm: 'confirmed', reject: 'rejected' } as const;

function decisionIn(form: URLSearchParams | undefined): keyof typeof decidedState | undefined {
  const decision = form?.get('decision');
  return decision === 'confirm' || decision === 'reject' ? decision : undefined;
}
