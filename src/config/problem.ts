/** What is wrong with one setting. */
import type { Phrase } from '../domain/messages/expectations.ts';

export interface ConfigProblem {
  readonly path: readonly string[];
  /** What follows the setting and a colon. */
  readonly message: Phrase;
}
