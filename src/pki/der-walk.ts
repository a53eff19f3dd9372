/** Whether bytes are DER at all, whatever they are about: what a message may say of them depends on it. */

/** As deep as `DerReader` goes. */
const maxDepth = 24;

/**
 * Reports whether the bytes are one element whose headers, and those of all elements inside, are as X.690 §10.1 has them. Values are
 * not looked at.
 */
export function isDer(bytes: Uint8Array): boolean {
  return elementEnd(bytes, { at: 0, end: bytes.length, depth: 0 }) === bytes.length;
}

interface Place {
  readonly at: number;
  readonly end: number;
  readonly depth: number;
}

/** Where the element ends; undefined for none that is DER. */
function elementEnd(bytes: Uint8Array, { at, end, depth }: Place): number | undefined {
  const first = at < end ? bytes[at] : undefined;
  if (first === undefined || depth > maxDepth) return undefined;
  let next = at + 1;
  if ((first & 0x1f) === 0x1f) {
    while (next < end && (bytes[next] ?? 0) >= 0x80) next += 1;
    next += 1;
  }
  const header = lengthAt(bytes, next, end);
  if (header === undefined) return undefined;
  const stop = header.content + header.length;
  if (stop > end) return undefined;
  const isConstructed = (first & 0x20) !== 0;
  if (!isConstructed) return stop;
  let inside: number | undefined = header.content;
  while (inside !== undefined && inside < stop) inside = elementEnd(bytes, { at: inside, end: stop, depth: depth + 1 });
  return inside;
}

function lengthAt(bytes: Uint8Array, at: number, end: number): { content: number; length: number } | undefined {
  const first = at < end ? bytes[at] : undefined;
  if (first === undefined) return undefined;
  if (first < 0x80) return { content: at + 1, length: first };
  const octets = first & 0x7f;
  if (octets === 0 || octets > 4 || at + 1 + octets > end) return undefined;
  let length = 0;
  for (let i = 1; i <= octets; i += 1) length = length * 256 + (bytes[at + i] ?? 0);
  const isMinimal = length >= 0x80 && length >= 256 ** (octets - 1);
  return isMinimal ? { content: at + 1 + octets, length } : undefined;
}
