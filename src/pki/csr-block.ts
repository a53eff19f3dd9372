/** Finds the one CSR in a text: between its BEGIN and END lines, however they were bent on the way; or the text itself. */
import { quoted, refuse } from '../domain/errors.ts';
import type { PemFault } from '../domain/messages/faults.ts';
import { holdsPrivateKey } from './csr-private-key.ts';

interface Marker {
  readonly kind: 'BEGIN' | 'END';
  /** Without blanks: `NEWCERTIFICATEREQUEST`. */
  readonly label: string;
  readonly isCsr: boolean;
  /** Of its line, dashes included. */
  readonly start: number;
  readonly end: number;
  readonly dashes: readonly [before: Dashes, after: Dashes];
}

interface Dashes {
  readonly count: number;
  /** A word processor made them, which writes two as one. */
  readonly areTypographic: boolean;
}

const wantedDashes = 5;
const longestRun = 60;
/** The labels of RFC 7468 have at most 30 characters. */
const longestLabel = 100;

/** Blanks are lost, doubled, or + in what was a form. RFC 7468 §7; the others are seen in the field. */
const csrLabel = /^(?:[A-Z0-9]{1,10})?CERTIFICAT(?:E|ION)(?:SIGNING)?REQUEST$|^(?:PKCS#?10|CSR)$/i;
const csrLabelStart =
  /^[\s+_]{0,8}(?:[A-Z0-9]{1,10}[\s+_]{1,8})?(?:NEW)?CERTIFICAT(?:E|ION)[\s+_]{0,8}(?:SIGNING[\s+_]{0,8})?REQUEST/i;
const anyLabelStart = /^[\s+]{0,8}[A-Z0-9][A-Z0-9 +_#./-]{0,98}?(?=\s{0,4}[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d])/i;
const dash = /[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/;
const blank = /[\s+]/;

/**
 * The base64 of the CSR, still as it was written.
 * @throws {CertError} pemMalformed, csrSeveral; csrWithPrivateKey without looking further, and without a word of the key
 */
export function csrBlock(text: string, what: string): string {
  // BR §6.1.2: a key that another party has seen must not be certified.
  if (holdsPrivateKey(text)) throw refuse('csrWithPrivateKey', { what });
  const fail = (detail: PemFault) => refuse('pemMalformed', { what, detail });
  const markers = markersIn(text);
  const begins = markers.filter(({ kind, isCsr }) => kind === 'BEGIN' && isCsr);
  if (begins.length > 1) throw refuse('csrSeveral', { what, count: begins.length });
  const [begin] = begins;
  if (begin === undefined) {
    const [first] = markers;
    if (first === undefined) return text;
    if (first.isCsr) throw fail({ fault: 'lineMissing', line: quoted(csrLine('BEGIN')) });
    const others = markers.filter(({ kind }) => kind === 'BEGIN').slice(0, 3);
    const found = quoted(others.map(({ start, end }) => labelShown(text.slice(start, end))).join(', '));
    throw fail({ fault: 'otherLabel', found, expected: quoted('CERTIFICATE REQUEST') });
  }
  const end = markers[markers.indexOf(begin) + 1];
  const beginFault = dashFault(begin);
  if (beginFault !== undefined) throw fail(beginFault);
  if (end?.kind !== 'END' || !end.isCsr) throw fail({ fault: 'endMissing', line: quoted(csrLine('END')) });
  const endFault = dashFault(end);
  if (endFault !== undefined) throw fail(endFault);
  return text.slice(begin.end, end.start);
}

function csrLine(kind: Marker['kind']): string {
  return `-----${kind} CERTIFICATE REQUEST-----`;
}

function labelShown(line: string): string {
  return line.replace(/^.{0,80}?BEGIN|[^A-Z0-9]{1,80}$/gi, '').trim();
}

function dashFault({ kind, dashes }: Marker): PemFault | undefined {
  const [before, after] = dashes;
  if (isShort(before)) return { fault: 'dashesBefore', line: kind, count: before.count };
  return isShort(after) ? { fault: 'dashesAfter', line: kind, count: after.count } : undefined;
}

function isShort({ count, areTypographic }: Dashes): boolean {
  return count < wantedDashes && !areTypographic;
}

/** The lines that name a block. Words of prose and letters of base64 are none of them: they stand between no dashes. */
function markersIn(text: string): Marker[] {
  const found: Marker[] = [];
  for (const match of text.matchAll(/BEGIN|END/gi)) {
    const marker = markerAt(text, match.index, match[0].length === 5 ? 'BEGIN' : 'END');
    if (marker !== undefined) found.push(marker);
  }
  return found;
}

function markerAt(text: string, at: number, kind: Marker['kind']): Marker | undefined {
  const dashEnd = skip(text, at, { step: -1, over: blank, most: 4 });
  const start = skip(text, dashEnd, { step: -1, over: dash, most: longestRun });
  if (start === dashEnd) return undefined;
  const before = dashesOf(text.slice(start, dashEnd));
  const labelStart = at + kind.length;
  const line = text.slice(labelStart, labelStart + longestLabel);
  const label = (csrLabelStart.exec(line) ?? anyLabelStart.exec(line))?.[0];
  if (label === undefined) return undefined;
  const squashed = label.replace(/[\s+_]+/g, '');
  const isCsr = csrLabel.test(squashed);
  const afterStart = skip(text, labelStart + label.length, { step: 1, over: blank, most: 4 });
  const afterEnd = skip(text, afterStart, { step: 1, over: dash, most: longestRun });
  const after = dashesOf(text.slice(afterStart, afterEnd));
  if (!isCsr && (isShort(before) || isShort(after))) return undefined;
  // Without dashes behind it the base64 begins right after the label.
  const end = after.count === 0 ? labelStart + label.length : afterEnd;
  return { kind, label: squashed, isCsr, start, end, dashes: [before, after] };
}

function dashesOf(text: string): Dashes {
  return { count: text.length, areTypographic: /[^-]/.test(text) };
}

function skip(
  text: string,
  from: number,
  { step, over, most }: { readonly step: 1 | -1; readonly over: RegExp; readonly most: number },
): number {
  let at = from;
  for (let count = 0; count < most; count += 1) {
    const character = text[step === 1 ? at : at - 1];
    if (character === undefined || !over.test(character)) break;
    at += step;
  }
  return at;
}
