/** Organizations and the people in them as clients send them. */

import { refuse } from '../../../domain/errors.ts';
import { expected } from '../../../domain/messages/expectations.ts';
import type { OrganizationContact, OrganizationDetails } from '../../../domain/organization.ts';
import type { NewOrganizationContact } from '../../../domain/ports/organizations.ts';
import type { BusinessCategory } from '../../../domain/registration.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { withEvProposal } from '../../kit/ev-proposal.ts';
import { filled } from '../wire/shapes.ts';
import type { NewOrganizationRequest, PersonRequest } from './schema.ts';

type DetailFields = Pick<
  NewOrganizationRequest,
  | 'name'
  | 'assumed_name'
  | 'address'
  | 'address2'
  | 'city'
  | 'state'
  | 'zip'
  | 'country'
  | 'telephone'
  | 'registration_number'
  | keyof RegistrationFields
>;

/** What its register says: fields of ours, as `registration_number` is. */
interface RegistrationFields {
  readonly business_category?: BusinessCategory | undefined;
  readonly jurisdiction_country?: string | undefined;
  readonly jurisdiction_state?: string | undefined;
  readonly jurisdiction_city?: string | undefined;
  readonly organization_identifier?: string | undefined;
}

export function registrationFromWire(request: RegistrationFields) {
  return {
    businessCategory: request.business_category,
    jurisdictionCountry: request.jurisdiction_country,
    jurisdictionState: request.jurisdiction_state,
    jurisdictionLocality: request.jurisdiction_city,
    organizationIdentifier: request.organization_identifier,
  };
}

/** With what EV asks for, at whatever level it is to be verified: an EV order may follow. */
export function organizationDetailsFromWire(request: DetailFields): OrganizationDetails {
  return withEvProposal({
    name: request.name,
    city: request.city,
    state: request.state,
    country: request.country,
    street: request.address,
    ...withDefined({
      street2: request.address2,
      postalCode: request.zip,
      phone: request.telephone,
      assumedName: request.assumed_name,
      registrationNumber: request.registration_number,
      ...registrationFromWire(request),
    }),
  });
}

type Persons = readonly (PersonRequest | undefined)[] | undefined;

/** Everybody whom the request names, wherever it names them. @throws {CertError} invalidField */
export function organizationContactsFromWire(request: NewOrganizationRequest): readonly NewOrganizationContact[] {
  const { organization_contact, technical_contact, contacts, ev_approvers, validations } = request;
  const listed = filled(contacts).map(({ item, index }) => {
    const field = `contacts[${index}]`;
    return contactFromWire(item, contactRoleFromWire(item.contact_type, `${field}.contact_type`), field);
  });
  return [
    ...(organization_contact === undefined
      ? []
      : [contactFromWire(organization_contact, 'organization', 'organization_contact')]),
    ...(technical_contact === undefined ? [] : [contactFromWire(technical_contact, 'technical', 'technical_contact')]),
    ...listed,
    ...filled(ev_approvers).map(({ item, index }) => contactFromWire(item, 'evApprover', `ev_approvers[${index}]`)),
    ...verifiedFromWire({ validations }),
  ];
}

/** Contacts of the organization, as named with each validation, and beside them by older documents; once each. */
export function verifiedFromWire({
  verified_users: beside,
  validations,
}: {
  readonly verified_users?: Persons;
  readonly validations?: readonly ({ readonly verified_users?: Persons } | undefined)[] | undefined;
}): readonly NewOrganizationContact[] {
  const named = [
    { persons: beside, field: 'verified_users' },
    ...filled(validations).map(({ item, index }) => ({
      persons: item.verified_users,
      field: `validations[${index}].verified_users`,
    })),
  ];
  const contacts = named.flatMap(({ persons, field }) =>
    filled(persons).map(({ item, index }) => contactFromWire(item, 'verified', `${field}[${index}]`)),
  );
  return [...new Map(contacts.map((contact) => [JSON.stringify(contact), contact])).values()];
}

const contactRoles = {
  organization_contact: 'organization',
  technical_contact: 'technical',
  ev_approver: 'evApprover',
  verified_contact: 'verified',
} as const satisfies Record<string, OrganizationContact['role']>;

/** @throws {CertError} invalidField */
export function contactRoleFromWire(type: string | undefined, field: string): OrganizationContact['role'] {
  if (type === undefined) throw refuse('fieldMissing', { field });
  if (Object.hasOwn(contactRoles, type)) return contactRoles[type as keyof typeof contactRoles];
  const expected = Object.keys(contactRoles).join(', ');
  throw refuse('fieldInvalid', { field, value: `"${type}"`, expected });
}

/**
 * One contact of each type. A technical contact without fields is removed; the organization's own cannot be.
 * @throws {CertError} invalidField
 */
export function contactsByRoleFromWire(
  contacts: readonly PersonRequest[],
): Partial<Record<OrganizationContact['role'], NewOrganizationContact | null>> {
  const byRole: Partial<Record<OrganizationContact['role'], NewOrganizationContact | null>> = {};
  contacts.forEach((person, index) => {
    const field = `contacts[${index}]`;
    const role = contactRoleFromWire(person.contact_type, `${field}.contact_type`);
    if (role === 'evApprover' || role === 'verified' || role in byRole) {
      const value = `"${person.contact_type}"`;
      throw refuse(role in byRole ? 'contactTwice' : 'fieldInvalid', {
        field: `${field}.contact_type`,
        value,
        expected: expected.twoContacts,
      });
    }
    const isNobody = Object.entries(person).every(([key, value]) => key === 'contact_type' || value === undefined);
    byRole[role] = isNobody && role === 'technical' ? null : contactFromWire(person, role, field);
  });
  return byRole;
}

/** A user by number, or a name and an address. @throws {CertError} invalidField */
export function contactFromWire(
  person: PersonRequest,
  role: OrganizationContact['role'],
  field: string,
): NewOrganizationContact {
  const userNumber = person.user_id ?? person.id;
  if (userNumber === undefined) {
    for (const part of ['first_name', 'last_name', 'email'] as const) {
      if (person[part] === undefined) throw refuse('fieldMissing', { field: `${field}.${part}` });
    }
  }
  const extension = person.telephone_extension === undefined ? '' : ` ext. ${person.telephone_extension}`;
  return {
    role,
    firstName: person.first_name ?? '',
    lastName: person.last_name ?? '',
    jobTitle: person.job_title ?? '',
    phone: person.telephone === undefined ? '' : `${person.telephone}${extension}`,
    email: person.email ?? '',
    ...withDefined({ userNumber }),
  };
}
