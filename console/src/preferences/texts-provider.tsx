/** The texts of the chosen language. Another one is loaded before anything changes, so that no half is shown. */
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useState } from 'react';
import type { Texts } from '../messages/texts.ts';
import { rememberPreference } from './cookies.ts';
import { type Language, speak, spokenLanguage } from './spoken-language.ts';

interface Spoken {
  readonly language: Language;
  readonly texts: Texts;
  choose(language: Language): Promise<void>;
}

const Context = createContext<Spoken | undefined>(undefined);

export async function loadTexts(language: Language): Promise<Texts> {
  return language === 'zh' ? (await import('../messages/zh.ts')).zh : (await import('../messages/en.ts')).en;
}

export function TextsProvider({ first, children }: { readonly first: Texts; readonly children: ReactNode }) {
  const [{ language, texts }, setSpoken] = useState({ language: spokenLanguage(), texts: first });
  const queries = useQueryClient();

  async function choose(next: Language) {
    const loaded = await loadTexts(next);
    rememberPreference('certmux_language', next);
    speak(next);
    setSpoken({ language: next, texts: loaded });
    // What the server says is in the other language, too.
    await queries.invalidateQueries();
  }

  return <Context value={{ language, texts, choose }}>{children}</Context>;
}

export function useSpoken(): Spoken {
  const spoken = useContext(Context);
  if (spoken === undefined) throw new Error('there is no TextsProvider');
  return spoken;
}

export function useTexts(): Texts {
  return useSpoken().texts;
}
