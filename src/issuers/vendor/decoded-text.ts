/** A text as its reader sees it, with one layer of escapes taken off, and where in the original each character stands. */

export interface ReadText {
  readonly characters: string;
  /** By UTF-16 unit, its place in the original, and last the length of the original. */
  readonly places: readonly number[];
}

/** Bounded, so that each takes one pass (RFC 3986 §2.1, RFC 8259 §7, HTML's character references). */
const percent = /%([0-9a-f]{2})/iy;
const jsonUnit = /\\u([0-9a-f]{4})/iy;
const jsonEscape = /\\(["'/\\])/y;
const entity = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/iy;
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** @returns of a text as it is read first, itself; of one that was read, the next layer, or undefined where there is none */
export function decoded(text: string): ReadText;
export function decoded(text: ReadText): ReadText | undefined;
export function decoded(text: string | ReadText): ReadText | undefined {
  if (typeof text === 'string')
    return { characters: text, places: Array.from({ length: text.length + 1 }, (_, at) => at) };
  const { characters, places } = text;
  const parts: string[] = [];
  const kept: number[] = [];
  let isChanged = false;
  let at = 0;
  while (at < characters.length) {
    const taken = escapeAt(characters, at);
    const shown = taken?.shown ?? characters.charAt(at);
    for (let unit = 0; unit < shown.length; unit++) kept.push(places[at] ?? 0);
    parts.push(shown);
    isChanged ||= taken !== undefined;
    at += taken?.length ?? 1;
  }
  return isChanged ? { characters: parts.join(''), places: [...kept, places.at(-1) ?? 0] } : undefined;
}

/** Letters in one case, and the blank of a form as a blank; of the same length. */
export function plainly(text: string): string {
  return text.replaceAll('+', ' ').replaceAll(/[A-Z\u00c0-\u00de]/g, (letter) => letter.toLowerCase());
}

interface Escape {
  readonly shown: string;
  readonly length: number;
}

function escapeAt(text: string, at: number): Escape | undefined {
  const first = text[at];
  if (first === '%') return percentAt(text, at);
  if (first === '&') {
    const found = matchAt(entity, text, at);
    if (found === undefined) return undefined;
    const [whole, decimal, hex, name = ''] = found;
    const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    const shown = Number.isNaN(point) ? named[name.toLowerCase()] : characterOf(point);
    return shown === undefined ? undefined : { shown, length: whole.length };
  }
  if (first !== '\\') return undefined;
  const unit = matchAt(jsonUnit, text, at);
  if (unit !== undefined) return { shown: String.fromCharCode(Number.parseInt(unit[1] ?? '', 16)), length: 6 };
  const escaped = matchAt(jsonEscape, text, at)?.[1];
  return escaped === undefined ? undefined : { shown: escaped, length: 2 };
}

/** A whole character of UTF-8, or the byte alone where it is none. */
function percentAt(text: string, at: number): Escape | undefined {
  const bytes: number[] = [];
  for (let next = at; bytes.length < 4; next += 3) {
    const byte = matchAt(percent, text, next)?.[1];
    if (byte === undefined) break;
    bytes.push(Number.parseInt(byte, 16));
  }
  const [first] = bytes;
  if (first === undefined) return undefined;
  const count = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const shown = new TextDecoder().decode(Uint8Array.from(bytes.slice(0, count)));
  return { shown, length: Math.min(count, bytes.length) * 3 };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function characterOf(point: number): string | undefined {
  return point <= 0x10ffff ? String.fromCodePoint(point) : undefined;
}
