/** The page behind the link of a confirmation mail, as HTML: no scripts, no images, nothing from elsewhere. */
import type { Language } from '../domain/errors.ts';
import type { ConfirmationView } from '../domain/ports/confirmations.ts';
import { escaped } from './html.ts';
import { frame } from './secret-page.ts';

const words = {
  en: {
    lang: 'en',
    title: (name: string, more: number) => `Certificate for ${name}${more === 0 ? '' : ` and ${more} more`}`,
    domainTitle: (name: string) => `Certificates for ${name}`,
    askDomain:
      'Somebody asks to be allowed to order certificates for this domain and for every name below it, without another question. If your organization wants that, confirm it. Whoever holds such a certificate can run sites under its name.',
    ask: 'Somebody ordered a certificate for this name. If your organization wants it, compare the order and confirm it. Whoever holds the certificate can run sites under this name.',
    askMany:
      'Somebody ordered a certificate for these names. If your organization wants it, compare the order and confirm it: that confirms every name in bold at once. Whoever holds the certificate can run sites under these names.',
    changed: 'The names have changed since this page was opened. Compare them again; nothing was confirmed.',
    names: 'Names',
    product: 'Product',
    account: 'Ordered by',
    order: 'Order',
    requested: 'Requested',
    requestedValue: (at: string, from: string) => `${at}, from ${from}`,
    address: 'Mail sent to',
    confirm: 'Confirm the certificate',
    reject: 'Reject the order',
    confirmDomain: 'Confirm the request',
    rejectDomain: 'Reject the request',
    untilDomain: (day: string) => `Nothing happens until you choose; this page can be used until ${day}.`,
    until: (day: string) =>
      `Nothing happens until you choose; this page can be used until ${day}. Rejecting ends the whole order.`,
    states: {
      confirmed: ['Confirmed', 'Control of the names in bold is confirmed. There is nothing more to do.'],
      rejected: ['Rejected', 'The order was ended. No certificate will be issued for it.'],
      expired: ['Too late', 'This link has expired. Whoever ordered the certificate can send a new mail.'],
      over: [
        'Nothing to confirm any more',
        'The name was proved in another way, the order has ended, or a newer mail took the place of this one.',
      ],
    },
    unknownTitle: 'This link is not valid',
    unknown: 'Perhaps it was not copied whole, or a newer mail took the place of the one it came from.',
  },
  zh: {
    lang: 'zh-CN',
    title: (name: string, more: number) => `${name}${more === 0 ? '' : ` 等 ${more + 1} 个域名`} 的证书申请`,
    domainTitle: (name: string) => `${name} 的证书授权`,
    askDomain:
      '有人请求获准为该域名及其所有子域名申请证书，之后不再逐一询问。如确系贵单位所需，请确认。持有证书者可以在相应域名下运行网站。',
    ask: '有人为该域名申请了证书。如确系贵单位所需，请核对订单后确认。持有证书者可以在该域名下运行网站。',
    askMany:
      '有人为以下域名申请了证书。如确系贵单位所需，请核对订单后确认：粗体显示的域名将一并确认。持有证书者可以在这些域名下运行网站。',
    changed: '打开本页面后域名有变化，尚未确认任何域名，请重新核对。',
    names: '域名',
    product: '产品',
    account: '申请账户',
    order: '订单',
    requested: '申请时间',
    requestedValue: (at: string, from: string) => `${at}，来自 ${from}`,
    address: '收件邮箱',
    confirm: '确认签发证书',
    reject: '拒绝该订单',
    confirmDomain: '确认该请求',
    rejectDomain: '拒绝该请求',
    untilDomain: (day: string) => `在您选择之前不会有任何操作；本页面有效期至 ${day}。`,
    until: (day: string) => `在您选择之前不会有任何操作；本页面有效期至 ${day}。拒绝将终止整个订单。`,
    states: {
      confirmed: ['已确认', '粗体域名的控制权已确认，无需其他操作。'],
      rejected: ['已拒绝', '订单已终止，不会签发证书。'],
      expired: ['链接已过期', '申请人可以重新发送验证邮件。'],
      over: ['无需确认', '该域名已通过其他方式验证，或订单已结束，或已有更新的邮件。'],
    },
    unknownTitle: '链接无效',
    unknown: '链接可能未完整复制，或已有更新的邮件取代了它。',
  },
} as const satisfies Record<Language, object>;

const tones = { confirmed: 'ok', rejected: 'bad', expired: 'note', over: 'note' } as const;

export interface ConfirmPage {
  /** Undefined for a link that leads nowhere. */
  readonly view: ConfirmationView | undefined;
  readonly language: Language;
  readonly now: Date;
  /** The names were not those that the reader had seen. */
  readonly isChanged?: boolean;
}

export function confirmPage({ view, language, now, isChanged = false }: ConfirmPage): string {
  const text = words[language];
  if (view === undefined) {
    return frame(text.lang, text.unknownTitle, [
      `<h1>${escaped(text.unknownTitle)}</h1>`,
      `<p>${escaped(text.unknown)}</p>`,
    ]);
  }
  const { state, expiresAt } = view;
  const isDomain = view.orderNumber === null;
  const [first = ''] = view.confirms;
  const more = view.confirms.length - 1;
  const title = isDomain ? text.domainTitle(first) : text.title(first, more);
  const ask = more === 0 ? text.ask : text.askMany;
  const isOpen = state === 'open' && expiresAt > now;
  return frame(text.lang, title, [
    `<h1>${escaped(title)}</h1>`,
    isChanged && isOpen ? `<div class="state note" role="status">${escaped(text.changed)}</div>` : '',
    state === 'open' ? `<p>${escaped(isDomain ? text.askDomain : ask)}</p>` : stateBox(state, language),
    facts(view, language),
    isOpen ? form(view, language) : '',
  ]);
}

function stateBox(state: keyof typeof tones, language: Language): string {
  const [title, detail] = words[language].states[state];
  return `<div class="state ${tones[state]}" role="status"><strong>${escaped(title)}</strong>${escaped(detail)}</div>`;
}

function facts(view: ConfirmationView, language: Language): string {
  const text = words[language];
  const at = `${view.requestedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const names = view.names.map((name) => {
    const mark = view.confirms.includes(name) ? ' class="this"' : '';
    return `<li${mark}>${escaped(name)}</li>`;
  });
  const rows: readonly (readonly [term: string, html: string])[] = [
    [text.names, `<ul>${names.join('')}</ul>`],
    ...(view.productName === null ? [] : [[text.product, escaped(view.productName)] as const]),
    [text.account, escaped(view.accountName)],
    ...(view.orderNumber === null ? [] : [[text.order, String(view.orderNumber)] as const]),
    [text.requested, escaped(text.requestedValue(at, view.requestedFrom))],
    [text.address, escaped(view.address)],
  ];
  return `<dl>${rows.map(([term, html]) => `<dt>${escaped(term)}</dt><dd>${html}</dd>`).join('\n')}</dl>`;
}

/** Posts to the page's own address, which holds the secret. */
function form({ expiresAt, orderNumber, digest }: ConfirmationView, language: Language): string {
  const text = words[language];
  const isDomain = orderNumber === null;
  const day = expiresAt.toISOString().slice(0, 10);
  return `<form method="post">
<input type="hidden" name="names" value="${escaped(digest)}">
<button name="decision" value="confirm">${escaped(isDomain ? text.confirmDomain : text.confirm)}</button>
<button class="reject" name="decision" value="reject">${escaped(isDomain ? text.rejectDomain : text.reject)}</button>
</form>
<p class="dim">${escaped(isDomain ? text.untilDomain(day) : text.until(day))}</p>`;
}
