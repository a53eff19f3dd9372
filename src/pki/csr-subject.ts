/**
 * The subject of a CSR: read for its common name and to be shown, and certified by nobody. So nothing in it refuses the CSR; what
 * cannot be read is shown as it is.
 */
import { isUtf8 } from 'node:buffer';
import { CertError } from '../domain/errors.ts';
import { DerReader } from './der-reader.ts';
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
  const content = attribute.content(tag.oid);
  const dotted = parseOid(content) ?? `#${content.toString('hex')}`;
  const type = attributeTypeOf(dotted) ?? dotted;
  const start = attribute.offset;
  const raw = attribute.raw();
  attribute.offset = start;
  const value = type === dotted ? hexOf(raw) : (textOrUndefined(attribute) ?? hexOf(raw));
  attributes.push({ oid: dotted, type, value });
  if (type !== 'CN') return;
  attribute.offset = start;
  const text = nameText(attribute);
  commonNames.push({ text, shown: text ?? octetsText(contentOf(raw)) });
}

/** Without its header, as far as it has one. */
function contentOf(raw: Buffer): Buffer {
  const reader = new DerReader(raw, '');
  return reader.content(raw[0] ?? 0);
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
function nameText(attribute: DerReader): string | undefined {
  const kind = attribute.peek();
  if (kind === undefined) return undefined;
  const start = attribute.offset;
  const octets = attribute.content(kind);
  if (kind === tag.utf8String) return isUtf8(octets) ? octets.toString('utf8') : undefined;
  if (kind !== tag.bmpString && kind !== tag.universalString) return asciiText(octets);
  // A writer that has the bytes the wrong way round makes `e` into U+6500, and a domain name into another, of ideographs.
  const unit = kind === tag.bmpString ? 2 : 4;
  const isReversed = octets.every((octet, index) => index % unit === 0 || octet === 0);
  if (isReversed) return undefined;
  attribute.offset = start;
  const text = textOrUndefined(attribute);
  return text?.isWellFormed() === true ? text : undefined;
}

/** IA5String and its kind: bytes above 7f are no characters of it. */
export function asciiText(octets: Buffer): string | undefined {
  return octets.every((octet) => octet < 0x80) ? octets.toString('latin1') : undefined;
}
