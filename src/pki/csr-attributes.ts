/** What a CSR asks for in its attributes: names, and extensions of the certificate (RFC 2985 §5.4.2). */
import { refuse } from '../domain/errors.ts';
import type { CsrPart } from '../domain/messages/words.ts';
import { asciiText } from './csr-subject.ts';
import type { DerReader } from './der-reader.ts';
import { contextPrimitive, tag } from './der-tag.ts';
import { ipText } from './general-name.ts';
import { encodeOid, oids } from './oid.ts';

export interface RequestedExtension {
  /** The content octets of its OID: an arc may be larger than any number. */
  readonly type: Buffer;
  /** The DER inside the OCTET STRING. */
  readonly value: Buffer;
}

export interface CsrAttributes {
  /** DNS names and addresses of the subjectAltName, each once. */
  readonly names: readonly string[];
  /** Those of the names that stand there as addresses. A client may write one as a DNS name, which it is not. */
  readonly addresses: readonly string[];
  /** DNS names that are not ASCII, byte for byte. IA5String has no other letters, so nobody can say which name is meant. */
  readonly strangeNames: readonly Buffer[];
  /** Names of other kinds as they are: whole GeneralNames. */
  readonly otherNames: readonly Buffer[];
  readonly extensions: readonly RequestedExtension[];
}

const maxRequestedNames = 1000;
const dnsName = contextPrimitive(2);
const ipAddress = contextPrimitive(7);

const extensionRequests = [oids.extensionRequest, oids.microsoftExtensionRequest].map(octetsOf);
const subjectAltName = octetsOf(oids.subjectAltName);

function octetsOf(dotted: string): Buffer {
  return Buffer.from(encodeOid(dotted));
}

interface Found {
  readonly names: Map<string, string>;
  readonly addresses: string[];
  readonly strangeNames: Buffer[];
  readonly otherNames: Buffer[];
  readonly extensions: RequestedExtension[];
}

/**
 * Reads `attributes [0]`, which is mandatory but may be empty, and which old Java clients leave out altogether. Attributes and
 * extensions that are not used are stepped over, whatever is in them.
 * @param at called with the part that is read next
 * @throws {CertError} derMalformed, csrTooManyNames
 */
export function readAttributes(body: DerReader, at: (part: CsrPart) => void): CsrAttributes {
  const attributes = body.optionalContext(0);
  const found: Found = { names: new Map(), addresses: [], strangeNames: [], otherNames: [], extensions: [] };
  while (attributes !== undefined && !attributes.isAtEnd) {
    const attribute = attributes.sequence();
    const type = attribute.content(tag.oid);
    // IIS and certreq ask under Microsoft's number, in the same form. Both occur together, and both are meant.
    if (!extensionRequests.some((one) => one.equals(type))) continue;
    at('extensionRequest');
    const values = attribute.set();
    attribute.finish();
    while (!values.isAtEnd) readExtensions(values.sequence(), found, at);
    at('attributes');
  }
  return { ...found, names: [...found.names.values()] };
}

function readExtensions(list: DerReader, found: Found, at: (part: CsrPart) => void): void {
  while (!list.isAtEnd) {
    const extension = list.sequence();
    const type = extension.content(tag.oid);
    if (extension.peek() === tag.boolean) extension.raw();
    const start = extension.offset;
    found.extensions.push({ type, value: extension.octetString() });
    extension.finish();
    if (!type.equals(subjectAltName)) continue;
    at('subjectAltName');
    extension.offset = start;
    const value = extension.enter(tag.octetString);
    readNames(value.sequence(), found);
    value.finish();
    at('extensionRequest');
  }
}

function readNames(list: DerReader, { names, addresses, strangeNames, otherNames }: Found): void {
  while (!list.isAtEnd) {
    const kind = list.peek();
    const start = list.offset;
    if (kind === dnsName) {
      const octets = list.content(kind);
      const text = asciiText(octets);
      if (text === undefined) strangeNames.push(octets);
      // Upper case and a last dot make no other name.
      else addName(names, text);
    } else if (kind === ipAddress) {
      const text = ipText(list.content(kind));
      if (text === undefined) throw list.malformed({ fault: 'ipLength' }, start);
      names.set(text, text);
      addresses.push(text);
    } else {
      otherNames.push(list.raw());
    }
  }
  const count = names.size + strangeNames.length + otherNames.length;
  if (count > maxRequestedNames) throw refuse('csrTooManyNames', { count, limit: maxRequestedNames });
}

/** Each once, as it was written first: upper case and a last dot make no other name. */
function addName(names: Map<string, string>, text: string): void {
  const lower = text.toLowerCase();
  const key = lower.endsWith('.') ? lower.slice(0, -1) : lower;
  if (!names.has(key)) names.set(key, text);
}
