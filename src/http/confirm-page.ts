/** The page behind the link of a confirmation mail, as HTML: no scripts, no images, nothing from elsewhere. */
import type { Language } from '../domain/language.ts';
import { confirmPageTexts } from '../domain/messages/pages/confirm.ts';
import type { ConfirmationView } from '../domain/ports/confirmations.ts';
import { escaped } from './html.ts';
import { frame } from './secret-page.ts';

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
  const text = confirmPageTexts[language];
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
  const [title, detail] = confirmPageTexts[language].states[state];
  return `<div class="state ${tones[state]}" role="status"><strong>${escaped(title)}</strong>${escaped(detail)}</div>`;
}

function facts(view: ConfirmationView, language: Language): string {
  const text = confirmPageTexts[language];
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
  const text = confirmPageTexts[language];
  const isDomain = orderNumber === null;
  const day = expiresAt.toISOString().slice(0, 10);
  return `<form method="post">
<input type="hidden" name="names" value="${escaped(digest)}">
<button name="decision" value="confirm">${escaped(isDomain ? text.confirmDomain : text.confirm)}</button>
<button class="reject" name="decision" value="reject">${escaped(isDomain ? text.rejectDomain : text.reject)}</button>
</form>
<p class="dim">${escaped(isDomain ? text.untilDomain(day) : text.until(day))}</p>`;
}
