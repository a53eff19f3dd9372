/** The subject of an OV or EV certificate: X.520 attributes of its organization (BR §7.1.2.7.4, EV guidelines §7.1.4.2). */
import type { OrganizationDetails } from '../../domain/organization.ts';
import type { ValidationLevel } from '../../domain/profile.ts';
import type { NameFields } from '../../pki/name.ts';

/** What is unknown is left out: the template refuses a subject that says too little for its level. */
export function subjectOf(organization: OrganizationDetails | null, level: ValidationLevel): NameFields {
  if (organization === null) return {};
  const { name, street, city, state, country, postalCode } = organization;
  const fields = { C: country, ST: state, L: city, street, postalCode, O: name };
  const all = level === 'ev' ? { ...fields, ...registered(organization) } : fields;
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== ''));
}

/** What it is, and where it is registered. */
function registered(organization: OrganizationDetails) {
  return {
    businessCategory: organization.businessCategory,
    jurisdictionC: organization.jurisdictionCountry,
    jurisdictionST: organization.jurisdictionState,
    jurisdictionL: organization.jurisdictionLocality,
    serialNumber: organization.registrationNumber,
    organizationIdentifier: organization.organizationIdentifier,
  };
}
