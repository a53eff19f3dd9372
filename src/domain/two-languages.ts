/**
 * A phrase in both languages as one text: what a schema says of a value is one text to the library that carries it, and whoever
 * shows it takes it apart again.
 */
import type { Phrase } from './messages/expectations.ts';

/** U+001F, the separator of units: no message has it, since values that are quoted show it as an escape. */
const separator = '\u001f';

/** The `error` of a schema: `z.string({ error: asOneText(expected.pem) })`. */
export function asOneText({ en, zh }: Phrase): string {
  return `${en}${separator}${zh}`;
}

/** Undefined for a text that `asOneText` has not made. */
export function asPhrase(text: string): Phrase | undefined {
  const [en, zh] = text.split(separator);
  return en === undefined || zh === undefined ? undefined : { en, zh };
}
