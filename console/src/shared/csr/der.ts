/** DER as far as a CSR needs it: read one element after the other, and written (X.690). */

export interface Element {
  readonly tag: number;
  readonly content: Uint8Array<ArrayBuffer>;
}

/** The elements that lie one behind the other. @throws {RangeError} where they do not end where they say */
export function elementsOf(bytes: Uint8Array<ArrayBuffer>): readonly Element[] {
  const elements: Element[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const { tag, from, until } = headerAt(bytes, offset);
    elements.push({ tag, content: bytes.subarray(from, until) });
    offset = until;
  }
  return elements;
}

function headerAt(bytes: Uint8Array<ArrayBuffer>, offset: number) {
  const [tag = 0, first = 0] = bytes.subarray(offset, offset + 2);
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const from = offset + 2 + lengthBytes;
  const length = first < 0x80 ? first : bytes.subarray(offset + 2, from).reduce((sum, byte) => sum * 256 + byte, 0);
  const until = from + length;
  if (lengthBytes > 4 || from > bytes.length || until > bytes.length) throw new RangeError('an element is cut off');
  return { tag, from, until };
}

export const tags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
} as const;

export function element(tag: number, ...contents: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = contents.reduce((sum, { length: one }) => sum + one, 0);
  return joined(Uint8Array.of(tag, ...lengthOf(length)), ...contents);
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function lengthOf(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

/** `2.5.29.17` */
export function objectId(text: string): Uint8Array<ArrayBuffer> {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  return element(tags.objectId, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

function base128(value: number): readonly number[] {
  const digits = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift(0x80 | (rest % 128));
  return digits;
}

export function objectIdText(content: Uint8Array): string {
  const values: number[] = [];
  let value = 0;
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    values.push(value);
    value = 0;
  }
  const [first = 0, ...rest] = values;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...rest].join('.');
}

/** A positive integer: without needless zeros in front, and with one where the first bit is set. */
export function positiveInteger(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start === -1 ? Uint8Array.of(0) : bytes.subarray(start);
  return element(tags.integer, (digits[0] ?? 0) >= 0x80 ? joined(Uint8Array.of(0), digits) : digits);
}
