/** The outside of DER, for who must know whether it is whole before it is read. */
import { tag } from './der-tag.ts';

/** Reports whether the bytes are one SEQUENCE from the first to the last, however its length is written. */
export function isFramed(bytes: Uint8Array): boolean {
  return framedLength(bytes) === bytes.length;
}

/** The length of the SEQUENCE that the bytes begin with, header included; undefined where they begin with none. */
export function framedLength(bytes: Uint8Array): number | undefined {
  const [first, second] = bytes;
  if (first !== tag.sequence || second === undefined) return undefined;
  if (second < 0x80) return 2 + second;
  const octets = second & 0x7f;
  // Indefinite (BER): two zeros end it, which only the reader inside finds.
  if (octets === 0) return bytes.at(-1) === 0 && bytes.at(-2) === 0 ? bytes.length : undefined;
  if (octets > 4 || bytes.length < 2 + octets) return undefined;
  let length = 0;
  for (let i = 0; i < octets; i += 1) length = length * 256 + (bytes[2 + i] ?? 0);
  return 2 + octets + length;
}

/** The bytes without what editors and old file systems add behind DER: line breaks, an end-of-file sign, zeros. */
export function withoutFill(bytes: Buffer): Buffer {
  const length = framedLength(bytes) ?? bytes.length;
  return bytes.subarray(length).every((byte) => fill.has(byte)) ? bytes.subarray(0, length) : bytes;
}

const fill: ReadonlySet<number> = new Set([0, 0x0a, 0x0d, 0x1a]);
