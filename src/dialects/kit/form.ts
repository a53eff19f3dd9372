/**
 * `application/x-www-form-urlencoded`, in bodies and in queries. `URLSearchParams` needs a second for a megabyte of `+`, and
 * keeps as many fields as there are; this is linear and has a limit.
 */
import { refuse } from '../../domain/errors.ts';

export type FormEntries = readonly (readonly [key: string, value: string])[];

/** An order of 250 names whose names are fields of their own has a thousand. */
export const maxFormFields = 2000;

/**
 * Every field, in order, keys as often as they were sent. What is no percent-encoding stays as it is; bytes that are no UTF-8
 * become U+FFFD (WHATWG URL §5.1).
 * @throws {CertError} tooManyFields
 */
export function parseForm(text: string): FormEntries {
  const entries: (readonly [string, string])[] = [];
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('&', start);
    const end = found < 0 ? text.length : found;
    if (end > start) {
      if (entries.length === maxFormFields) throw refuse('tooManyFields', { limit: maxFormFields });
      entries.push(pairOf(text.slice(start, end)));
    }
    start = end + 1;
  }
  return entries;
}

/** The fields of a URL's query. @throws {CertError} tooManyFields */
export function queryEntries(url: string): FormEntries {
  const start = url.indexOf('?');
  if (start < 0) return [];
  const end = url.indexOf('#', start);
  return parseForm(url.slice(start + 1, end < 0 ? undefined : end));
}

function pairOf(pair: string): readonly [string, string] {
  const at = pair.indexOf('=');
  return at < 0 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
}

/** Works in one pass over the bytes: one pass for each replacement, as string methods do, takes a hundred times as long. */
function decode(text: string): string {
  if (!text.includes('+') && !text.includes('%')) return text;
  const bytes = Buffer.from(text);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const value = byte === percent ? 16 * digitAt(bytes, at + 1) + digitAt(bytes, at + 2) : Number.NaN;
    if (Number.isNaN(value)) bytes[length++] = byte === plus ? blank : byte;
    else {
      bytes[length++] = value;
      at += 2;
    }
  }
  return bytes.toString('utf8', 0, length);
}

const [plus, blank, percent] = [0x2b, 0x20, 0x25];

/** The value of a hexadecimal digit; NaN for anything else. */
function digitAt(bytes: Buffer, at: number): number {
  const byte = bytes[at] ?? 0;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : Number.NaN;
}
