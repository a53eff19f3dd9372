/** Reads the extensions of a certificate for their rules (RFC 5280 §4.2). What one of them holds wrongly is kept as a fault, not thrown. */
import { CertError } from '../../domain/errors.ts';
import { DerReader } from '../der-reader.ts';
import { contextConstructed, contextPrimitive, tag } from '../der-tag.ts';
import { ipText, uriName } from '../general-name.ts';
import { oids } from '../oid.ts';

export interface LintedExtension {
  readonly oid: string;
  readonly isCritical: boolean;
  /** It says that it is not critical, which is the default and is not written (X.690 §11.5). */
  readonly writesDefault: boolean;
}

export interface GeneralNameBytes {
  readonly tag: number;
  readonly bytes: Buffer;
}

/** A name of the subjectAltName, with its text: sixteen rules look at it. */
export interface AlternativeName extends GeneralNameBytes {
  /** A DNS name as it is written; an address as people write it, or its octets in hex. */
  readonly text: string;
  /** Of a DNS name, what stands between its dots. */
  readonly labels: readonly string[];
}

/** What the extensions say; absent where there is none, and where it cannot be read. */
export interface ExtensionContents {
  basicConstraints?: { readonly isCa: boolean; readonly pathLength: number | undefined };
  /** Numbers of bits. */
  keyUsage?: readonly number[];
  purposes?: readonly string[];
  subjectKeyId?: Buffer;
  authorityKeyId?: { readonly keyId: Buffer | undefined; readonly hasOther: boolean };
  altNames?: readonly AlternativeName[];
  policies?: readonly { readonly oid: string; readonly qualifiers: readonly { oid: string; url: string }[] }[];
  access?: readonly { readonly method: string; readonly name: GeneralNameBytes }[];
  /** `isPlain`: a full name, and neither reasons nor another issuer of the list. */
  points?: readonly { readonly names: readonly GeneralNameBytes[]; readonly isPlain: boolean }[];
}

export interface LintedExtensions {
  readonly list: readonly LintedExtension[];
  readonly contents: Readonly<ExtensionContents>;
  /** OIDs of those whose content is not what their definition says. */
  readonly unreadable: readonly string[];
}

const what = 'the extension';

/** @throws {CertError} derMalformed where the list itself is wrong */
export function readLintedExtensions(list: DerReader): LintedExtensions {
  const found: LintedExtension[] = [];
  const contents: ExtensionContents = {};
  const unreadable: string[] = [];
  while (!list.isAtEnd) {
    const item = list.sequence();
    const oid = item.oid();
    const writes = item.peek() === tag.boolean;
    const isCritical = writes && item.boolean();
    const value = item.octetString();
    item.finish();
    found.push({ oid, isCritical, writesDefault: writes && !isCritical });
    const read = readers[oid];
    if (read === undefined) continue;
    const known = oid === oids.subjectAltName || oid === oids.subjectKeyIdentifier ? undefined : readBefore(oid, value);
    if (known !== undefined) Object.assign(contents, known);
    else if (!isReadable(read, value, contents)) unreadable.push(oid);
  }
  return { list: found, contents, unreadable };
}

/**
 * What extensions of the same bytes were read as before: all certificates of a profile and an authority share them, but for their names and
 * key. Only what could be read; cleared before it grows.
 */
const readOnce = new Map<string, Readonly<ExtensionContents>>();
const mostKept = 500;

/** Undefined for what cannot be read. */
function readBefore(oid: string, value: Buffer): Readonly<ExtensionContents> | undefined {
  const key = `${oid} ${value.toString('latin1')}`;
  const known = readOnce.get(key);
  const read = readers[oid];
  if (known !== undefined || read === undefined) return known;
  const contents: ExtensionContents = {};
  // A copy of its own: what is kept must not keep the whole certificate.
  if (!isReadable(read, Buffer.from(value), contents)) return undefined;
  if (readOnce.size >= mostKept) readOnce.clear();
  readOnce.set(key, contents);
  return contents;
}

type Read = (reader: DerReader, contents: ExtensionContents) => void;

function isReadable(read: Read, value: Buffer, contents: ExtensionContents): boolean {
  const reader = new DerReader(value, what);
  try {
    read(reader, contents);
    reader.finish();
    return true;
  } catch (thrown) {
    if (thrown instanceof CertError) return false;
    throw thrown;
  }
}

const readers: Readonly<Record<string, Read>> = {
  [oids.basicConstraints]: (reader, contents) => {
    const fields = reader.sequence();
    const start = fields.offset;
    const isCa = fields.peek() === tag.boolean && fields.boolean();
    // FALSE is the default, and is not written.
    if (!isCa && fields.offset > start) throw fields.malformed({ fault: 'badBoolean' }, start);
    const pathLength = fields.isAtEnd ? undefined : fields.smallUnsigned();
    fields.finish();
    contents.basicConstraints = { isCa, pathLength };
  },
  [oids.keyUsage]: (reader, contents) => {
    contents.keyUsage = reader.flags();
  },
  [oids.extendedKeyUsage]: (reader, contents) => {
    contents.purposes = readSome(reader.sequence(), (list) => list.oid());
  },
  [oids.subjectKeyIdentifier]: (reader, contents) => {
    contents.subjectKeyId = reader.octetString();
  },
  [oids.authorityKeyIdentifier]: (reader, contents) => {
    const fields = reader.sequence();
    const isKeyId = fields.peek() === contextPrimitive(0);
    contents.authorityKeyId = {
      keyId: isKeyId ? fields.content(contextPrimitive(0)) : undefined,
      hasOther: !fields.isAtEnd,
    };
  },
  [oids.subjectAltName]: (reader, contents) => {
    const list = reader.sequence();
    const names: AlternativeName[] = [];
    while (!list.isAtEnd) names.push(readAlternativeName(list));
    contents.altNames = names;
  },
  [oids.certificatePolicies]: (reader, contents) => {
    contents.policies = readSome(reader.sequence(), (list) => {
      const policy = list.sequence();
      const oid = policy.oid();
      const qualifiers = policy.isAtEnd ? [] : readSome(policy.sequence(), readQualifier);
      policy.finish();
      return { oid, qualifiers };
    });
  },
  [oids.authorityInfoAccess]: (reader, contents) => {
    contents.access = readSome(reader.sequence(), (list) => {
      const description = list.sequence();
      const entry = { method: description.oid(), name: readGeneralName(description) };
      description.finish();
      return entry;
    });
  },
  [oids.crlDistributionPoints]: (reader, contents) => {
    contents.points = readSome(reader.sequence(), (list) => {
      const point = list.sequence();
      const fullName = point.optionalContext(0)?.optional(contextConstructed(0));
      const names = fullName === undefined ? [] : readSome(fullName, readGeneralName);
      return { names, isPlain: point.isAtEnd && names.length > 0 };
    });
  },
};

function readQualifier(list: DerReader): { oid: string; url: string } {
  const qualifier = list.sequence();
  const oid = qualifier.oid();
  const isUrl = qualifier.peek() === tag.ia5String;
  const url = isUrl ? qualifier.content(tag.ia5String).toString('latin1') : '';
  if (!isUrl) qualifier.raw();
  qualifier.finish();
  return { oid, url };
}

export const dnsNameTag: number = contextPrimitive(2);
export const ipAddressTag: number = contextPrimitive(7);

function readAlternativeName(list: DerReader): AlternativeName {
  const { tag: kind, bytes } = readGeneralName(list);
  const text = kind === ipAddressTag ? (ipText(bytes) ?? bytes.toString('hex')) : bytes.toString('latin1');
  return { tag: kind, bytes, text, labels: kind === dnsNameTag ? text.split('.') : [] };
}

function readGeneralName(list: DerReader): GeneralNameBytes {
  const kind = list.peek() ?? 0;
  return { tag: kind, bytes: list.content(kind) };
}

/** RFC 5280 has all of these lists as SIZE (1..MAX). */
function readSome<T>(list: DerReader, read: (list: DerReader) => T): readonly T[] {
  const all = [read(list)];
  while (!list.isAtEnd) all.push(read(list));
  return all;
}

/** The URL of a GeneralName; undefined for a name of another kind. */
export function urlOf({ tag: kind, bytes }: GeneralNameBytes): string | undefined {
  return kind === uriName ? bytes.toString('latin1') : undefined;
}
