/**
 * JSON as the vendor's document prints it and as people copy it from there: a comma missing or too many, typographic
 * quotes, line breaks inside texts. Only used for text that a real JSON parser has refused. One pass, linear in the text.
 */
import { refuse } from '../../domain/errors.ts';

const opening = /["“”„＂]/;
/** Characters between tokens: blanks of all kinds, which word processors bring along, and byte order marks. */
const blanks = /[\s\ufeff]*/y;
const separators = /[\s\ufeff,，]*/y;
/** `01` is no number, and so neither a 0 nor a 1 that somebody wrote (RFC 8259 §6). */
const scalar = /-?(?:0|[1-9]\d*)(?!\d)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const plain = { '"': /[^"\\]*/y, other: /[^"“”„＂\\]*/y } as const;
const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
/** Requests are one object with a list in it. */
const maxDepth = 4;
/** Its lists hold five names. */
const maxValues = 1000;

/**
 * The members of an object. Of a repeated key the last one counts.
 * @throws {CertError} jsonTooManyValues; malformedJson, with the place and nothing of the text, which may hold a secret
 */
export function parseTolerantly(text: string): Readonly<Record<string, unknown>> {
  let at = 0;
  let values = 0;

  function skip(pattern: RegExp): string {
    pattern.lastIndex = at;
    const [found = ''] = pattern.exec(text) ?? [];
    at += found.length;
    return found;
  }

  function fail(): never {
    throw refuse('malformedJson', {
      detail: at < text.length ? `unexpected character at position ${at}` : 'unexpected end',
    });
  }

  function readString(): string {
    const quote = text.charAt(at);
    if (!opening.test(quote)) fail();
    at++;
    // Between straight quotes a typographic one is text; between typographic ones either kind ends it.
    const rest = quote === '"' ? plain['"'] : plain.other;
    let value = skip(rest);
    while (text.charAt(at) === '\\') {
      value += readEscape();
      value += skip(rest);
    }
    if (at >= text.length) fail();
    at++;
    return value;
  }

  function readEscape(): string {
    const letter = text.charAt(at + 1);
    if (letter === 'u') {
      const digits = text.slice(at + 2, at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) fail();
      at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    if (letter === '') fail();
    at += 2;
    return escapes[letter] ?? letter;
  }

  function readValue(depth: number): unknown {
    if (depth > maxDepth) fail();
    if (++values > maxValues) throw refuse('jsonTooManyValues', { field: 'body', limit: maxValues });
    const first = text.charAt(at);
    if (first === '{') return readObject(depth);
    if (first === '[') return readList(depth);
    if (opening.test(first)) return readString();
    const word = skip(scalar);
    return word === '' ? fail() : (JSON.parse(word) as unknown);
  }

  function readList(depth: number): unknown[] {
    at++;
    const items: unknown[] = [];
    for (skip(separators); text.charAt(at) !== ']'; skip(separators)) items.push(readValue(depth + 1));
    at++;
    return items;
  }

  function readObject(depth: number): Readonly<Record<string, unknown>> {
    at++;
    const members: [string, unknown][] = [];
    for (skip(separators); text.charAt(at) !== '}'; skip(separators)) {
      const key = readString();
      skip(blanks);
      if (!/[:：]/.test(text.charAt(at))) fail();
      at++;
      skip(blanks);
      members.push([key, readValue(depth + 1)]);
    }
    at++;
    return Object.fromEntries(members);
  }

  skip(blanks);
  if (text.charAt(at) !== '{') fail();
  const value = readObject(0);
  skip(blanks);
  return at < text.length ? fail() : value;
}
