/** What is known of where an organization is registered, and as what: EV certificates say it. */

import type { Caller } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { expected } from '../../domain/messages/expectations.ts';
import {
  type Organization,
  type OrganizationDetails,
  type OrganizationLevel,
  registrationOf,
} from '../../domain/organization.ts';
import type { OrganizationChoice } from '../../domain/ports/orders.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Product } from '../../domain/product.ts';
import {
  evOrderFields,
  evSubjectFields,
  findingsOf,
  noRegistration,
  type Registration,
  type RegistrationFindings,
  registrationFields,
  registrationFrom,
  withRegistration,
} from '../../domain/registration.ts';
import { findOwned } from '../scope.ts';
import { checkTexts, requireSerial } from './organization-details.ts';

/**
 * Findings of a verification besides its date. EV guidelines §7.1.4.2: an EV subject says the business category, the
 * jurisdiction and the registration number, so a verification for EV needs them: from the verifier, or else from an
 * earlier one, or else from the details.
 * @throws {CertError} invalidField
 */
export function checkFindings(
  decision: RegistrationFindings & { readonly level: OrganizationLevel; readonly verified: boolean },
  organization: Organization,
): Registration {
  const { level, verified } = decision;
  const found = checkTexts(findingsOf(decision), '');
  if (level !== 'ev' || !verified) {
    for (const field of registrationFields) {
      const value = found[field];
      if (value === undefined) continue;
      throw refuse('fieldInvalid', { field, value: quoted(value), expected: expected.onlyWithEv });
    }
    return noRegistration;
  }
  const known = withRegistration(registrationOf(organization), found);
  if (known.registrationNumber !== undefined) requireSerial(known.registrationNumber, '');
  const missing = evSubjectFields.find((field) => known[field] === undefined);
  if (missing !== undefined) throw refuse('organizationRequired', { field: missing, level: 'EV' });
  return registrationFrom(known);
}

/** What a verification for EV found before, if there was one. */
export function earlierFindings({ validations }: Organization): Registration {
  return registrationFrom(findingsOf(validations.find(({ level }) => level === 'ev') ?? noRegistration));
}

/**
 * Refused before anything is charged: what certificates of the level must say and nobody ever said of the organization.
 * @throws {CertError} organizationLacks
 */
export function requireRegistration(level: Product['level'], organization: Organization): void {
  if (level !== 'ev') return;
  const known = registrationOf(organization);
  const missing = evOrderFields.find((field) => known[field] === undefined);
  if (missing === undefined) return;
  throw refuse('organizationLacks', { field: `organization.${missing}`, organization: String(organization.number) });
}

/** The same for one that a request names or describes, before its transaction. */
export async function requireChosenRegistration(
  read: Stores,
  caller: Caller,
  { level, choice }: { readonly level: Product['level']; readonly choice: OrganizationChoice | null },
): Promise<void> {
  if (level !== 'ev' || choice === null || 'name' in choice) return;
  requireRegistration(level, await findOwned(read.organizations, 'organization', caller, choice));
}

/**
 * Whether an organization with the same name and address is the one that these details describe: what was found of its
 * registration counts whatever a customer says; without that, both must say the same.
 */
export function isDescribedBy(organization: Organization, details: OrganizationDetails): boolean {
  const found = earlierFindings(organization);
  return evOnlyFields.every((field) => {
    const wanted = details[field];
    return wanted === undefined || found[field] !== null || organization.details[field] === wanted;
  });
}

/** The same organization in every field, whatever was found. */
export function saysTheSame(organization: Organization, details: OrganizationDetails): boolean {
  return evOnlyFields.every((field) => organization.details[field] === details[field]);
}

/** Fields by which organizations are not looked up. */
const evOnlyFields = registrationFields.filter((field) => field !== 'registrationNumber' && field !== 'incorporatedOn');
