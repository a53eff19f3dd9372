/** Reads the extensions of certificates that certmux uses or shows (RFC 5280 §4.2). Others are listed by their OID. */
import { DerReader } from './der-reader.ts';
import { contextConstructed, contextPrimitive, tag } from './der-tag.ts';
import { keyUsageBits } from './extension.ts';
import { type AlternativeNames, readAlternativeNames, uriName } from './general-name.ts';
import { oids } from './oid.ts';
import { readText } from './text.ts';

export interface Extension {
  readonly oid: string;
  readonly isCritical: boolean;
  /** The DER inside the OCTET STRING. */
  readonly value: Buffer;
}

export interface KnownExtensions {
  readonly extensions: readonly Extension[];
  /** DNS names and IP addresses of the subjectAltName. */
  readonly names: readonly string[];
  /** Kinds of further alternative names: `rfc822Name`, … */
  readonly otherNameKinds: readonly string[];
  readonly isCa: boolean;
  readonly pathLength: number | undefined;
  readonly keyUsages: readonly string[];
  /** OIDs. */
  readonly purposes: readonly string[];
  /** Lower-case hex. */
  readonly subjectKeyId: string | undefined;
  readonly authorityKeyId: string | undefined;
  /** OIDs. */
  readonly policies: readonly string[];
  /** As the subject says it, put together from its parts: `NTRUS+CA-C0987654`. */
  readonly organizationIdentifier: string | undefined;
  readonly crlUrls: readonly string[];
  readonly caIssuersUrls: readonly string[];
  readonly ocspUrls: readonly string[];
}

/** Reads `SEQUENCE OF Extension`. A repeated extension is refused (RFC 5280 §4.2). */
export function readExtensions(list: DerReader): Extension[] {
  const extensions: Extension[] = [];
  const seen = new Set<string>();
  while (!list.isAtEnd) {
    const start = list.offset;
    const item = list.sequence();
    const dotted = item.oid();
    const isCritical = item.peek() === tag.boolean && item.boolean();
    const value = item.octetString();
    item.finish();
    if (seen.has(dotted)) throw list.malformed({ fault: 'extensionTwice', extension: dotted }, start);
    seen.add(dotted);
    extensions.push({ oid: dotted, isCritical, value });
  }
  return extensions;
}

export function interpretExtensions(extensions: readonly Extension[], what: string): KnownExtensions {
  // An extension is read only where it is there; offsets in its errors count from its own first byte.
  const read = <T>(dotted: string, absent: T, readValue: (reader: DerReader) => T): T => {
    const found = extensions.find((extension) => extension.oid === dotted);
    if (found === undefined) return absent;
    const reader = new DerReader(found.value, `${what} (extension ${dotted})`);
    const value = readValue(reader);
    reader.finish();
    return value;
  };
  const alternative = read(oids.subjectAltName, noNames, readAlternativeNames);
  const { isCa, pathLength } = read(oids.basicConstraints, notCa, readBasicConstraints);
  const access = read(oids.authorityInfoAccess, [], readAccess);
  const urlsOf = (method: string) => access.filter((entry) => entry.method === method).map((entry) => entry.url);
  return {
    extensions,
    names: [...alternative.names],
    otherNameKinds: [...alternative.otherKinds],
    isCa,
    pathLength,
    keyUsages: read(oids.keyUsage, [], readKeyUsages),
    purposes: read(oids.extendedKeyUsage, [], readOidList),
    subjectKeyId: read<string | undefined>(oids.subjectKeyIdentifier, undefined, (reader) =>
      reader.octetString().toString('hex'),
    ),
    authorityKeyId: read<string | undefined>(oids.authorityKeyIdentifier, undefined, readAuthorityKeyId),
    policies: read(oids.certificatePolicies, [], readPolicies),
    organizationIdentifier: read<string | undefined>(
      oids.cabfOrganizationIdentifier,
      undefined,
      readOrganizationIdentifier,
    ),
    crlUrls: read(oids.crlDistributionPoints, [], readDistributionPoints),
    caIssuersUrls: urlsOf(oids.caIssuers),
    ocspUrls: urlsOf(oids.ocsp),
  };
}

const noNames: AlternativeNames = { names: [], otherKinds: [] };
const notCa: { isCa: boolean; pathLength: number | undefined } = { isCa: false, pathLength: undefined };

function readBasicConstraints(reader: DerReader): typeof notCa {
  const fields = reader.sequence();
  const isCa = fields.peek() === tag.boolean && fields.boolean();
  const pathLength = fields.isAtEnd ? undefined : fields.smallUnsigned();
  fields.finish();
  return { isCa, pathLength };
}

function readKeyUsages(reader: DerReader): string[] {
  const bits = new Set(reader.flags());
  return Object.entries(keyUsageBits).flatMap(([usage, bit]) => (bits.has(bit) ? [usage] : []));
}

function readOidList(reader: DerReader): string[] {
  const list = reader.sequence();
  const found: string[] = [];
  while (!list.isAtEnd) found.push(list.oid());
  return found;
}

function readAuthorityKeyId(reader: DerReader): string | undefined {
  const fields = reader.sequence();
  return fields.peek() === contextPrimitive(0) ? fields.content(contextPrimitive(0)).toString('hex') : undefined;
}

function readPolicies(reader: DerReader): string[] {
  const list = reader.sequence();
  const found: string[] = [];
  while (!list.isAtEnd) found.push(list.sequence().oid());
  return found;
}

function readOrganizationIdentifier(reader: DerReader): string {
  const fields = reader.sequence();
  const scheme = readText(fields);
  const country = readText(fields);
  const stateTag = contextPrimitive(0);
  const state = fields.peek() === stateTag ? `+${fields.content(stateTag).toString('latin1')}` : '';
  const reference = readText(fields);
  fields.finish();
  return `${scheme}${country}${state}-${reference}`;
}

function readAccess(reader: DerReader): { method: string; url: string }[] {
  const list = reader.sequence();
  const found: { method: string; url: string }[] = [];
  while (!list.isAtEnd) {
    const description = list.sequence();
    const method = description.oid();
    if (description.peek() === uriName) found.push({ method, url: description.content(uriName).toString('latin1') });
  }
  return found;
}

function readDistributionPoints(reader: DerReader): string[] {
  const list = reader.sequence();
  const found: string[] = [];
  while (!list.isAtEnd) found.push(...readDistributionPointName(list.sequence()));
  return found;
}

/** The URLs of a DistributionPoint or an IssuingDistributionPoint, both of which begin with the name in [0]. */
export function readDistributionPointName(point: DerReader): string[] {
  const fullName = point.optionalContext(0)?.optional(contextConstructed(0));
  const found: string[] = [];
  while (fullName !== undefined && !fullName.isAtEnd) {
    if (fullName.peek() === uriName) found.push(fullName.content(uriName).toString('latin1'));
    else fullName.raw();
  }
  return found;
}
