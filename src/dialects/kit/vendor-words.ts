/**
 * A vendor's own words, as they may be kept and shown to its customers and ours: without our secrets, in one line without characters that
 * hide or turn text around, and not longer than anybody reads. PostgreSQL, for one, stores no text with a NUL.
 */
import { printable } from '../../domain/printable.ts';

/** Replies repeat no shorter ones by accident. */
const shortestSecret = 4;
const longestWords = 500;
const mark = '[secret]';

export type VendorWords = (text: string) => string;

/** @param secrets what a reply may repeat, as it was sent or in an encoding, and nobody may read */
export function createVendorWords(secrets: readonly string[]): VendorWords {
  const forms = secrets.filter((secret) => secret.length >= shortestSecret).flatMap(formsOf);
  // The longest first, which may hold a shorter one.
  const hidden = [...new Set(forms)].toSorted((one, other) => other.length - one.length);
  return (text) => {
    // Before anything is cut off: half of a secret would not be found.
    const open = hidden.reduce(without, text);
    const line = printable(open.slice(0, longestWords).replace(/\s+/g, ' ').trim());
    return open.length <= longestWords ? line : `${line}…`;
  };
}

function formsOf(secret: string): readonly string[] {
  const escaped = JSON.stringify(secret).slice(1, -1);
  const base64 = Buffer.from(secret).toString('base64').replaceAll('=', '');
  return [secret, encodeURIComponent(secret), escaped, escaped.replaceAll('/', '\\/'), base64].map(lowered);
}

/** In either case: keys are hex, and servers repeat them as they like. */
function without(text: string, form: string): string {
  const plain = lowered(text);
  let shown = '';
  let from = 0;
  for (let at = plain.indexOf(form); at >= 0; at = plain.indexOf(form, from)) {
    shown += text.slice(from, at) + mark;
    from = at + form.length;
  }
  return shown + text.slice(from);
}

/** Of the same length, which not all of Unicode is in lower case. */
function lowered(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
