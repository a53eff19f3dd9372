/** Reads the extensions of a certificate for their rules (RFC 5280 §4.2). What one of them holds wrongly is kept as a fault, not thrown. */
import { CertError } from '../../domain/errors.ts';
import { DerReader } from '../der-reader.ts';
import { contextConstructed, contextPrimitive, tag } from '../der-tag.ts';
import { uriName } from '../general-name.ts';
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

/** What the extensions say; absent where there is none, and where it cannot be read. */
export interface ExtensionContents {
  basicConstraints?: { readonly isCa: boolean; readonly pathLength: number | undefined };
  /** Numbers of bits. */
  keyUsage?: readonly number[];
  purposes?: readonly string[];
  subjectKeyId?: Buffer;
  authorityKeyId?: { readonly keyId: Buffer | undefined; readonly hasOther: boolean };
  altNames?: readonly GeneralNameBytes[];
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
    if (!isReadable(oid, value, contents)) unreadable.push(oid);
  }
  return { list: found, contents, unreadable };
}

function isReadable(oid: string, value: Buffer, contents: ExtensionContents): boolean {
  const read = readers[oid];
  if (read === undefined) return true;
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

const readers: Readonly<Record<string, (reader: DerReader, contents: ExtensionContents) => void>> = {
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
    const names: GeneralNameBytes[] = [];
    while (!list.isAtEnd) names.push(readGeneralName(list));
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
