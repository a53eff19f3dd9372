/** What `certmux config check` says around the problems. */
import type { Language } from '../domain/language.ts';

export interface SoldIssuer {
  readonly issuer: string;
  readonly mode: string;
  /** Front doors. */
  readonly by: readonly string[];
  readonly notBy: readonly string[];
}

export interface ConfigWords {
  fine(path: string): string;
  problems(path: string, count: number): string;
  lookAt(warning: string): string;
  sold(issuer: SoldIssuer): string;
}

export const configWords: Readonly<Record<Language, ConfigWords>> = {
  en: {
    fine: (path) => `${path} is fine.`,
    problems: (path, count) => `${path} has ${count === 1 ? 'a problem' : `${count} problems`}:`,
    lookAt: (warning) => `Look at ${warning}`,
    sold: ({ issuer, mode, by, notBy }) =>
      `${issuer} (${mode}): sold by ${by.join(', ') || 'none'}${notBy.length === 0 ? '' : `; not by ${notBy.join(', ')}`}`,
  },
  zh: {
    fine: (path) => `${path} 没有问题。`,
    problems: (path, count) => `${path} 有 ${count} 处问题：`,
    lookAt: (warning) => `请留意 ${warning}`,
    sold: ({ issuer, mode, by, notBy }) =>
      `${issuer}（${mode}）：可通过 ${by.join('、') || '无'} 销售${notBy.length === 0 ? '' : `；不可通过 ${notBy.join('、')} 销售`}`,
  },
};
