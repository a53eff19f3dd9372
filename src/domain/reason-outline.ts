/** A reason as such, without a case of it: what differs from case to case is left out, as in a title of a statistic. */
import type { Language } from './language.ts';
import { type ReasonKey, reasons } from './messages/index.ts';
import type { Row } from './messages/row.ts';

const gap = '…';
/** Whatever a message asks for. */
const gaps: Readonly<Record<string, string>> = new Proxy({}, { get: () => gap });

const isKey = (key: string): key is ReasonKey => Object.hasOwn(reasons, key);

/** The sentence of a reason with `…` for what it is about; null: there is no such reason, as with one of a later version. */
export function outlineOf(key: string, language: Language): string | null {
  if (!isKey(key)) return null;
  const row: Pick<Row<never>, Language> = reasons[key];
  // Of a text only: what a message does with its parameters besides writing them, it does with any text.
  const text = row[language](gaps as never);
  // Two in a row say no more than one.
  return text.replaceAll(/…(?:[ .:,]*…)+/g, gap);
}
