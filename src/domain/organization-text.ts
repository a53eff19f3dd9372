/**
 * Texts of an organization that a certificate repeats: Unicode in its composed form, within the bounds of X.520, and something
 * that says anything at all.
 */
import type { OrganizationDetails } from './organization.ts';

type Field = keyof OrganizationDetails;

/** Those that no certificate repeats: a customer may leave a dash in them. */
const unrepeated: ReadonlySet<Field> = new Set<Field>(['unit', 'phone', 'incorporatedOn', 'assumedName', 'street2']);

/**
 * The text as it is kept: without blanks around it, and composed (NFC), so that the same name is the same bytes whatever
 * keyboard it came from (RFC 5280 §7.1 compares normalized text).
 */
export function keptText(text: string): string {
  return text.normalize('NFC').trim();
}

/** The bounds of X.520 count characters (RFC 5280 Appendix A.1), not the halves of a surrogate pair. */
export function lengthOf(text: string): number {
  return [...text].length;
}

/** Control and formatting characters (which turn text around), private and unassigned ones, and halves of a pair. */
const unfit = /[\p{C}\p{Zl}\p{Zp}]/u;

export function isFit(text: string): boolean {
  return !unfit.test(text);
}

const somethingSaid = /[\p{L}\p{N}]/u;

/** Ways to say that there is nothing to say. */
const absences: ReadonlySet<string> = new Set([
  'n/a',
  'n.a.',
  'n/a.',
  'null',
  'undefined',
  'not applicable',
  'not available',
  '无',
  '無',
  '暂无',
  '不适用',
  '不適用',
  '没有',
  // What the configurations of OpenSSL suggest where nobody types anything.
  'some-state',
  'default city',
  'internet widgits pty ltd',
  'default company ltd',
]);

/**
 * BR §7.1.4.2: a subject must not hold only "metadata such as '.', '-' and ' '", nor any other indication that the value is
 * absent, incomplete or not applicable. `none` is one of those, but for a place: None is a town near Turin. `NA` is the
 * code of a province, and `test` and `unknown` are words that people found companies with.
 */
export function saysNothing(field: Field, text: string): boolean {
  if (unrepeated.has(field)) return false;
  const plain = text.toLowerCase();
  const isPlace = field === 'city' || field === 'jurisdictionLocality';
  return !somethingSaid.test(text) || absences.has(plain) || (plain === 'none' && !isPlace);
}
