/**
 * `/mail/stop/<token>`: the page behind the link with which the reader of a mailbox stops all mail from this server. Opening
 * it changes nothing, since mail scanners open links. What stops the mail is a POST: of its button, or of the mail program's
 * own (RFC 8058 one-click). Only an operator takes it back.
 */
import { acceptedLanguage, type Language } from '../domain/language.ts';
import { mailStopTexts } from '../domain/messages/pages/mail-stop.ts';
import type { DialectServer } from '../domain/ports/dialect.ts';
import type { MailboxView, MailStops } from '../domain/ports/mail-stops.ts';
import { requestPath } from '../domain/request-path.ts';
import { escaped } from './html.ts';
import { frame, pageResponse, readForm } from './secret-page.ts';

const prefix = '/mail/stop/';

export function createMailStop(stops: MailStops): DialectServer {
  return {
    async fetch(request, peer) {
      const { method } = request;
      if (!['GET', 'HEAD', 'POST'].includes(method)) {
        return new Response(null, { status: 405, headers: { Allow: 'GET, HEAD, POST' } });
      }
      const language = acceptedLanguage(request.headers.get('accept-language'), 'en');
      const page = (view: MailboxView | undefined, status: number) =>
        pageResponse(stopPage(view, language), { method, status });
      const path = requestPath(request.url);
      const token = path.startsWith(prefix) ? path.slice(prefix.length) : '';
      const isPost = method === 'POST';
      const form = isPost ? await readForm(request) : undefined;
      const isMeant = form?.get('stop') === 'yes' || form?.get('List-Unsubscribe') === 'One-Click';
      const view = isMeant ? await stops.stop(token, peer) : await stops.show(token);
      if (view === undefined) return page(view, 404);
      return page(view, isPost && !isMeant ? 400 : 200);
    },
  };
}

function stopPage(view: MailboxView | undefined, language: Language): string {
  const text = mailStopTexts[language];
  if (view === undefined) {
    return frame(text.lang, text.unknownTitle, [
      `<h1>${escaped(text.unknownTitle)}</h1>`,
      `<p>${escaped(text.unknown)}</p>`,
    ]);
  }
  const title = text.title(view.address);
  const body =
    view.stoppedAt === null
      ? [
          `<p>${escaped(text.ask)}</p>`,
          `<form method="post"><button name="stop" value="yes">${escaped(text.stop)}</button></form>`,
          `<p class="dim">${escaped(text.consequence)}</p>`,
        ]
      : [`<div class="state ok" role="status">${escaped(text.stopped)}</div>`];
  return frame(text.lang, title, [`<h1>${escaped(title)}</h1>`, ...body]);
}
