/** Certificate revocation lists, version 2 (RFC 5280 §5, BR §7.2): written fast for very many entries. */
import { tag } from './der-tag.ts';
import {
  context,
  element,
  encodeTime,
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

/** The TBSCertList to sign. */
export function crlTbs(input: CrlInput): Buffer {
  const encoded = 'encoded' in input.entries ? input.entries.encoded : [encodeCrlEntries(input.entries)];
  const hasEntries = encoded.some(({ length }) => length > 0);
  const extensions = [
    authorityKeyIdentifier(input.issuerKeyId),
    extension(oids.crlNumber, false, smallInteger(input.number)),
    // A shard holds leaves only: CA certificates are on the issuer's full list (BR §7.2.2.1).
    ...(input.shardUrl === undefined ? [] : [issuingDistributionPoint(input.shardUrl, true)]),
  ];
  return sequence([
    smallInteger(1),
    algorithmIdentifier(input.signatureAlgorithm),
    input.issuerName,
    encodeTime(input.thisUpdate),
    encodeTime(input.nextUpdate),
    // RFC 5280 §5.1.2.6: no empty list.
    ...(hasEntries ? [sequence(encoded)] : []),
    context(0, [sequence(extensions)]),
  ]);
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
