/** The identifier octets of the ASN.1 types that X.509 uses (X.690 §8.1.2), and their names for messages. */

export const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  videotexString: 0x15,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  graphicString: 0x19,
  visibleString: 0x1a,
  generalString: 0x1b,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** `[n]` around or instead of something that is itself made of elements. */
export const contextConstructed = (n: number): number => 0xa0 | n;

/** `[n] IMPLICIT` instead of something that holds plain bytes. */
export const contextPrimitive = (n: number): number => 0x80 | n;

const names = new Map<number, string>([
  [tag.boolean, 'BOOLEAN'],
  [tag.integer, 'INTEGER'],
  [tag.bitString, 'BIT STRING'],
  [tag.octetString, 'OCTET STRING'],
  [tag.null, 'NULL'],
  [tag.oid, 'OBJECT IDENTIFIER'],
  [tag.enumerated, 'ENUMERATED'],
  [tag.utf8String, 'UTF8String'],
  [tag.numericString, 'NumericString'],
  [tag.printableString, 'PrintableString'],
  [tag.teletexString, 'TeletexString'],
  [tag.videotexString, 'VideotexString'],
  [tag.ia5String, 'IA5String'],
  [tag.utcTime, 'UTCTime'],
  [tag.generalizedTime, 'GeneralizedTime'],
  [tag.graphicString, 'GraphicString'],
  [tag.visibleString, 'VisibleString'],
  [tag.generalString, 'GeneralString'],
  [tag.universalString, 'UniversalString'],
  [tag.bmpString, 'BMPString'],
  [tag.sequence, 'SEQUENCE'],
  [tag.set, 'SET'],
]);

/** What a person calls it: `SEQUENCE`, `[0]`, `tag 0x2d`. */
export function tagName(value: number): string {
  const name = names.get(value);
  if (name !== undefined) return name;
  const isContext = (value & 0xc0) === 0x80 && (value & 0x1f) !== 0x1f;
  return isContext ? `[${value & 0x1f}]` : `tag 0x${value.toString(16).padStart(2, '0')}`;
}
