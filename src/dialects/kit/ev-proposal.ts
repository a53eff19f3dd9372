/**
 * What an EV certificate must say of the registration, for a client that has no field for it: vendors whose people look it up
 * do not ask. A company, registered in the country that it is in, is what nearly all of them are. It is a proposal to the
 * operator, whose verification has the last word; an EV order waits for that.
 */
import type { OrganizationDetails } from '../../domain/organization.ts';

export function withEvProposal(details: OrganizationDetails): OrganizationDetails {
  if (details.jurisdictionCountry !== undefined) return { businessCategory: 'Private Organization', ...details };
  return { businessCategory: 'Private Organization', jurisdictionCountry: details.country, ...details };
}
