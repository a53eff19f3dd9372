/** The many string types of ASN.1, as text (X.680 §41, RFC 5280 §4.1.2.4). */
import { isUtf8 } from 'node:buffer';
import type { DerReader } from './der-reader.ts';
import { tag } from './der-tag.ts';

/**
 * Reads any directory string. PrintableString is read with whatever characters it holds, because wildcards and @ stand
 * in it every day; TeletexString and the others of its time are read as Latin-1, which is what their writers meant.
 */
export function readText(reader: DerReader): string {
  const start = reader.offset;
  const kind = reader.peek();
  switch (kind) {
    case tag.utf8String: {
      const bytes = reader.content(kind);
      if (!isUtf8(bytes)) throw reader.malformed({ fault: 'notUtf8' }, start);
      return bytes.toString('utf8');
    }
    case tag.printableString:
    case tag.ia5String:
    case tag.visibleString:
    case tag.numericString:
    case tag.teletexString:
    case tag.videotexString:
    case tag.graphicString:
    case tag.generalString:
      return reader.content(kind).toString('latin1');
    case tag.bmpString:
      return fromUnits(reader, reader.content(kind), 2, start);
    case tag.universalString:
      return fromUnits(reader, reader.content(kind), 4, start);
    default:
      throw reader.malformed({ fault: 'stringMissing' }, start);
  }
}

/** Big-endian UCS-2 or UCS-4. */
function fromUnits(reader: DerReader, bytes: Buffer, unitBytes: 2 | 4, start: number): string {
  if (bytes.length % unitBytes !== 0) throw reader.malformed({ fault: 'stringCutOff', length: bytes.length }, start);
  let text = '';
  for (let offset = 0; offset < bytes.length; offset += unitBytes) {
    const code = bytes.readUIntBE(offset, unitBytes);
    if (code > 0x10ffff) throw reader.malformed({ fault: 'noCharacter' }, start + offset);
    text += unitBytes === 2 ? String.fromCharCode(code) : String.fromCodePoint(code);
  }
  return text;
}

/** The characters of PrintableString (X.680 §41.4). */
export function isPrintable(text: string): boolean {
  return /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text);
}

/** Text that could move the cursor or break a line of a listing, made visible: subjects are written by strangers. */
export function visibleText(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The octets as a message can show them, without choosing a charset: `"b\xfccher.example"`. */
export function octetsText(octets: Buffer): string {
  const shown = [...octets.subarray(0, longestShown)].map((octet) =>
    octet > 0x20 && octet < 0x7f ? String.fromCharCode(octet) : `\\x${octet.toString(16).padStart(2, '0')}`,
  );
  return `"${shown.join('')}${octets.length > longestShown ? '…' : ''}"`;
}

const longestShown = 80;
