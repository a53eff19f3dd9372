/** The organization that an order names, or describes. */
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import {
  isVerified,
  type Organization,
  type OrganizationDetails,
  type OrganizationLevel,
  organizationLevels,
} from '../../domain/organization.ts';
import type { OrganizationChoice } from '../../domain/ports/orders.ts';
import type { NewOrganizationContact } from '../../domain/ports/organizations.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Product } from '../../domain/product.ts';
import type { AppContext } from '../context.ts';
import { accountIdOf } from '../scope.ts';
import { checkDetails, requireDetails } from './organization-details.ts';
import { isDescribedBy, requireRegistration } from './organization-registration.ts';
import { findOrganization, insertOrganization, requestVerification, requireActive } from './organizations.ts';

/** Refuses before the transaction: an organization that is missing or whose details do not suffice. */
export function checkChoice({ level }: Pick<Product, 'level'>, choice: OrganizationChoice | null): void {
  if (choice === null) {
    if (level === 'dv') return;
    throw refuse('organizationRequired', { field: 'organization', level: level.toUpperCase() });
  }
  if (isDetails(choice)) requireDetails(level, choice);
}

/** A reference names; details describe. */
function isDetails(choice: OrganizationChoice): choice is OrganizationDetails {
  return 'name' in choice;
}

/**
 * The account's organization that is meant. Details take the one that has the same, or make it.
 * @throws {CertError} notFound, organizationRequired, organizationLacks, wrongState for one that no longer takes orders
 */
export async function chooseOrganization(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  {
    choice,
    level,
    contacts = [],
  }: {
    readonly choice: OrganizationChoice;
    readonly level: Product['level'];
    /** Set for an organization that is created. */
    readonly contacts?: readonly NewOrganizationContact[] | undefined;
  },
): Promise<Organization> {
  const levels = organizationLevels.filter((one) => one === level);
  const organization = isDetails(choice)
    ? await takeOrMake(context, tx, caller, { details: checkDetails(choice), contacts, levels })
    : await findOrganization(tx, caller, choice);
  requireActive(organization);
  requireRegistration(level, organization);
  // An order requests its verification: the operator finds it in the list of those that wait.
  return requestVerification(context, tx, caller, { organization, levels });
}

/** Among several with the same details, the active and verified one; an inactive one only if all are. */
async function takeOrMake(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  {
    details,
    contacts,
    levels,
  }: {
    readonly details: OrganizationDetails;
    readonly contacts: readonly NewOrganizationContact[];
    readonly levels: readonly OrganizationLevel[];
  },
): Promise<Organization> {
  const accountId = accountIdOf(caller);
  const named = await tx.organizations.listByDetails(accountId, details);
  const same = named.filter((one) => isDescribedBy(one, details));
  const [first] = same;
  if (first === undefined) {
    return insertOrganization(context, tx, caller, { accountId, details, containerId: null, contacts, levels });
  }
  const now = context.clock.now();
  const active = same.filter(({ state }) => state === 'active');
  return active.find((one) => levels.every((level) => isVerified(one, level, now))) ?? active[0] ?? first;
}
