/** Roles in an account, and the operator's. */

/**
 * `operator` runs the server and belongs to no account; the others act within theirs. `administrator`: everything in it.
 * `approver`: decides requests. `requester`: orders, reissues, revokes. `registrar`: organizations and domains.
 * `userManager`: users and their keys. `viewer`: reads; so may each of the others.
 */
export type Role = 'operator' | 'administrator' | 'approver' | 'requester' | 'registrar' | 'userManager' | 'viewer';
