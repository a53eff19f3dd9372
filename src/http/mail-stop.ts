/**
 * `/mail/stop/<token>`: the page behind the link with which the reader of a mailbox stops all mail from this server. Opening
 * it changes nothing, since mail scanners open links. What stops the mail is a POST: of its button, or of the mail program's
 * own (RFC 8058 one-click). Only an operator takes it back.
 */
import type { Language } from '../domain/errors.ts';
import { acceptedLanguage } from '../domain/language.ts';
import type { DialectServer } from '../domain/ports/dialect.ts';
import type { MailboxView, MailStops } from '../domain/ports/mail-stops.ts';
import { escaped } from './html.ts';
import { frame, pageResponse, readForm } from './secret-page.ts';

const prefix = '/mail/stop/';

const words = {
  en: {
    lang: 'en',
    title: (address: string) => `Mail to ${address}`,
    ask: 'This server sends mail to this address: requests to confirm certificates, reminders before they end, and certificates that somebody had sent. Do you want no more of it?',
    consequence:
      'Then nobody can have a certificate confirmed by this mailbox, and no reminders come here. Other ways to prove a name still work. The operator of this server can allow the mail again.',
    stop: 'Stop all mail to this address',
    stopped: 'No more mail is sent to this address. The operator of this server can allow it again.',
    unknownTitle: 'This link is not valid',
    unknown: 'Perhaps it was not copied whole.',
  },
  zh: {
    lang: 'zh-CN',
    title: (address: string) => `发往 ${address} 的邮件`,
    ask: '本服务器会向该邮箱发送邮件：证书确认请求、到期提醒，以及他人要求发送的证书。是否停止接收？',
    consequence:
      '停止后，无法再通过该邮箱确认证书，也不会收到提醒；域名仍可用其他方式验证。本服务器的管理员可以恢复发送。',
    stop: '停止向该邮箱发送邮件',
    stopped: '已停止向该邮箱发送邮件，本服务器的管理员可以恢复。',
    unknownTitle: '链接无效',
    unknown: '链接可能未完整复制。',
  },
} as const satisfies Record<Language, object>;

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
      const path = new URL(request.url).pathname;
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
  const text = words[language];
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
