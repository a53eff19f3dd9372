/** What a front door asks of organizations. */
import type { Reference } from '../caller.ts';
import type { AccountId } from '../ids.ts';
import type { Organization, OrganizationContact, OrganizationDetails, OrganizationLevel } from '../organization.ts';
import type { OffsetQuery } from '../page.ts';

export interface NewOrganization {
  readonly details: OrganizationDetails;
  readonly container?: Reference | null;
  readonly contacts?: readonly NewOrganizationContact[];
  /** Asked for verification at once. */
  readonly levels?: readonly OrganizationLevel[];
  /** Only for an operator, who says for whom. */
  readonly accountId?: AccountId;
  /** Another one with the same details may stand beside it; else that is a conflict. */
  readonly allowDuplicate?: boolean;
}

/** `userNumber`: a user or a contact of the account; what is said of the person replaces what is known of a user. */
export type NewOrganizationContact = Omit<OrganizationContact, 'number' | 'userId'> & { readonly userNumber?: number };

export interface OrganizationQuery extends OffsetQuery {
  readonly state?: Organization['state'];
  readonly containerNumber?: number;
  /** Part of the name; `isExact`: all of it. */
  readonly text?: { readonly value: string; readonly isExact: boolean };
  /** Only those with a validation that waits for the operator. */
  readonly isAwaitingVerification?: boolean;
  readonly sort?: { readonly by: 'number' | 'name'; readonly descending: boolean };
}
