/**
 * Names of the DNS: as text (RFC 1035 §5.1, `\.` for a dot inside a label), and as the labels of a message. A label may hold any
 * bytes, so a name from the network that holds a dot or a backslash must not read like another name.
 */
import { isUtf8 } from 'node:buffer';

/** RFC 1035 §2.3.4: with its length bytes and the root's. */
export const maxNameBytes = 255;
export const maxLabelBytes = 63;

/** Lower-cases ASCII only (RFC 4343): Unicode rules would turn the Kelvin sign into a k. */
export function dnsName(text: string): string {
  const bare = text.length > 1 && text.endsWith('.') && !text.endsWith('\\.') ? text.slice(0, -1) : text;
  return bare.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Whether the name fits a DNS message: labels of 1 to 63 bytes, 253 in all (RFC 1035 §2.3.4). */
export function canBeAsked(name: string): boolean {
  return labelsOf(name) !== undefined;
}

/** The labels of a name without its final dot; undefined for a text that is not a name. */
export function labelsOf(name: string): readonly Buffer[] | undefined {
  // Longer than any name, even if each of its bytes were escaped.
  if (name.length > 4 * maxNameBytes) return undefined;
  const texts = name.includes('\\') ? unescapedLabels(name) : name.split('.').map((label) => Buffer.from(label));
  if (texts === undefined) return undefined;
  const bytes = texts.reduce((sum, label) => sum + label.length + 1, 1);
  const isFine = bytes <= maxNameBytes && texts.every(({ length }) => length > 0 && length <= maxLabelBytes);
  return isFine ? texts : undefined;
}

function unescapedLabels(name: string): readonly Buffer[] | undefined {
  const labels: number[][] = [[]];
  const bytes = Buffer.from(name);
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === dot) labels.push([]);
    else if (byte !== backslash) labels.at(-1)?.push(byte);
    else {
      const digits = /^[0-9]{3}$/.exec(bytes.toString('latin1', at + 1, at + 4))?.[0];
      const escaped = digits === undefined ? bytes[at + 1] : Number(digits);
      if (escaped === undefined || escaped > 255) return undefined;
      labels.at(-1)?.push(escaped);
      at += digits === undefined ? 1 : 3;
    }
  }
  return labels.map((label) => Buffer.from(label));
}

const dot = 0x2e;
const backslash = 0x5c;

/** The name of these labels in lower case, without a final dot; `.` for the root. */
export function nameOfLabels(labels: readonly Uint8Array[]): string {
  return labels.length === 0 ? '.' : dnsName(labels.map(labelText).join('.'));
}

/** UTF-8 stays readable: customers write Unicode names into their zones, and must recognize them in what is shown. */
function labelText(label: Uint8Array): string {
  if (label.every((byte) => byte > 0x20 && byte < 0x7f && byte !== dot && byte !== backslash)) {
    return Buffer.from(label.buffer, label.byteOffset, label.length).toString('latin1');
  }
  const isText = isUtf8(label);
  const pieces: Buffer[] = [];
  for (const byte of label) {
    if (byte === dot || byte === backslash) pieces.push(Buffer.from([backslash, byte]));
    else if (byte <= 0x20 || byte === 0x7f || (byte > 0x7f && !isText)) {
      pieces.push(Buffer.from(`\\${String(byte).padStart(3, '0')}`));
    } else pieces.push(Buffer.from([byte]));
  }
  return Buffer.concat(pieces).toString('utf8');
}
