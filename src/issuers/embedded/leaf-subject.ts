/** The subject of a certificate that names an organization. */
import type { OrganizationDetails } from '../../domain/organization.ts';
import type { Profile } from '../../domain/profile.ts';
import type { NameFields } from '../../pki/name.ts';

/** X.520 attributes of the organization. An EV subject also says what it is and where it is registered (EVG §9.2). */
export function subjectOf(organization: OrganizationDetails | null, profile: Pick<Profile, 'level'>): NameFields {
  if (organization === null) return {};
  const { name, street, city, state, country, postalCode, registrationNumber } = organization;
  const fields = {
    C: country,
    ST: state,
    L: city,
    street,
    postalCode,
    O: name,
    ...(profile.level === 'ev'
      ? { businessCategory: 'Private Organization', jurisdictionC: country, serialNumber: registrationNumber }
      : {}),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''));
}
