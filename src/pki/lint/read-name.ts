/** Reads a Name for its rules: attributes with the type of string that holds them, one RDN after the other (RFC 5280 §4.1.2.4). */
import type { DerReader } from '../der-reader.ts';
import { readText } from '../text.ts';

export interface LintedAttribute {
  readonly oid: string;
  /** The tag of the string. */
  readonly tag: number;
  readonly value: string;
}

export interface LintedName {
  readonly der: Buffer;
  readonly attributes: readonly LintedAttribute[];
  /** Every RDN has exactly one attribute. */
  readonly isSingleValued: boolean;
}

export function readLintedName(reader: DerReader): LintedName {
  const start = reader.offset;
  const rdns = reader.sequence();
  const attributes: LintedAttribute[] = [];
  let isSingleValued = true;
  while (!rdns.isAtEnd) {
    const rdn = rdns.set();
    const before = attributes.length;
    while (!rdn.isAtEnd) {
      const attribute = rdn.sequence();
      const oid = attribute.oid();
      const tag = attribute.peek() ?? 0;
      attributes.push({ oid, tag, value: readText(attribute) });
      attribute.finish();
    }
    if (attributes.length !== before + 1) isSingleValued = false;
  }
  return { der: reader.bytes.subarray(start, reader.offset), attributes, isSingleValued };
}

/** The values of one type, in their order. */
export function valuesOf(name: LintedName, oid: string): readonly string[] {
  return name.attributes.flatMap((attribute) => (attribute.oid === oid ? [attribute.value] : []));
}
