/** The language of the page, as the server wrote it or as it was chosen since. Outside of React, since calls need it too. */
export type Language = 'en' | 'zh';

export const documentLanguages: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-CN' };

export function spokenLanguage(): Language {
  return document.documentElement.dataset.language === 'zh' ? 'zh' : 'en';
}

export function speak(language: Language): void {
  const root = document.documentElement;
  root.dataset.language = language;
  root.lang = documentLanguages[language];
}
