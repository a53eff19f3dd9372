/** Reads certificate revocation lists (RFC 5280 §5.1): our own, for the tests and the command line. */
import { type CrlReason, crlReasons } from './crl.ts';
import { DerReader, readTime } from './der-reader.ts';
import { tag } from './der-tag.ts';
import { type Extension, interpretExtensions, readDistributionPointName, readExtensions } from './extension-reader.ts';
import { type DistinguishedName, readName } from './name.ts';
import { oids } from './oid.ts';
import { openSigned, readSignatureAlgorithm, type SignatureAlgorithm, signatureAlgorithmOf } from './signature.ts';

export interface CrlEntryRead {
  /** Lower-case hex, as `Certificate.serialHex`. */
  readonly serialHex: string;
  readonly revokedAt: Date;
  readonly reason: CrlReason;
}

export interface Crl {
  readonly der: Buffer;
  readonly tbs: Buffer;
  readonly issuer: DistinguishedName;
  readonly signatureAlgorithm: SignatureAlgorithm | undefined;
  readonly signature: Buffer;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  /** Lower-case hex of the CRL number. */
  readonly numberHex: string | undefined;
  readonly authorityKeyId: string | undefined;
  readonly shardUrls: readonly string[];
  /** It speaks for some certificates only, or for those of other CAs too: a delta list, one part of a list, an indirect list. */
  readonly isPartial: boolean;
  /** The OID of a critical extension of the list or an entry that is not known here: the list must not be used then (RFC 5280 §5.2, §5.3). */
  readonly unknownCritical: string | undefined;
  readonly extensions: readonly Extension[];
  readonly entries: readonly CrlEntryRead[];
}

const what = 'the CRL';

/** @throws {CertError} derMalformed */
export function parseCrl(der: Uint8Array): Crl {
  const reader = new DerReader(der, what);
  const { tbs, body, rest } = openSigned(reader);
  const algorithm = readSignatureAlgorithm(rest);
  const signature = rest.bitString();
  rest.finish();
  if (body.peek() === tag.integer) body.smallUnsigned();
  readSignatureAlgorithm(body);
  const issuer = readName(body);
  const thisUpdate = readTime(body);
  const hasNext = body.peek() === tag.utcTime || body.peek() === tag.generalizedTime;
  const nextUpdate = hasNext ? readTime(body) : undefined;
  const list = body.optional(tag.sequence);
  const entries: CrlEntryRead[] = [];
  let unknownInEntry: string | undefined;
  while (list !== undefined && !list.isAtEnd) {
    const { unknownCritical, ...entry } = readEntry(list);
    unknownInEntry ??= unknownCritical;
    entries.push(entry);
  }
  const wrapped = body.optionalContext(0);
  const extensions = wrapped === undefined ? [] : readExtensions(wrapped.sequence());
  wrapped?.finish();
  body.finish();
  const contentOf = (dotted: string) => extensions.find(({ oid }) => oid === dotted)?.value;
  const number = contentOf(oids.crlNumber);
  const shard = contentOf(oids.issuingDistributionPoint);
  return {
    der: reader.bytes,
    tbs,
    issuer,
    signatureAlgorithm: signatureAlgorithmOf(algorithm),
    signature,
    thisUpdate,
    nextUpdate,
    numberHex: number === undefined ? undefined : new DerReader(number, what).unsigned().toString('hex'),
    authorityKeyId: interpretExtensions(extensions, what).authorityKeyId,
    shardUrls: shard === undefined ? [] : readDistributionPointName(new DerReader(shard, what).sequence()),
    isPartial: contentOf(oids.deltaCrlIndicator) !== undefined || (shard !== undefined && !isWhole(shard)),
    unknownCritical: unknownAmong(extensions) ?? unknownInEntry,
    extensions,
    entries,
  };
}

/** RFC 5280 §5.2.5: an issuing distribution point that says no more than where the list is. */
function isWhole(point: Uint8Array): boolean {
  const fields = new DerReader(point, what).sequence();
  fields.optionalContext(0);
  return fields.isAtEnd;
}

const reasonNames = new Map<number, CrlReason>(
  Object.keys(crlReasons)
    .filter((name): name is CrlReason => name in crlReasons)
    .map((name) => [crlReasons[name], name]),
);

/** What they say is in the fields of what is read, or nothing that changes it. */
const known = new Set<string>([
  oids.reasonCode,
  oids.crlNumber,
  oids.authorityKeyIdentifier,
  oids.deltaCrlIndicator,
  oids.issuingDistributionPoint,
  '2.5.29.24', // invalidityDate
]);

function unknownAmong(extensions: readonly Extension[]): string | undefined {
  return extensions.find(({ oid, isCritical }) => isCritical && !known.has(oid))?.oid;
}

function readEntry(list: DerReader): CrlEntryRead & Pick<Crl, 'unknownCritical'> {
  const entry = list.sequence();
  const serialHex = entry.unsigned().toString('hex');
  const revokedAt = readTime(entry);
  let reason: CrlReason = 'unspecified';
  let unknownCritical: string | undefined;
  if (!entry.isAtEnd) {
    const extensions = readExtensions(entry.sequence());
    unknownCritical = unknownAmong(extensions);
    const code = extensions.find(({ oid }) => oid === oids.reasonCode)?.value;
    if (code !== undefined) reason = reasonNames.get(new DerReader(code, what).smallUnsigned(tag.enumerated)) ?? reason;
  }
  entry.finish();
  return { serialHex, revokedAt, reason, unknownCritical };
}
