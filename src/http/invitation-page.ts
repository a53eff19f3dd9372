/** The page of an invitation, as HTML: no scripts, no images, nothing from elsewhere. */
import { type Reason, renderReason } from '../domain/errors.ts';
import type { Language } from '../domain/language.ts';
import { invitationTexts } from '../domain/messages/pages/invitation.ts';
import type { InvitationView } from '../domain/ports/invitations.ts';
import { escaped } from './html.ts';
import { frame } from './secret-page.ts';

export interface InvitationPage {
  /** Undefined for a link that is not good, whatever the reason. */
  readonly view: InvitationView | undefined;
  /** The password is set. */
  readonly isDone: boolean;
  /** What was wrong with the form that was posted. */
  readonly flaw?: 'differ' | 'badLength' | 'unreadable' | undefined;
}

export function invitationPage({ view, isDone, flaw }: InvitationPage, language: Language): string {
  const text = invitationTexts[language];
  if (view === undefined) return messagePage(language, text.unknownTitle, text.unknown);
  const title = isDone ? text.doneTitle : text.title;
  const body = isDone
    ? [`<div class="state ok" role="status">${escaped(text.done(view.username))}</div>`, `<p>${escaped(text.next)}</p>`]
    : [
        flaw === undefined ? '' : `<div class="state bad" role="alert">${escaped(text[flaw])}</div>`,
        `<p>${escaped(text.lead)}</p>`,
        form(view, language),
      ];
  return frame(text.lang, title, [`<h1>${escaped(title)}</h1>`, ...body]);
}

/** The page for somebody who has to come back later. */
export function laterPage(reason: Reason, language: Language): string {
  return messagePage(language, invitationTexts[language].waitTitle, renderReason(reason, language));
}

function messagePage(language: Language, title: string, message: string): string {
  return frame(invitationTexts[language].lang, title, [`<h1>${escaped(title)}</h1>`, `<p>${escaped(message)}</p>`]);
}

/** Posts to the page's own address, which holds the secret. The user name stands in the form for password managers. */
function form({ username, accountName, expiresAt, isReset }: InvitationView, language: Language): string {
  const text = invitationTexts[language];
  const iso = expiresAt.toISOString();
  // A reset ends within hours.
  const until = isReset ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : iso.slice(0, 10);
  return `<dl><dt>${escaped(text.account)}</dt><dd>${escaped(accountName ?? text.operators)}</dd></dl>
<form method="post" class="fields">
<label for="username">${escaped(text.username)}</label>
<input id="username" name="username" autocomplete="username" readonly value="${escaped(username)}">
<label for="password">${escaped(text.password)}</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="10" maxlength="1000" required autofocus aria-describedby="rule">
<p class="dim" id="rule">${escaped(text.rule)}</p>
<label for="repeat">${escaped(text.repeat)}</label>
<input id="repeat" name="repeat" type="password" autocomplete="new-password" minlength="10" maxlength="1000" required>
<button>${escaped(text.save)}</button>
</form>
<p class="dim">${escaped(text.until(until))}</p>`;
}
