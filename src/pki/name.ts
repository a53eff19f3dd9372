/** Distinguished names: subject and issuer (RFC 5280 §4.1.2.4, Appendix A.1; BR §7.1.4.2). */

import { quoted, refuse } from '../domain/errors.ts';
import { expected } from '../domain/messages/expectations.ts';
import type { Wording } from '../domain/messages/words.ts';
import type { DerReader } from './der-reader.ts';
import { tag } from './der-tag.ts';
import { element, oid, printableString, sequence, setOfOne, utf8String } from './der-writer.ts';
import { isPrintable, readText, visibleText } from './text.ts';

export interface NameAttribute {
  readonly oid: string;
  /** The short name (`CN`, `O`, `jurisdictionC`), or the dotted number of an attribute we have no name for. */
  readonly type: string;
  readonly value: string;
}

/** A name as it was read: its exact bytes, which issuer and subject are matched by, and its attributes in order. */
export interface DistinguishedName {
  readonly der: Buffer;
  readonly attributes: readonly NameAttribute[];
}

export type AttributeType = keyof typeof attributeTable;

/** What a caller puts into a name; `encodeName` writes the attributes in the order of this table. */
export type NameFields = Readonly<Partial<Record<AttributeType, string>>>;

interface AttributeRule {
  readonly oid: string;
  readonly maxLength: number;
  /** UTF8String unless the rules want another (RFC 5280 Appendix A.1, BR §7.1.4.2). */
  readonly kind?: 'printable' | 'ia5' | 'country';
}

/** Upper bounds: RFC 5280 Appendix A.1 (ub-…), X.520 for the address fields; BR §7.1.4.2 repeats them. */
const attributeTable = {
  businessCategory: { oid: '2.5.4.15', maxLength: 128 },
  jurisdictionC: { oid: '1.3.6.1.4.1.311.60.2.1.3', maxLength: 2, kind: 'country' },
  jurisdictionST: { oid: '1.3.6.1.4.1.311.60.2.1.2', maxLength: 128 },
  jurisdictionL: { oid: '1.3.6.1.4.1.311.60.2.1.1', maxLength: 128 },
  serialNumber: { oid: '2.5.4.5', maxLength: 64, kind: 'printable' },
  organizationIdentifier: { oid: '2.5.4.97', maxLength: 256 },
  DC: { oid: '0.9.2342.19200300.100.1.25', maxLength: 63, kind: 'ia5' },
  C: { oid: '2.5.4.6', maxLength: 2, kind: 'country' },
  ST: { oid: '2.5.4.8', maxLength: 128 },
  L: { oid: '2.5.4.7', maxLength: 128 },
  postalCode: { oid: '2.5.4.17', maxLength: 40 },
  street: { oid: '2.5.4.9', maxLength: 128 },
  O: { oid: '2.5.4.10', maxLength: 64 },
  OU: { oid: '2.5.4.11', maxLength: 64 },
  title: { oid: '2.5.4.12', maxLength: 64 },
  SN: { oid: '2.5.4.4', maxLength: 64 },
  GN: { oid: '2.5.4.42', maxLength: 64 },
  emailAddress: { oid: '1.2.840.113549.1.9.1', maxLength: 255, kind: 'ia5' },
  CN: { oid: '2.5.4.3', maxLength: 64 },
} as const satisfies Record<string, AttributeRule>;

const rules = new Map<string, AttributeRule>(Object.entries(attributeTable));
const typeByOid = new Map(Object.entries(attributeTable).map(([type, rule]): [string, string] => [rule.oid, type]));
const typeDer = new Map(Object.values(attributeTable).map((rule): [string, Buffer] => [rule.oid, oid(rule.oid)]));

/** The short name of an attribute; undefined for one that we have no name for. */
export function attributeTypeOf(dotted: string): string | undefined {
  return typeByOid.get(dotted);
}

/** Reads a Name. Repeated attributes and several in one RDN are listed one after the other. */
export function readName(reader: DerReader): DistinguishedName {
  const start = reader.offset;
  const rdns = reader.sequence();
  const attributes: NameAttribute[] = [];
  while (!rdns.isAtEnd) {
    const rdn = rdns.set();
    while (!rdn.isAtEnd) attributes.push(readAttribute(rdn));
  }
  return { der: reader.bytes.subarray(start, reader.offset), attributes };
}

function readAttribute(rdn: DerReader): NameAttribute {
  const attribute = rdn.sequence();
  const dotted = attribute.oid();
  const type = typeByOid.get(dotted);
  // An attribute that we do not know may have a value of any shape; it is shown in hex.
  const value = type === undefined ? `#${attribute.raw().toString('hex')}` : readText(attribute);
  attribute.finish();
  return { oid: dotted, type: type ?? dotted, value };
}

/**
 * The DER of a name with these fields, each in an RDN of its own; empty fields are left out.
 * @throws {CertError} subjectTooLong, subjectInvalid, naming the field
 */
export function encodeName(fields: NameFields): Buffer {
  const rdns: Buffer[] = [];
  for (const [type, rule] of rules) {
    const value = fieldOf(fields, type);
    if (value === undefined || value === '') continue;
    const typeElement = typeDer.get(rule.oid) ?? oid(rule.oid);
    rdns.push(setOfOne(sequence([typeElement, encodeValue(type, rule, value)])));
  }
  return sequence(rdns);
}

function fieldOf(fields: NameFields, type: string): string | undefined {
  return type in attributeTable ? fields[type as AttributeType] : undefined;
}

function encodeValue(field: string, { kind, maxLength }: AttributeRule, value: string): Buffer {
  // The bounds count characters, not bytes (RFC 5280 Appendix A.1).
  const length = [...value].length;
  if (length > maxLength) throw refuse('subjectTooLong', { field, length, limit: maxLength });
  const fail = (expected: Wording) => refuse('subjectInvalid', { field, value: quoted(value), expected });
  if (kind === 'country') {
    if (!/^[A-Z]{2}$/.test(value))
      throw fail({
        en: 'a country code of two capital letters (ISO 3166-1)',
        zh: '两位大写字母的国家代码（ISO 3166-1）',
      });
    return printableString(value);
  }
  if (kind === 'printable') {
    if (!isPrintable(value))
      throw fail({ en: "made of letters, digits, blanks and '()+,-./:=?", zh: "字母、数字、空格和 '()+,-./:=?" });
    return printableString(value);
  }
  if (kind === 'ia5') {
    if (!/^[\x20-\x7e]*$/.test(value)) throw fail(expected.asciiText);
    return element(tag.ia5String, [Buffer.from(value, 'latin1')]);
  }
  if (!value.isWellFormed() || visibleText(value) !== value) throw fail(expected.noControlCharacters);
  return utf8String(value);
}

/** The last common name of a name, which is the most specific one; undefined when there is none or it is empty. */
export function commonNameOf(name: DistinguishedName): string | undefined {
  const value = name.attributes.findLast((attribute) => attribute.type === 'CN')?.value.trim();
  return value === '' ? undefined : value;
}

/** One line for people: `C=CN, O=Example\, Inc., CN=example.com`. */
export function formatName(name: DistinguishedName): string {
  const parts = name.attributes.map(({ type, value }) => `${type}=${visibleText(value).replace(/[\\,]/g, '\\$&')}`);
  return parts.length === 0 ? '(empty)' : parts.join(', ');
}
