/**
 * The bytes of a CSR in what people send: PEM with any label of its family, base64 or base64url, with text around it, as
 * editors, mails, forms and shells leave it. Everything here is linear in the input, whatever it holds.
 */
import { type CertError, quoted, refuse } from '../domain/errors.ts';
import type { PemFault } from '../domain/messages/faults.ts';
import { csrBlock } from './csr-block.ts';
import { hasFormEscapes, unescapedText } from './csr-escapes.ts';
import { framedLength, isFramed } from './der-frame.ts';
import { DerReader } from './der-reader.ts';
import { tag } from './der-tag.ts';
import { textOfBytes } from './text-of-bytes.ts';

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
  return decoded(csrBlock(unescapedText(text), what), { what, wasForm: hasFormEscapes(text) });
}

function decoded(block: string, { what, wasForm }: { readonly what: string; readonly wasForm: boolean }): CsrBytes {
  const body = block.replace(headerLines, '').replace(quoteMarks, '\n').replace(softBreaks, '').trimStart();
  const squashed = body.replace(/\s+/g, '');
  const fault = faultOf(squashed);
  const der = fault === undefined ? bytesOf(squashed) : undefined;
  if (der !== undefined && isFramed(der)) return { der };
  const inner = textInside(der);
  if (inner !== undefined) return csrBytesOf(inner, what);
  // Where the + was escaped, one that was not is a blank.
  const withoutPlus = wasForm ? framedBytesOf(squashed.replaceAll('+', '')) : undefined;
  if (withoutPlus !== undefined) return { der: withoutPlus };
  const guesses = body.includes(' ') ? restored(body) : [];
  if (guesses.length > 0) return { guesses, otherwise: malformed(what, { fault: 'plusLost' }) };
  // Base64 that is right and yet no whole CSR: who reads the DER says where it stops.
  if (der !== undefined) return { der: beginningRight(der, what) };
  throw malformed(what, fault ?? { fault: 'empty' });
}

/** `Comment: …` and the like before the base64 (RFC 1421 §4.4). */
const headerLines = /^(?:\s{0,4}[A-Za-z][A-Za-z0-9-]{0,40}:[^\r\n]{0,1000}[\r\n]+){0,10}/;
/**
 * The text that was made base64 once more, as Kubernetes wants it and `readAsDataURL` makes it of a file. It is shorter by a quarter
 * each time, so that it ends.
 */
function textInside(bytes: Buffer | undefined): string | undefined {
  if (bytes === undefined || bytes[0] === tag.sequence) return undefined;
  const text = textOfBytes(bytes);
  return printable.test(text) && (marked.test(text) || plainBase64.test(text)) ? text : undefined;
}

const printable = /^\ufeff?[\t\r\n -~\u00a0-\uffff]+$/;
const marked = /-BEGIN /i;

/** Bytes that are no SEQUENCE are no DER of a CSR, and must not be taken for the text of one. @throws {CertError} derMalformed */
function beginningRight(der: Buffer, what: string): Buffer {
  if (der[0] !== tag.sequence) new DerReader(der, what).sequence();
  return der;
}

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
  const isWhole = digits.length % 4 !== 1 && (text.length % 4 === 0 || isWholeInside(bytesOf(digits)));
  return isWhole ? undefined : { fault: 'badLength', count: text.length };
}

function isWholeInside(bytes: Buffer): boolean {
  return isFramed(bytes) || textInside(bytes) !== undefined;
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

/** The readings of a text in which some blanks were +, that are whole. Few, since the DER says its length. */
function restored(body: string): Buffer[] {
  const lines = body.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  const [line = ''] = lines;
  const texts =
    lines.length > 1
      ? [0, indentOf(lines), Number.POSITIVE_INFINITY].map((indent) => unindented(lines, indent))
      : endings(line).flatMap((text) => [text, ...rejoinings(text, 1), ...rejoinings(text, 2)]);
  const found: Buffer[] = [];
  for (const text of texts) {
    const der = framedBytesOf(text.replaceAll(' ', '+'));
    if (der !== undefined && !found.some((other) => other.equals(der))) found.push(der);
  }
  return found;
}

/** The line without the blanks that a break before the END line became, of which the first can be a + all the same. Each once. */
function endings(line: string): string[] {
  return [...new Set([line, line.replace(/ $/, ''), line.replace(/ {2}$/, ''), line.trimEnd()])];
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

/** More lengths of a line than fit a text that somebody sent in good faith. */
const mostLengths = 4;

/**
 * The texts without the blanks that line breaks became: one of each, or two of CR and LF. The DER says how many digits there are, so
 * the rest are breaks; and so many breaks have few lengths of a line, all of whose ends are blanks.
 */
function rejoinings(text: string, blanks: 1 | 2): string[] {
  const head = Buffer.from(text.slice(0, 8).replaceAll(' ', '+'), 'base64');
  const digits = Math.ceil((framedLength(head) ?? 0) / 3) * 4;
  const breaks = (text.length - digits) / blanks;
  if (digits === 0 || breaks < 1 || !Number.isInteger(breaks)) return [];
  const found: string[] = [];
  const longest = Math.ceil(digits / breaks) - 1;
  for (let length = Math.ceil(digits / (breaks + 1)); length <= longest && found.length < mostLengths; length += 1) {
    if (length > 0 && areBlank(text, { length, blanks })) found.push(rejoined(text, length, blanks));
  }
  return found;
}

function areBlank(text: string, { length, blanks }: { readonly length: number; readonly blanks: number }): boolean {
  for (let at = length; at < text.length; at += length + blanks) {
    if (text.slice(at, at + blanks).trim() !== '') return false;
  }
  return true;
}

function rejoined(text: string, lineLength: number, blanks: number): string {
  let joined = '';
  for (let at = 0; at < text.length; at += lineLength + blanks) joined += text.slice(at, at + lineLength);
  return joined;
}

function malformed(what: string, detail: PemFault): CertError {
  return refuse('pemMalformed', { what, detail });
}
