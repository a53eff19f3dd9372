/**
 * PEM (RFC 7468) as clients really send it: LF or CRLF, with the line breaks lost, turned into blanks or into the two
 * characters \n, with text around it, or just the base64. What comes out is DER or a pemMalformed error.
 */
import { quoted, refuse } from '../domain/errors.ts';

export interface PemBlock {
  readonly label: string;
  readonly der: Buffer;
}

export interface PemExpectation {
  /** What is being read, in the words of a message: `the CSR`. */
  readonly what: string;
  /** Accepted labels: `CERTIFICATE REQUEST`. */
  readonly labels: readonly string[];
}

const begin = '-----BEGIN ';
const dashes = '-----';
/** The labels of RFC 7468 have at most 30. A footer as long as the text would have to be looked for at every place of it. */
const longestLabel = 100;

/** Blanks of all kinds, the byte order mark, and line breaks that were escaped once too often. */
const breaks = /(?:[\s\ufeff]|\\r|\\n)+/g;
const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * The DER of the first block with an accepted label, or of the whole text where it is bare base64.
 * @throws {CertError} pemMalformed
 */
export function decodePem(text: string, { what, labels }: PemExpectation): Buffer {
  if (!text.includes(begin)) return decodeBase64(text, what);
  const seen: string[] = [];
  for (const { label, body } of blocks(text, what)) {
    if (labels.includes(label)) return decodeBase64(body, what);
    if (seen.length < 3) seen.push(label);
  }
  const [found, expected] = [quoted(seen.join(', ')), quoted(labels[0] ?? '')];
  throw refuse('pemMalformed', { what, detail: { fault: 'otherLabel', found, expected } });
}

/**
 * Every block of a file, in its order: a certificate with its chain, a key beside it.
 * @throws {CertError} pemMalformed, also where there is no block at all
 */
export function decodePemBundle(text: string, what: string): PemBlock[] {
  const found: PemBlock[] = [];
  for (const { label, body } of blocks(text, what)) found.push({ label, der: decodeBase64(body, what) });
  if (found.length === 0)
    throw refuse('pemMalformed', { what, detail: { fault: 'lineMissing', line: `${begin}…${dashes}` } });
  return found;
}

/** The PEM of one DER value: lines of 64 characters, LF, a final newline (RFC 7468 §3). */
export function encodePem(label: string, der: Uint8Array): string {
  const text = Buffer.from(der.buffer, der.byteOffset, der.byteLength).toString('base64');
  const lines = [`${begin}${label}${dashes}`];
  for (let start = 0; start < text.length; start += 64) lines.push(text.slice(start, start + 64));
  lines.push(`-----END ${label}${dashes}`, '');
  return lines.join('\n');
}

/** The blocks as text. Only indexOf moves forward, for short texts, so the time is linear in the input whatever it holds. */
function* blocks(text: string, what: string): Generator<{ label: string; body: string }> {
  let position = text.indexOf(begin);
  while (position >= 0) {
    const labelStart = position + begin.length;
    const labelEnd = text.slice(0, labelStart + longestLabel + dashes.length).indexOf(dashes, labelStart);
    if (labelEnd < 0) throw refuse('pemMalformed', { what, detail: { fault: 'beginOpen' } });
    const label = text.slice(labelStart, labelEnd);
    const bodyStart = labelEnd + dashes.length;
    const footer = `-----END ${label}${dashes}`;
    const bodyEnd = text.indexOf(footer, bodyStart);
    if (bodyEnd < 0) throw refuse('pemMalformed', { what, detail: { fault: 'endMissing', line: quoted(footer) } });
    yield { label, body: text.slice(bodyStart, bodyEnd) };
    position = text.indexOf(begin, bodyEnd + footer.length);
  }
}

/** Strict base64 (RFC 4648 §3.3, §3.5) once the breaks are gone. Buffer.from would skip what it does not know. */
function decodeBase64(body: string, what: string): Buffer {
  const text = body.replace(breaks, '');
  if (text === '') throw refuse('pemMalformed', { what, detail: { fault: 'empty' } });
  if (!base64.test(text)) {
    const stranger = /[^A-Za-z0-9+/=]/.exec(text)?.[0];
    if (stranger === undefined) throw refuse('pemMalformed', { what, detail: { fault: 'paddingInside' } });
    throw refuse('pemMalformed', { what, detail: { fault: 'badCharacter', character: quoted(stranger) } });
  }
  if (text.length % 4 !== 0) {
    throw refuse('pemMalformed', { what, detail: { fault: 'badLength', count: text.length } });
  }
  return Buffer.from(text, 'base64');
}
