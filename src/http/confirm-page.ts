/** The page behind the link of a confirmation mail, as HTML: no scripts, no images, nothing from elsewhere. */
import { hash } from 'node:crypto';
import type { ConfirmationView } from '../domain/confirmation.ts';
import type { Language } from '../domain/errors.ts';
import { baseStyle, escaped } from './html.ts';

const style = `${baseStyle}
main{max-width:40rem;margin:0 auto;padding:3rem 1rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:2rem;box-shadow:0 1px 3px rgba(16,24,40,.08)}
h1{font-size:1.45rem;line-height:1.3;margin:0 0 .75rem;overflow-wrap:anywhere}
p{margin:0 0 1rem}
.dim{color:var(--dim);font-size:.9rem}
.state{border-left:4px solid var(--line);padding:.6rem 1rem;margin:0 0 1.25rem;background:var(--ground);border-radius:0 8px 8px 0}
.ok{border-color:var(--ok)}.bad{border-color:var(--bad)}.note{border-color:var(--note)}
.state strong{display:block}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.45rem 1.25rem;margin:1.25rem 0;padding:1.25rem 0;border:solid var(--line);border-width:1px 0}
dt{color:var(--dim)}
dd{margin:0;overflow-wrap:anywhere}
ul{margin:0;padding:0;list-style:none;max-height:16rem;overflow:auto}
.this{font-weight:600}
form{display:flex;gap:.75rem;flex-wrap:wrap;margin:1.5rem 0 1rem}
button{font:inherit;font-weight:600;padding:.65rem 1.4rem;border-radius:8px;border:1px solid var(--main);background:var(--main);color:#fff;cursor:pointer}
button.reject{background:transparent;border-color:var(--bad);color:var(--bad)}
button:focus-visible{outline:3px solid var(--main);outline-offset:2px}
footer{margin-top:1rem;text-align:center}
@media (max-width:30rem){dl{grid-template-columns:1fr;gap:.1rem}dd{margin-bottom:.6rem}.card{padding:1.25rem}button{width:100%}}
`;

/** What the content security policy lets through: this style and nothing else. */
export const pageStyleHash = `sha256-${hash('sha256', style, 'base64')}`;

const words = {
  en: {
    lang: 'en',
    title: (name: string) => `Certificate for ${name}`,
    domainTitle: (name: string) => `Certificates for ${name}`,
    askDomain:
      'Somebody asks to be allowed to order certificates for this domain and for every name below it, without another question. If your organization wants that, confirm it. Whoever holds such a certificate can run sites under its name.',
    ask: 'Somebody ordered a certificate for this name. If your organization wants it, compare the order and confirm it. Whoever holds the certificate can run sites under this name.',
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
      confirmed: ['Confirmed', 'Control of the name is confirmed. There is nothing more to do.'],
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
    title: (name: string) => `${name} 的证书申请`,
    domainTitle: (name: string) => `${name} 的证书授权`,
    askDomain:
      '有人请求获准为该域名及其所有子域名申请证书，之后不再逐一询问。如确系贵单位所需，请确认。持有证书者可以在相应域名下运行网站。',
    ask: '有人为该域名申请了证书。如确系贵单位所需，请核对订单后确认。持有证书者可以在该域名下运行网站。',
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
      confirmed: ['已确认', '域名控制权已确认，无需其他操作。'],
      rejected: ['已拒绝', '订单已终止，不会签发证书。'],
      expired: ['链接已过期', '申请人可以重新发送验证邮件。'],
      over: ['无需确认', '该域名已通过其他方式验证，或订单已结束，或已有更新的邮件。'],
    },
    unknownTitle: '链接无效',
    unknown: '链接可能未完整复制，或已有更新的邮件取代了它。',
  },
} as const satisfies Record<Language, object>;

const tones = { confirmed: 'ok', rejected: 'bad', expired: 'note', over: 'note' } as const;

/** @param view undefined for a link that leads nowhere */
export function confirmPage(view: ConfirmationView | undefined, language: Language, now: Date): string {
  const text = words[language];
  if (view === undefined) {
    return frame(text.lang, text.unknownTitle, [
      `<h1>${escaped(text.unknownTitle)}</h1>`,
      `<p>${escaped(text.unknown)}</p>`,
    ]);
  }
  const { state, expiresAt } = view;
  const isDomain = view.orderNumber === null;
  const title = isDomain ? text.domainTitle(view.name) : text.title(view.name);
  const isOpen = state === 'open' && expiresAt > now;
  return frame(text.lang, title, [
    `<h1>${escaped(title)}</h1>`,
    state === 'open' ? `<p>${escaped(isDomain ? text.askDomain : text.ask)}</p>` : stateBox(state, language),
    facts(view, language),
    isOpen ? form(language, expiresAt, isDomain) : '',
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
    const mark = name === view.name ? ' class="this"' : '';
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
function form(language: Language, expiresAt: Date, isDomain: boolean): string {
  const text = words[language];
  const day = expiresAt.toISOString().slice(0, 10);
  return `<form method="post">
<button name="decision" value="confirm">${escaped(isDomain ? text.confirmDomain : text.confirm)}</button>
<button class="reject" name="decision" value="reject">${escaped(isDomain ? text.rejectDomain : text.reject)}</button>
</form>
<p class="dim">${escaped(isDomain ? text.untilDomain(day) : text.until(day))}</p>`;
}

function frame(lang: string, title: string, parts: readonly string[]): string {
  return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<div class="card">
${parts.filter((part) => part !== '').join('\n')}
</div>
<footer class="dim">certmux</footer>
</main>
</body>
</html>
`;
}
