/**
 * What a browser was told to prefer, in cookies that the console sets: language and colours. The server writes them into the page, so that
 * no script has to run before the first picture. They are no secrets, and open nothing.
 */
import { acceptedLanguage, type Language } from '../../domain/language.ts';

export type ColourScheme = 'light' | 'dark' | 'system';

export interface Preferences {
  readonly language: Language;
  readonly scheme: ColourScheme;
}

const languageCookie = 'certmux_language';
const schemeCookie = 'certmux_colours';

export function preferencesOf({ headers }: Request): Preferences {
  const cookies = headers.get('cookie') ?? '';
  const language = cookieNamed(cookies, languageCookie);
  const scheme = cookieNamed(cookies, schemeCookie);
  return {
    language:
      language === 'en' || language === 'zh' ? language : acceptedLanguage(headers.get('accept-language'), 'en'),
    scheme: scheme === 'light' || scheme === 'dark' ? scheme : 'system',
  };
}

function cookieNamed(cookies: string, name: string): string | undefined {
  for (const cookie of cookies.split(';')) {
    const [key, value] = cookie.split('=');
    if (key?.trim() === name) return value?.trim();
  }
  return undefined;
}
