/**
 * Reads a TBSCertList for its rules: its frame, which is what stands before and behind the entries, and the entries of one piece. They are
 * never together in one buffer, since a list may have very many (RFC 5280 §5.1).
 */
import { DerReader } from '../der-reader.ts';
import { contextPrimitive, tag } from '../der-tag.ts';
import { oids } from '../oid.ts';
import { type LintedName, readLintedName } from './read-name.ts';
import { type LintedTime, readLintedTime } from './read-time.ts';

export interface ListExtension {
  readonly oid: string;
  readonly isCritical: boolean;
  readonly writesDefault: boolean;
  readonly value: Buffer;
}

export interface LintedList {
  /** As it is written: 1 for version 2; undefined where it is left out. */
  readonly version: number | undefined;
  /** AlgorithmIdentifier. */
  readonly signature: Buffer;
  readonly issuer: LintedName;
  readonly thisUpdate: LintedTime;
  readonly nextUpdate: LintedTime | undefined;
  /** What the header of the whole says, and what is there. */
  readonly size: { readonly written: number; readonly real: number };
  /** The same of the entries; undefined where there is no such element. */
  readonly entriesSize: { readonly written: number; readonly real: number } | undefined;
  readonly extensions: readonly ListExtension[];
  /** The content of the INTEGER of the CRL number. */
  readonly number: Buffer | undefined;
  readonly authorityKeyId: { readonly keyId: Buffer | undefined; readonly hasOther: boolean } | undefined;
}

export interface LintedEntry {
  /** The content of the INTEGER. */
  readonly serial: Buffer;
  readonly revokedAt: LintedTime;
  readonly extensions: readonly ListExtension[];
  readonly reason: number | undefined;
}

const what = 'the CRL';

export interface ListParts {
  readonly before: Buffer;
  readonly after: Buffer;
}

/** @throws {CertError} derMalformed for what is not the frame of a TBSCertList in DER */
export function readList({ before, after }: ListParts, entriesSize: number): LintedList {
  const whole = readHeader(before, 0);
  const real = before.length - whole.content + entriesSize + after.length;
  const body = new DerReader(before, what, { start: whole.content, end: before.length, depth: 1 });
  const version = body.peek() === tag.integer ? body.smallUnsigned() : undefined;
  const signature = body.raw();
  const issuer = readLintedName(body);
  const thisUpdate = readLintedTime(body);
  const hasNext = body.peek() === tag.utcTime || body.peek() === tag.generalizedTime;
  const nextUpdate = hasNext ? readLintedTime(body) : undefined;
  const entries = body.isAtEnd ? undefined : readHeader(before, body.offset);
  // Its content comes in pieces: nothing of it is here.
  if (entries !== undefined && entries.content < before.length) {
    throw body.malformed({ fault: 'extraBytes', count: before.length - entries.content }, entries.content);
  }
  const extensions = readTail(after);
  const contentOf = (oid: string) => extensions.find((extension) => extension.oid === oid)?.value;
  const [number, keyId] = [contentOf(oids.crlNumber), contentOf(oids.authorityKeyIdentifier)];
  return {
    version,
    signature,
    issuer,
    thisUpdate,
    nextUpdate,
    size: { written: whole.length, real },
    entriesSize: entries && { written: entries.length, real: entriesSize },
    extensions,
    number: number && new DerReader(number, what).integer(),
    authorityKeyId: keyId && readKeyId(keyId),
  };
}

function readTail(after: Buffer): readonly ListExtension[] {
  if (after.length === 0) return [];
  const reader = new DerReader(after, what);
  const wrapped = reader.optionalContext(0);
  if (wrapped === undefined) throw reader.malformed({ fault: 'elementMissing' });
  reader.finish();
  const extensions = readListExtensions(wrapped.sequence());
  wrapped.finish();
  return extensions;
}

function readListExtensions(list: DerReader): readonly ListExtension[] {
  const found: ListExtension[] = [];
  while (!list.isAtEnd) {
    const item = list.sequence();
    const oid = item.oid();
    const writes = item.peek() === tag.boolean;
    const isCritical = writes && item.boolean();
    const value = item.octetString();
    item.finish();
    found.push({ oid, isCritical, writesDefault: writes && !isCritical, value });
  }
  return found;
}

function readKeyId(value: Buffer): NonNullable<LintedList['authorityKeyId']> {
  const reader = new DerReader(value, what);
  const fields = reader.sequence();
  reader.finish();
  const isKeyId = fields.peek() === contextPrimitive(0);
  return { keyId: isKeyId ? fields.content(contextPrimitive(0)) : undefined, hasOther: !fields.isAtEnd };
}

/** Tag and length of a SEQUENCE whose content is elsewhere. @throws {CertError} derMalformed */
function readHeader(bytes: Buffer, at: number): { readonly length: number; readonly content: number } {
  const first = bytes[at + 1] ?? 0x80;
  const octets = first < 0x80 ? 0 : first & 0x7f;
  const content = at + 2 + octets;
  const length = octets > 0 && octets <= 4 && content <= bytes.length ? bytes.readUIntBE(at + 2, octets) : first;
  const isMinimal = octets === 0 || (octets <= 4 && length >= 0x80 && length >= 256 ** (octets - 1));
  if (bytes[at] !== tag.sequence || content > bytes.length || !isMinimal) {
    throw new DerReader(bytes, what).malformed({ fault: 'lengthNotMinimal' }, at);
  }
  return { length, content };
}

/** @throws {CertError} derMalformed */
export function readEntry(list: DerReader): LintedEntry {
  const entry = list.sequence();
  const serial = entry.integer();
  const revokedAt = readLintedTime(entry);
  const extensions = entry.isAtEnd ? [] : readListExtensions(entry.sequence());
  entry.finish();
  const code = extensions.find(({ oid }) => oid === oids.reasonCode)?.value;
  return { serial, revokedAt, extensions, reason: code && new DerReader(code, what).smallUnsigned(tag.enumerated) };
}
