/** Organizations that no certificate may name (BR §7.1.4.2), which every front door refuses: by field and value, in its own words. */
import { quoted } from '../../src/domain/errors.ts';
import { expected, expectedOf, type Phrase } from '../../src/domain/messages/expectations.ts';

type Field = 'name' | 'street' | 'city' | 'state' | 'postalCode' | 'country';

export interface BadOrganization {
  readonly field: Field;
  readonly value: string;
  /** What messages say that it should be. */
  readonly expected: Phrase;
}

const bad = (field: Field, value: string, wanted: Phrase): BadOrganization => ({ field, value, expected: wanted });

export const badOrganizations: readonly BadOrganization[] = [
  // Placeholders
  bad('name', 'N/A', expected.somethingSaid),
  bad('name', '-', expected.somethingSaid),
  bad('name', 'Internet Widgits Pty Ltd', expected.somethingSaid),
  bad('state', 'Some-State', expected.somethingSaid),
  bad('state', '不适用', expected.somethingSaid),
  bad('city', '.', expected.somethingSaid),
  bad('city', 'Default City', expected.somethingSaid),
  bad('street', '---', expected.somethingSaid),
  bad('postalCode', 'none', expected.somethingSaid),
  // Characters
  bad('name', 'a\u202eb', expected.fitText),
  bad('city', 'a\u0007b', expected.fitText),
  // Length, in characters
  bad('name', '𠮷'.repeat(65), expectedOf.printableAtMost(64)),
  bad('city', '市'.repeat(129), expectedOf.printableAtMost(128)),
  // Countries that are none, and a code that is only reserved
  bad('country', 'China', expected.country),
  bad('country', 'XX', expected.country),
  bad('country', 'UK', expected.country),
];

/** For the title of a test. */
export function titleOf({ field, value }: BadOrganization): string {
  return `an organization whose ${field} is ${JSON.stringify([...value].slice(0, 12).join(''))}`;
}

/** What the message says from the field on, for a regular expression: `must be …, not "value"`. A front door's own schema does not say `printable`. */
export function refusedInEnglish({ value, expected: { en } }: BadOrganization): string {
  const wanted = RegExp.escape(en.replace('printable ', '\u0000')).replace('\u0000', '(?:printable )?');
  return `must be ${wanted}, not ${RegExp.escape(quoted(value))}$`;
}

/** The same in Chinese: `无效：…`. */
export function refusedInChinese({ value, expected: { zh } }: BadOrganization): string {
  return `无效：${RegExp.escape(quoted(value))}（应为 ?${RegExp.escape(zh)}）$`;
}
