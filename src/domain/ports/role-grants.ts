/** Port for front doors: grants of roles that another administrator must confirm. */

import type { Caller, Reference } from '../caller.ts';
import type { Counting, Page, PageQuery } from '../page.ts';
import type { Role } from '../role.ts';
import type { RoleGrant } from '../role-grant.ts';

/** By id or number, a user also by name. */
export type GrantTarget = { readonly user: string } | { readonly credential: string };

/** Every condition must hold. */
export interface RoleGrantFilter {
  /** Id or number. An operator's lists are of every account by default, anybody else's of their own. */
  readonly account?: string;
  readonly state?: RoleGrant['state'];
  /** Who would get the roles. */
  readonly target?: GrantTarget;
}

export interface RoleGrants {
  /**
   * Proposes what a user or a key may do from now on, for another administrator to confirm: where an account separates
   * duties, that is how approvers and administrators are made. @throws {CertError} forbidden, conflict when one waits
   */
  propose(
    caller: Caller,
    request: { readonly target: GrantTarget; readonly roles: readonly Role[] },
  ): Promise<RoleGrant>;
  /** Newest first. */
  list(caller: Caller, query: RoleGrantFilter & Counting & PageQuery): Promise<Page<RoleGrant>>;
  /** @throws {CertError} forbidden for its proposer, and where they no longer hold the roles; wrongState */
  confirm(caller: Caller, reference: Reference): Promise<RoleGrant>;
  /** Lists the grants for whoever manages users. @throws {CertError} wrongState */
  withdraw(caller: Caller, reference: Reference): Promise<RoleGrant>;
}
