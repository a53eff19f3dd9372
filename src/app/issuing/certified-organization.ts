/** The organization that a certificate names. */
import type { OrganizationDetails } from '../../domain/organization.ts';
import { certifiedDetails } from '../../domain/organization.ts';
import { type AppContext, profileOf } from '../context.ts';
import type { IssueWork } from './work-to-sign.ts';

/** Only an EV subject says what is not in the details: no other order costs a query. */
export async function certifiedOrganization(
  context: AppContext,
  { order, issuance }: IssueWork,
): Promise<OrganizationDetails | null> {
  const { organization, organizationId } = order;
  if (organizationId === null || profileOf(context, issuance.profileId).level !== 'ev') return organization;
  const verified = await context.database.read.organizations.get(organizationId);
  return verified === undefined ? organization : certifiedDetails(verified);
}
