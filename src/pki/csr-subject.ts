/**
 * The subject of a CSR: read for its common name and to be shown, and certified by nobody. So nothing in it refuses the CSR; what
 * cannot be read is shown as it is.
 */
import { isAscii } from 'node:buffer';
import { CertError } from '../domain/errors.ts';
import type { DerReader } from './der-reader.ts';
import { tag } from './der-tag.ts';
import { attributeTypeOf, type DistinguishedName, type NameAttribute } from './name.ts';
import { parseOid } from './oid.ts';
import { octetsText, readText } from './text.ts';

/** A common name: its text where the octets have only one reading, and in any case a form to show. */
export interface CommonName {
  readonly text: string | undefined;
  readonly shown: string;
}

export interface CsrSubject extends DistinguishedName {
  /** In their order: the last is the most specific. */
  readonly commonNames: readonly CommonName[];
}

/** @throws {CertError} derMalformed where there is no SEQUENCE */
export function readSubject(body: DerReader): CsrSubject {
  const start = body.offset;
  const rdns = body.sequence();
  const attributes: NameAttribute[] = [];
  const commonNames: CommonName[] = [];
  try {
    while (!rdns.isAtEnd) {
      const rdn = rdns.set();
      while (!rdn.isAtEnd) readAttribute(rdn.sequence(), { attributes, commonNames });
    }
  } catch (thrown) {
    // What follows something that is not even an element has no beginning.
    if (!(thrown instanceof CertError)) throw thrown;
  }
  return { der: body.bytes.subarray(start, body.offset), attributes, commonNames };
}

function readAttribute(
  attribute: DerReader,
  { attributes, commonNames }: { readonly attributes: NameAttribute[]; readonly commonNames: CommonName[] },
): void {
  const typeOctets = attribute.content(tag.oid);
  const dotted = parseOid(typeOctets) ?? hexOf(typeOctets);
  const type = attributeTypeOf(dotted);
  const start = attribute.offset;
  // An attribute that we do not know may have a value of any shape.
  const text = type === undefined ? undefined : textOrUndefined(attribute);
  if (text === undefined) attribute.offset = start;
  const value = text ?? hexOf(attribute.raw());
  attributes.push({ oid: dotted, type: type ?? dotted, value });
  if (type !== 'CN') return;
  attribute.offset = start;
  commonNames.push(readCommonName(attribute, text));
}

function hexOf(raw: Buffer): string {
  return `#${raw.toString('hex')}`;
}

function textOrUndefined(attribute: DerReader): string | undefined {
  try {
    return readText(attribute);
  } catch (thrown) {
    if (thrown instanceof CertError) return undefined;
    throw thrown;
  }
}

/**
 * The text that becomes a name to certify, so only where one charset reads the octets, and it is the type's. TeletexString is T.61
 * by the letter and Latin-1 by habit, so only what is the same in both: ASCII. The other types have no letters beyond it.
 */
function readCommonName(attribute: DerReader, text: string | undefined): CommonName {
  const kind = attribute.peek() ?? 0;
  const octets = attribute.content(kind);
  const isSure = text !== undefined && isOnlyReading(kind, octets) && text.isWellFormed();
  return isSure ? { text, shown: text } : { text: undefined, shown: octetsText(octets) };
}

/** Reports whether the octets of a string of this type, which were read as its text, can be read in no other way. */
function isOnlyReading(kind: number, octets: Buffer): boolean {
  if (kind === tag.utf8String) return true;
  if (kind !== tag.bmpString && kind !== tag.universalString) return isAscii(octets);
  // A writer that has the bytes the wrong way round makes `e` into U+6500, and a domain name into another, of ideographs.
  const unit = kind === tag.bmpString ? 2 : 4;
  return !octets.every((octet, index) => index % unit === 0 || octet === 0);
}

/** IA5String and its kind: bytes above 7f are no characters of it. */
export function asciiText(octets: Buffer): string | undefined {
  return isAscii(octets) ? octets.toString('latin1') : undefined;
}
