/** Details of an organization, before anybody verifies whether they are true. */

import { isCountryCode } from '../../domain/country-codes.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { expected, expectedOf } from '../../domain/messages/expectations.ts';
import {
  isPlaceholder,
  longestOrganizationTexts,
  type OrganizationDetails,
  type OrganizationLevel,
  type OrganizationValidation,
  type RegistrationFindings,
} from '../../domain/organization.ts';
import { printable } from '../../domain/printable.ts';
import type { Product } from '../../domain/product.ts';
import { isPrintable } from '../../pki/text.ts';

const required = ['name', 'city', 'state', 'country'] as const satisfies readonly (keyof OrganizationDetails)[];

type Field = keyof OrganizationDetails;

const certified: readonly Field[] = ['name', 'street', 'city', 'state', 'postalCode', 'registrationNumber'];

/**
 * The details as they are kept: trimmed, without what is empty.
 * @throws {CertError} invalidField
 */
export function checkDetails(details: OrganizationDetails): OrganizationDetails {
  const kept: Partial<Record<Field, string>> = {};
  for (const field of Object.keys(longestOrganizationTexts) as Field[]) {
    const text = (details[field] ?? '').trim();
    if (text === '') continue;
    kept[field] = field === 'country' ? text.toUpperCase() : text;
    checkText(field, text);
  }
  const { name, city, state, country } = kept;
  if (name === undefined || city === undefined || state === undefined || country === undefined) {
    const missing = required.find((field) => kept[field] === undefined);
    throw refuse('fieldMissing', { field: `organization.${missing}` });
  }
  return { ...kept, name, city, state, country };
}

function checkText(field: Field, text: string): void {
  if (field === 'country' && !isCountryCode(text.toUpperCase())) {
    throw refuse('fieldInvalid', {
      field: 'organization.country',
      value: quoted(text),
      expected: expected.countryCode,
    });
  }
  // What stands in certificates: lint would find it there, when the order is paid.
  if (certified.includes(field) && isPlaceholder(text)) {
    throw refuse('fieldInvalid', {
      field: `organization.${field}`,
      value: quoted(text),
      expected: expected.notPlaceholder,
    });
  }
  if (text.length > longestOrganizationTexts[field] || printable(text) !== text) {
    throw refuse('fieldInvalid', {
      field: `organization.${field}`,
      value: quoted(text),
      expected: expectedOf.printableAtMost(longestOrganizationTexts[field]),
    });
  }
}

/**
 * BR §7.1.2.7.4. The rest of an EV certificate's subject is found by the verifier of the organization.
 * @throws {CertError} organizationRequired when a certificate of the level must say more than these details do
 */
export function requireDetails(level: Product['level'], details: OrganizationDetails): void {
  if (level === 'dv') return;
  const missing = required.find((field) => (details[field] ?? '') === '');
  if (missing === undefined) return;
  throw refuse('organizationRequired', { field: `organization.${missing}`, level: level.toUpperCase() });
}

type Registration = Pick<OrganizationValidation, 'registrationNumber' | 'incorporatedOn'>;

const unregistered: Registration = { registrationNumber: null, incorporatedOn: null };

/**
 * Findings of a verification besides its date. EV guidelines §9.2: an EV subject contains the registration number, so a
 * verification for EV needs it, from the verifier or else from the details.
 * @throws {CertError} invalidField
 */
export function checkFindings(
  {
    level,
    verified,
    ...findings
  }: RegistrationFindings & { readonly level: OrganizationLevel; readonly verified: boolean },
  details: OrganizationDetails,
): Registration {
  const found = {
    registrationNumber: trimmed(findings.registrationNumber),
    incorporatedOn: trimmed(findings.incorporatedOn),
  };
  if (level !== 'ev' || !verified) {
    for (const field of ['registrationNumber', 'incorporatedOn'] as const) {
      const value = found[field];
      if (value === undefined) continue;
      throw refuse('fieldInvalid', { field, value: quoted(value), expected: expected.onlyWithEv });
    }
    return unregistered;
  }
  const { registrationNumber = details.registrationNumber, incorporatedOn = details.incorporatedOn } = found;
  if (registrationNumber === undefined)
    throw refuse('organizationRequired', { field: 'registrationNumber', level: 'EV' });
  // RFC 5280 appendix A.1: serialNumber is a PrintableString. Refused here, since at issuance it would fail the order.
  if (!isPrintable(registrationNumber) || registrationNumber.length > longestOrganizationTexts.registrationNumber) {
    throw refuse('fieldInvalid', {
      field: 'registrationNumber',
      value: quoted(registrationNumber),
      expected: expectedOf.printableString(longestOrganizationTexts.registrationNumber),
    });
  }
  if (incorporatedOn !== undefined) checkText('incorporatedOn', incorporatedOn);
  return { registrationNumber, incorporatedOn: incorporatedOn ?? null };
}

function trimmed(text: string | undefined): string | undefined {
  const kept = text?.trim();
  return kept === '' ? undefined : kept;
}
