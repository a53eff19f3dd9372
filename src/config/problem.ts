/** What is wrong with one setting. */
import type { Phrase } from '../domain/messages/expectations.ts';

export interface ConfigProblem {
  readonly path: readonly string[];
  /** What schemas object to is in English only. */
  readonly message: string | Phrase;
}

/** The message in both languages. */
export function inBoth({ message }: Pick<ConfigProblem, 'message'>): Phrase {
  return typeof message === 'string' ? { en: message, zh: message } : message;
}
