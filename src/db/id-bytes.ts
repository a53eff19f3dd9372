/**
 * Ids as columns hold them. The domain's text, a prefix and 26 characters, is 16 bytes; a column that holds ids of several nouns has
 * a byte more that tells the noun. Any other text is kept as it is behind a zero, with which no id begins (its first bytes are the
 * time), so that what was written is read back, and what is not an id is found to be nobody's.
 */
import { alphabet, type Id, type Noun, prefixOf } from '../domain/ids.ts';

/** How a text stands in a column of bytes. */
export interface TextForm {
  readonly toBytes: (text: string) => Uint8Array;
  readonly toText: (bytes: Uint8Array) => string;
}

/** Characters of the 128 bits, of which the last fills up with two zeros. */
const length = 26;
const notInAlphabet = 32;
const bitsOf = new Uint8Array(128).fill(notInAlphabet);
for (let value = 0; value < alphabet.length; value++) bitsOf[alphabet.charCodeAt(value)] = value;

/** Two characters for every ten bits. */
const pairs: readonly string[] = Array.from(
  { length: 1024 },
  (_, bits) => `${alphabet[bits >> 5]}${alphabet[bits & 31]}`,
);

const utf8 = { encoder: new TextEncoder(), decoder: new TextDecoder('utf-8', { ignoreBOM: true }) };

/** The form of texts that are bytes in lower-case hex as a rule: serials, hashes, keys of requests. */
export const hexForm: TextForm = {
  toBytes(text) {
    const isHex = text.length > 0 && text.length % 2 === 0 && !text.startsWith('00') && /^[0-9a-f]+$/.test(text);
    return isHex ? Uint8Array.fromHex(text) : otherBytes(text);
  },
  toText: (bytes) => (bytes[0] === 0 ? otherText(bytes) : bytes.toHex()),
};

const idForms = new Map<Noun, TextForm>();

/** The form of ids of one noun. */
export function idForm(noun: Noun): TextForm {
  const form = idForms.get(noun) ?? newIdForm(noun);
  idForms.set(noun, form);
  return form;
}

function newIdForm(noun: Noun): TextForm {
  const prefix = `${prefixOf(noun)}_`;
  const whole = prefix.length + length;
  return {
    toBytes(text) {
      if (text.length !== whole || !text.startsWith(prefix)) return otherBytes(text);
      const bytes = new Uint8Array(16);
      return readBase32(text, prefix.length, bytes, 0) ? bytes : otherBytes(text);
    },
    toText: (bytes) => (bytes[0] === 0 ? otherText(bytes) : prefix + writeBase32(bytes, 0)),
  };
}

/** The highest of all that there can be, where a page begins at the newest. */
export function lastId<N extends Noun>(noun: N): Id<N> {
  return `${prefixOf(noun)}_${'z'.repeat(length - 1)}w` as Id<N>;
}

/** Stands for the noun in a column of several. Never changes: it is in the database. */
const tags = {
  order: 1,
  issuance: 2,
  certificate: 3,
  account: 4,
  user: 5,
  credential: 6,
  userSession: 7,
  product: 8,
  approval: 9,
  acmeOrder: 10,
  authorization: 11,
  confirmation: 12,
  authority: 13,
  event: 14,
  ledgerEntry: 15,
  job: 16,
  delivery: 17,
  organization: 18,
  container: 19,
  customField: 20,
  managedDomain: 21,
  webhook: 22,
  externalAccountKey: 23,
  note: 24,
  expiryReminder: 25,
  roleGrant: 26,
  invitation: 27,
  upstreamExchange: 28,
  orderShare: 29,
} as const satisfies Record<Noun, number>;

const tagsByPrefix: ReadonlyMap<string, number> = new Map(
  Object.entries(tags).map(([noun, tag]) => [prefixOf(noun as Noun), tag]),
);
const prefixesByTag: ReadonlyMap<number, string> = new Map([...tagsByPrefix].map(([prefix, tag]) => [tag, prefix]));

/** The form of ids of any noun, and of other texts that stand beside them: `system`, an operator's own word. */
export const anyIdForm: TextForm = {
  toBytes(text) {
    const start = text.length - length;
    const tag = text[start - 1] === '_' ? tagsByPrefix.get(text.slice(0, start - 1)) : undefined;
    if (tag === undefined) return otherBytes(text);
    const bytes = new Uint8Array(17);
    bytes[0] = tag;
    return readBase32(text, start, bytes, 1) ? bytes : otherBytes(text);
  },
  toText(bytes) {
    const prefix = prefixesByTag.get(bytes[0] ?? 0);
    return prefix === undefined ? otherText(bytes) : `${prefix}_${writeBase32(bytes, 1)}`;
  },
};

/** @returns false where the text is not what `writeBase32` would make of the bytes, or they would begin with a zero */
function readBase32(text: string, from: number, bytes: Uint8Array, to: number): boolean {
  let seen = 0;
  const next = (at: number): number => {
    const value = bitsOf[text.charCodeAt(at)] ?? notInAlphabet;
    seen |= value;
    return value;
  };
  for (let group = 0; group < 3; group++) {
    const at = from + group * 8;
    const high = (next(at) << 15) | (next(at + 1) << 10) | (next(at + 2) << 5) | next(at + 3);
    const low = (next(at + 4) << 15) | (next(at + 5) << 10) | (next(at + 6) << 5) | next(at + 7);
    const byte = to + group * 5;
    bytes[byte] = high >> 12;
    bytes[byte + 1] = high >> 4;
    bytes[byte + 2] = (high << 4) | (low >> 16);
    bytes[byte + 3] = low >> 8;
    bytes[byte + 4] = low;
  }
  const last = (next(from + 24) << 5) | next(from + 25);
  bytes[to + 15] = last >> 2;
  return seen < notInAlphabet && (last & 3) === 0 && bytes[to] !== 0;
}

function writeBase32(bytes: Uint8Array, from: number): string {
  let text = '';
  for (let at = from; at < from + 15; at += 5) {
    const high = (byteAt(bytes, at) << 12) | (byteAt(bytes, at + 1) << 4) | (byteAt(bytes, at + 2) >> 4);
    const low = ((byteAt(bytes, at + 2) & 15) << 16) | (byteAt(bytes, at + 3) << 8) | byteAt(bytes, at + 4);
    text += pairAt(high >> 10) + pairAt(high & 1023) + pairAt(low >> 10) + pairAt(low & 1023);
  }
  return text + pairAt(byteAt(bytes, from + 15) << 2);
}

const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;
const pairAt = (bits: number): string => pairs[bits] ?? '';

function otherBytes(text: string): Uint8Array {
  const encoded = utf8.encoder.encode(text);
  const bytes = new Uint8Array(encoded.length + 1);
  bytes.set(encoded, 1);
  return bytes;
}

function otherText(bytes: Uint8Array): string {
  return utf8.decoder.decode(bytes.subarray(1));
}
