/**
 * The common form of all mails. Plain text in both languages, since nothing says which one its reader speaks; one that is
 * plain text cannot look like something else.
 */
import type { Language } from '../../language.ts';

export interface Mail {
  readonly subject: string;
  readonly text: string;
}

/** Links of a mail. */
export interface MailLinks {
  readonly publicUrl: string;
  /** URL at which its reader stops all mail to this address. */
  readonly stopUrl: string;
}

export const divider = '----------------------------------------------------------------------';

/** Names shown; the order lists all. */
const shownNames = 20;

export function shortList(names: readonly string[]): string {
  const more = names.length > shownNames ? ` … (+${names.length - shownNames})` : '';
  return names.slice(0, shownNames).join(', ') + more;
}

export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** The last lines of every mail. */
export function stopLines(stopUrl: string): readonly string[] {
  return [
    divider,
    '',
    'Not for you? Stop all mail from this server to this address:',
    '与您无关？可在此停止本服务器发往该邮箱的所有邮件：',
    '',
    `  ${stopUrl}`,
    '',
  ];
}

interface OneLanguage {
  readonly subject: string;
  readonly lines: readonly string[];
}

/** Both languages, the reader's own first. English first where it is not known. */
export function inBoth(language: Language | null, texts: Readonly<Record<Language, OneLanguage>>): OneLanguage {
  const [first, second] = language === 'zh' ? [texts.zh, texts.en] : [texts.en, texts.zh];
  return {
    subject: `${first.subject} / ${second.subject}`,
    lines: [...first.lines, '', divider, '', ...second.lines],
  };
}
