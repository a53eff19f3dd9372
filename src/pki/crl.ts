/** Certificate revocation lists, version 2 (RFC 5280 §5, BR §7.2): written fast for very many entries. */
import { tag } from './der-tag.ts';
import {
  bitString,
  context,
  element,
  encodeTime,
  headerSize,
  sequence,
  smallInteger,
  timeSize,
  writeHeader,
  writeTime,
} from './der-writer.ts';
import { authorityKeyIdentifier, extension, issuingDistributionPoint } from './extension.ts';
import { oids } from './oid.ts';
import { algorithmIdentifier, type SignatureAlgorithm } from './signature.ts';

/** RFC 5280 §5.3.1. Number 7 is not used. */
export const crlReasons = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  removeFromCRL: 8,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const;

export type CrlReason = keyof typeof crlReasons;

export interface CrlEntry {
  /** The magnitude of the serial number, big-endian. */
  readonly serial: Uint8Array;
  readonly revokedAt: Date;
  readonly reason: CrlReason;
}

export interface CrlInput {
  readonly issuerName: Uint8Array;
  readonly issuerKeyId: Uint8Array;
  readonly signatureAlgorithm: SignatureAlgorithm;
  /** Must grow with every CRL of this issuer (RFC 5280 §5.2.3). */
  readonly number: number;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  /** All of them, or pieces that `encodeCrlEntries` made: of very many, so that no more than some are encoded at once. */
  readonly entries: readonly CrlEntry[] | { readonly encoded: readonly Uint8Array[] };
  /** For a CRL that covers only the certificates that point to this URL (a shard); absent for one that covers all. */
  readonly shardUrl?: string;
}

/** The TBSCertList to sign, but for its entries: what stands before them, and behind them. */
export interface CrlFrame {
  readonly before: Buffer;
  readonly after: Buffer;
}

/** The whole TBSCertList, of a list of which all entries are at hand. */
export function crlTbs({ entries, ...input }: CrlInput): Buffer {
  const encoded = 'encoded' in entries ? entries.encoded : [encodeCrlEntries(entries)];
  const { before, after } = crlFrame(input, sizeOf(encoded));
  return Buffer.concat([before, ...encoded, after]);
}

export function crlFrame(input: Omit<CrlInput, 'entries'>, entriesSize: number): CrlFrame {
  const extensions = [
    authorityKeyIdentifier(input.issuerKeyId),
    extension(oids.crlNumber, false, smallInteger(input.number)),
    // A shard holds leaves only: CA certificates are on the issuer's full list (BR §7.2.2.1).
    ...(input.shardUrl === undefined ? [] : [issuingDistributionPoint(input.shardUrl, true)]),
  ];
  const fields = [
    smallInteger(1),
    algorithmIdentifier(input.signatureAlgorithm),
    input.issuerName,
    encodeTime(input.thisUpdate),
    encodeTime(input.nextUpdate),
    // RFC 5280 §5.1.2.6: no empty list.
    ...(entriesSize > 0 ? [header(entriesSize)] : []),
  ];
  const after = context(0, [sequence(extensions)]);
  return { before: Buffer.concat([header(sizeOf(fields) + entriesSize + after.length), ...fields]), after };
}

/** The CertificateList around the same entries, as DER. */
export function signedCrlFrame(
  { before, after }: CrlFrame,
  signed: { readonly algorithm: SignatureAlgorithm; readonly signature: Uint8Array; readonly entriesSize: number },
): { readonly head: Buffer; readonly tail: Buffer } {
  const tail = Buffer.concat([after, algorithmIdentifier(signed.algorithm), bitString(signed.signature)]);
  return { head: Buffer.concat([header(before.length + signed.entriesSize + tail.length), before]), tail };
}

/** Tag and length of a SEQUENCE whose content comes in pieces. */
function header(size: number): Buffer {
  const out = Buffer.allocUnsafe(headerSize(size));
  writeHeader(out, 0, tag.sequence, size);
  return out;
}

function sizeOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((size, { length }) => size + length, 0);
}

/** crlEntryExtensions with the reason code; nothing for unspecified, which must be left out (RFC 5280 §5.3.1). */
const reasonExtensions: ReadonlyMap<string, Buffer> = new Map(
  Object.entries(crlReasons).map(([reason, code]): [string, Buffer] => {
    if (code === 0) return [reason, Buffer.alloc(0)];
    return [reason, sequence([extension(oids.reasonCode, false, element(tag.enumerated, [Uint8Array.of(code)]))])];
  }),
);

/** The entries one behind the other, a piece of the list. One pass for the size and one for the bytes. */
export function encodeCrlEntries(entries: readonly CrlEntry[]): Buffer {
  let length = 0;
  for (const entry of entries) length += 2 + entrySize(entry);
  const out = Buffer.allocUnsafe(length);
  let offset = 0;
  for (const entry of entries) offset = writeEntry(out, offset, entry);
  return out;
}

/** The entries with those of the same serials replaced; the others stay as they are. Entries of no serial in there are left out. */
export function replaceCrlEntries(encoded: Uint8Array, entries: readonly CrlEntry[]): Buffer {
  const bySerial = new Map(entries.map((entry) => [Buffer.from(entry.serial).toString('hex'), entry]));
  const parts: Uint8Array[] = [];
  let kept = 0;
  for (let start = 0; start < encoded.length; ) {
    // As `writeEntry` writes it: two bytes of header, then the INTEGER with two of its own.
    const end = start + 2 + (encoded[start + 1] ?? 0);
    const serial = encoded.subarray(start + 4, start + 4 + (encoded[start + 3] ?? 0));
    const entry = bySerial.get(
      Buffer.from(serial[0] === 0 && serial.length > 1 ? serial.subarray(1) : serial).toString('hex'),
    );
    if (entry !== undefined) {
      parts.push(encoded.subarray(kept, start), encodeCrlEntries([entry]));
      kept = end;
    }
    start = end;
  }
  return Buffer.concat([...parts, encoded.subarray(kept)]);
}

/** Content bytes of an entry: below 128, as a serial has at most 20, so every header has two. */
function entrySize({ serial, revokedAt, reason }: CrlEntry): number {
  return 2 + signedSize(serial) + timeSize(revokedAt) + (reasonExtensions.get(reason)?.length ?? 0);
}

function signedSize(serial: Uint8Array): number {
  const first = serial[0];
  if (first === undefined || serial.length > 20 || (first === 0 && serial.length > 1)) {
    throw new Error('a serial number on a CRL must have 1 to 20 bytes and no leading zero');
  }
  return serial.length + (first >= 0x80 ? 1 : 0);
}

function writeEntry(out: Buffer, start: number, entry: CrlEntry): number {
  const { serial, revokedAt, reason } = entry;
  const integerSize = signedSize(serial);
  let offset = writeHeader(out, start, tag.sequence, entrySize(entry));
  offset = writeHeader(out, offset, tag.integer, integerSize);
  if (integerSize > serial.length) out[offset++] = 0;
  out.set(serial, offset);
  offset = writeTime(out, offset + serial.length, revokedAt);
  const reasonExtension = reasonExtensions.get(reason);
  if (reasonExtension === undefined) return offset;
  out.set(reasonExtension, offset);
  return offset + reasonExtension.length;
}
