/**
 * The bytes of a CSR in what people send: PEM with any label of its family, base64 or base64url, with text around it, as
 * editors, mails, forms and shells leave it. Everything here is linear in the input, whatever it holds.
 */
import { type CertError, quoted, refuse } from '../domain/errors.ts';
import type { PemFault } from '../domain/messages/faults.ts';
import { csrBlock } from './csr-block.ts';
import { isFramed } from './der-frame.ts';

/**
 * Bytes that are all there is to read, or guesses: a form may have turned every `+` into a blank, and which blanks those were is
 * known only when the signature verifies. `otherwise` is what is wrong where none of them does.
 */
export type CsrBytes =
  | { readonly der: Buffer }
  | { readonly guesses: readonly Buffer[]; readonly otherwise: CertError };

/** Nothing but one block, as OpenSSL and everybody else writes it, whatever its line breaks. No character fits two of its parts. */
const plainBlock =
  /^-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/\r\n]+(?:={1,2}[\r\n]*)?)-----END (?:NEW )?CERTIFICATE REQUEST-----[\r\n]*$/;
const plainBase64 = /^[A-Za-z0-9+/\r\n]+(?:={1,2}[\r\n]*)?$/;

/** @param what what is read, in the words of a message: `the CSR`, a field. @throws {CertError} pemMalformed, csrWithPrivateKey, csrSeveral */
export function csrBytesOf(text: string, what: string): CsrBytes {
  // The usual case, which placing an order waits for: one look over the text, one decoding.
  const plain = plainBlock.exec(text)?.[1] ?? (plainBase64.test(text) ? text : undefined);
  if (plain !== undefined) {
    const der = Buffer.from(plain, 'base64');
    if (isFramed(der)) return { der };
  }
  const clean = unescaped(text.replace(invisible, '')).replaceAll('\u00a0', ' ');
  return decoded(csrBlock(clean, what), { what, wasForm: formEscape.test(text) });
}

/** What no editor shows: byte order marks, zero-width characters, soft hyphens, and the zeros of UTF-16 that was read byte by byte. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the zeros are meant
const invisible = /^[\ufffd\u00fe\u00ff]{1,2}(?=[\0-])|[\0\u001a\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+/g;

const formEscape = /%(?:2[Bb0FfDd]|3[Dd]|0[AaDd])/;

/** What is written as an escape in JSON, shells and forms; anything else stays as it is, for the message that quotes it. */
const escapes = /%([0-9A-Fa-f]{2})|\\+(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([rnt/])|((?=[\r\n]))|)/g;
const escapable = new Set('+/=- _>\t\r\n');
const letterEscapes: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', '/': '/' };

type Captured = string | undefined;

function unescaped(text: string): string {
  if (!text.includes('%') && !text.includes('\\')) return text;
  return text.replace(
    escapes,
    (whole: string, percent: Captured, unicode: Captured, hex: Captured, letter: Captured, lineEnd: Captured) => {
      // A backslash at the end of a line continues it.
      if (lineEnd !== undefined) return '';
      if (letter !== undefined) return letterEscapes[letter] ?? whole;
      const character = String.fromCharCode(Number.parseInt(percent ?? unicode ?? hex ?? '0', 16));
      return escapable.has(character) ? character : whole;
    },
  );
}

function decoded(block: string, { what, wasForm }: { readonly what: string; readonly wasForm: boolean }): CsrBytes {
  const body = block.replace(headerLines, '').replace(quoteMarks, '\n').replace(softBreaks, '').trim();
  const squashed = body.replace(/\s+/g, '');
  const fault = faultOf(squashed);
  const der = fault === undefined ? bytesOf(squashed) : undefined;
  if (der !== undefined && isFramed(der)) return { der };
  // Where the + was escaped, one that was not is a blank.
  const withoutPlus = wasForm ? framedBytesOf(squashed.replaceAll('+', '')) : undefined;
  if (withoutPlus !== undefined) return { der: withoutPlus };
  const guesses = /[^\s] +[^\s]/.test(body) ? restored(body) : [];
  if (guesses.length > 0) return { guesses, otherwise: malformed(what, { fault: 'plusLost' }) };
  // Base64 that is right and yet no whole CSR: who reads the DER says where it stops.
  if (der !== undefined) return { der };
  throw malformed(what, fault ?? { fault: 'empty' });
}

/** `Comment: …` and the like before the base64 (RFC 1421 §4.4). */
const headerLines = /^(?:\s{0,4}[A-Za-z][A-Za-z0-9-]{0,40}:[^\r\n]{0,1000}[\r\n]+){0,10}/;
/** Marks that mail programs put before a line that they quote. */
const quoteMarks = /[\r\n][ \t]*[>|][ \t>|]*/g;

/** Mail writes = as =3D, and breaks long lines at another = (RFC 2045 §6.7). */
const softBreaks = /(?<==)3[Dd]|=\r?\n(?=[A-Za-z0-9+/])/g;

const strange = /[^A-Za-z0-9+/_=-]/u;

function faultOf(text: string): PemFault | undefined {
  const character = strange.exec(text)?.[0];
  if (character !== undefined) return { fault: 'badCharacter', character: quoted(character) };
  const digits = withoutPadding(text);
  if (digits === '') return { fault: 'empty' };
  if (digits.includes('=')) return { fault: 'paddingInside' };
  // One digit alone is no byte. Fewer = than there should be, or more, change nothing (RFC 4648 §3.2).
  const isWhole = digits.length % 4 !== 1 && (text.length % 4 === 0 || isFramed(bytesOf(digits)));
  return isWhole ? undefined : { fault: 'badLength', count: text.length };
}

/** Not by a regular expression, which would look at every `=` of many as a beginning. */
function withoutPadding(text: string): string {
  let end = text.length;
  while (text[end - 1] === '=') end -= 1;
  return text.slice(0, end);
}

/** Both alphabets of RFC 4648: Buffer reads - and _ as + and /. */
function bytesOf(digits: string): Buffer {
  return Buffer.from(digits, 'base64');
}

function framedBytesOf(text: string): Buffer | undefined {
  if (faultOf(text) !== undefined) return undefined;
  const der = bytesOf(text);
  return isFramed(der) ? der : undefined;
}

/** Lengths of a line that programs write: 64 (RFC 7468), 76 (RFC 2045). */
const lineLengths = [64, 76] as const;

/** The readings of a text in which some blanks were +, that are whole. Few, since the DER says its length. */
function restored(body: string): Buffer[] {
  const lines = body.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  const [line = ''] = lines;
  const texts =
    lines.length > 1
      ? [0, indentOf(lines), Number.POSITIVE_INFINITY].map((indent) => unindented(lines, indent))
      : [line, ...lineLengths.flatMap((length) => [1, 2].map((blanks) => rejoined(line, length, blanks)))];
  const found: Buffer[] = [];
  for (const text of texts) {
    const der = framedBytesOf(text.replaceAll(' ', '+'));
    if (der !== undefined && !found.some((other) => other.equals(der))) found.push(der);
  }
  return found;
}

/** Blanks in front of every line but the first, which stands behind the BEGIN line or alone. */
function indentOf(lines: readonly string[]): number {
  return Math.min(...lines.slice(1, 3).map((line) => line.length - line.trimStart().length));
}

/** The lines without the blanks in front, at most so many; with Infinity those at the end do not count either. */
function unindented(lines: readonly string[], indent: number): string {
  const parts = lines.map((line) => {
    const start = line.trimStart();
    return indent === Number.POSITIVE_INFINITY
      ? start.trimEnd()
      : line.slice(Math.min(indent, line.length - start.length));
  });
  return parts.join('');
}

/** The text without the blanks that its line breaks became: one or two, CR and LF, after so many characters. */
function rejoined(text: string, lineLength: number, blanks: number): string {
  let joined = '';
  for (let at = 0; at < text.length; at += lineLength + blanks) joined += text.slice(at, at + lineLength);
  return joined;
}

function malformed(what: string, detail: PemFault): CertError {
  return refuse('pemMalformed', { what, detail });
}
