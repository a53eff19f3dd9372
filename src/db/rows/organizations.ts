/** Rows of organizations, their verifications, their contacts, and the domains that accounts keep. */
import type { Person } from '../../domain/account.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import type { ManagedDomain } from '../../domain/managed-domain.ts';
import type {
  Organization,
  OrganizationContact,
  OrganizationDetails,
  OrganizationValidation,
} from '../../domain/organization.ts';
import { jurisdictionFields, type RegistrationField } from '../../domain/registration.ts';
import { codecOf, type RowOf } from '../codec.ts';
import { date, derived, id, int32, json, mapped, nullable, text, toJson } from '../fields.ts';

type StoredOrganization = Omit<Organization, 'validations' | 'contacts'>;

export const organizations = codecOf<StoredOrganization>()(
  'organizations',
  {
    number: int32('number'),
    id: id('id', 'organization'),
    accountId: id('account_id', 'account'),
    containerId: nullable(id('container_id', 'container')),
    details: json('details_json'),
    state: text('state'),
    createdAt: date('created_at'),
  },
  {
    name: derived('name', 'text', ({ details }: StoredOrganization) => details.name),
    detailsKey: derived('details_key', 'text', ({ details }: StoredOrganization) => detailsKey(details)),
  },
);

export type OrganizationRow = RowOf<typeof organizations>;

/**
 * The same text for the same details, whatever the order of the fields. What only an EV verification finds is not in it:
 * a door whose clients cannot say that finds the organization again, whatever was found.
 */
export function detailsKey(details: OrganizationDetails): string {
  const kept = Object.entries(details).filter(([field]) => !foundFields.has(field));
  return toJson(kept.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const foundFields: ReadonlySet<string> = new Set<RegistrationField>([
  'businessCategory',
  ...jurisdictionFields,
  'organizationIdentifier',
]);

export const organizationValidations = codecOf<OrganizationValidation & { readonly organizationId: OrganizationId }>()(
  'organization_validations',
  {
    organizationId: id('organization_id', 'organization'),
    level: text('level'),
    state: text('state'),
    askedAt: date('asked_at'),
    decidedAt: nullable(date('decided_at')),
    decidedBy: nullable(text('decided_by')),
    note: text('note'),
    validUntil: nullable(date('valid_until')),
    registrationNumber: nullable(text('registration_number')),
    incorporatedOn: nullable(text('incorporated_on')),
    businessCategory: nullable(text('business_category')),
    jurisdictionCountry: nullable(text('jurisdiction_country')),
    jurisdictionState: nullable(text('jurisdiction_state')),
    jurisdictionLocality: nullable(text('jurisdiction_locality')),
    organizationIdentifier: nullable(text('organization_identifier')),
  },
);

interface StoredContact extends Pick<OrganizationContact, 'number' | 'role' | 'userId'> {
  readonly organizationId: OrganizationId;
  readonly person: Person;
}

export const organizationContacts = codecOf<StoredContact>()('organization_contacts', {
  number: int32('number'),
  organizationId: id('organization_id', 'organization'),
  role: text('role'),
  userId: nullable(id('user_id', 'user')),
  person: json('person_json'),
});

export const managedDomains = codecOf<ManagedDomain>()('managed_domains', {
  number: int32('number'),
  id: id('id', 'managedDomain'),
  accountId: id('account_id', 'account'),
  name: mapped('name', 'text', {
    write: ({ name }: ManagedDomain) => name.value,
    read: (stored: string): ManagedDomain['name'] => ({ kind: 'dns', value: stored }),
  }),
  organizationId: nullable(id('organization_id', 'organization')),
  containerId: nullable(id('container_id', 'container')),
  state: text('state'),
  proofReference: text('proof_reference'),
  authorizationId: id('authorization_id', 'authorization'),
  requestedLevels: json('requested_levels_json'),
  createdAt: date('created_at'),
});

export type ManagedDomainRow = RowOf<typeof managedDomains>;
