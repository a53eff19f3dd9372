/** Details of an organization, before anybody verifies whether they are true. */

import { countryOf } from '../../domain/country.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import type { Phrase } from '../../domain/messages/expectations.ts';
import { expected, expectedOf } from '../../domain/messages/expectations.ts';
import { longestOrganizationTexts, type OrganizationDetails } from '../../domain/organization.ts';
import { parseOrganizationIdentifier } from '../../domain/organization-identifier.ts';
import { isFit, keptText, lengthOf, saysNothing } from '../../domain/organization-text.ts';
import type { Product } from '../../domain/product.ts';
import { businessCategories } from '../../domain/registration.ts';
import { isPrintable } from '../../pki/text.ts';

const required = ['name', 'city', 'state', 'country'] as const satisfies readonly (keyof OrganizationDetails)[];

type Field = keyof OrganizationDetails;
type Texts = Readonly<Partial<Record<Field, string>>>;

/**
 * The details as they are kept: trimmed, composed (NFC), without what is empty.
 * @throws {CertError} invalidField
 */
export function checkDetails(details: OrganizationDetails): OrganizationDetails {
  const kept = checkTexts(details, 'organization.');
  const { name, city, state, country } = kept;
  if (name === undefined || city === undefined || state === undefined || country === undefined) {
    const missing = required.find((field) => kept[field] === undefined);
    throw refuse('fieldMissing', { field: `organization.${missing}` });
  }
  return { ...kept, name, city, state, country };
}

/** Texts that were checked, so that a category is one. */
type Checked = Partial<OrganizationDetails>;

/**
 * The texts as they are kept, without what is empty.
 * @param at how messages name the place of the fields: `organization.`, or nothing
 * @throws {CertError} invalidField
 */
export function checkTexts(texts: Texts, at: string): Checked {
  const kept: Partial<Record<Field, string>> = {};
  for (const field of Object.keys(longestOrganizationTexts) as Field[]) {
    const text = keptText(texts[field] ?? '');
    if (text === '') continue;
    kept[field] = checkedText(field, text, at);
  }
  requireWhole(kept, at);
  return kept as Checked;
}

function checkedText(field: Field, text: string, at: string): string {
  const fail = (wanted: Phrase) =>
    refuse('fieldInvalid', { field: `${at}${field}`, value: quoted(text), expected: wanted });
  // Before anything else is looked for in a text of a stranger's length.
  const most = longestOrganizationTexts[field];
  const isCountry = field === 'country' || field === 'jurisdictionCountry';
  if (!isCountry && lengthOf(text) > most) throw fail(expectedOf.printableAtMost(most));
  if (!isFit(text)) throw fail(expected.fitText);
  if (isCountry) {
    const country = countryOf(text);
    if (country === undefined) throw fail(expected.country);
    return country;
  }
  if (field === 'businessCategory') {
    const category = businessCategories.find((one) => one.toLowerCase() === text.toLowerCase());
    if (category === undefined) throw fail(expectedOf.oneOf(businessCategories));
    return category;
  }
  if (saysNothing(field, text)) throw fail(expected.somethingSaid);
  if (field === 'organizationIdentifier' && parseOrganizationIdentifier(text) === undefined) {
    throw fail(expected.organizationIdentifier);
  }
  return text;
}

/** A state is in a country, and a locality in a state (EV guidelines §7.1.4.2.4). */
function requireWhole({ jurisdictionCountry, jurisdictionState, jurisdictionLocality }: Texts, at: string): void {
  const parts = [
    ['jurisdictionState', jurisdictionState, jurisdictionCountry, expected.withJurisdictionCountry],
    ['jurisdictionLocality', jurisdictionLocality, jurisdictionState, expected.withJurisdictionState],
  ] as const;
  for (const [field, value, above, wanted] of parts) {
    if (value === undefined || above !== undefined) continue;
    throw refuse('fieldInvalid', { field: `${at}${field}`, value: quoted(value), expected: wanted });
  }
}

/**
 * BR §7.1.2.7.4. The rest of an EV certificate's subject is found by the verifier of the organization.
 * @throws {CertError} organizationRequired when a certificate of the level must say more than these details do
 */
export function requireDetails(level: Product['level'], details: OrganizationDetails): void {
  if (level === 'dv') return;
  const missing = required.find((field) => (details[field] ?? '') === '');
  if (missing !== undefined) {
    throw refuse('organizationRequired', { field: `organization.${missing}`, level: level.toUpperCase() });
  }
  const { registrationNumber = '' } = details;
  if (level === 'ev' && registrationNumber !== '') requireSerial(registrationNumber.trim(), 'organization.');
}

/** RFC 5280 appendix A.1: serialNumber is a PrintableString. Refused early, since at issuance it would fail the order. */
export function requireSerial(registrationNumber: string, at: string): void {
  const most = longestOrganizationTexts.registrationNumber;
  if (isPrintable(registrationNumber) && registrationNumber.length <= most) return;
  throw refuse('fieldInvalid', {
    field: `${at}registrationNumber`,
    value: quoted(registrationNumber),
    expected: expectedOf.printableString(most),
  });
}
