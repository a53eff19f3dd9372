/** Roles in an account, and the operator's. */

/**
 * `operator` runs the server, `support` helps its customers and `auditor` reads everything: they belong to no account and see all of
 * them. The others act within theirs. `administrator`: everything in it. `approver`: decides requests. `requester`: orders, reissues,
 * revokes. `registrar`: organizations and domains. `userManager`: users and their keys. `viewer`: reads; so may each of the others.
 */
export type Role = ServerRole | AccountRole;

export type ServerRole = 'operator' | 'support' | 'auditor';
export type AccountRole = 'administrator' | 'approver' | 'requester' | 'registrar' | 'userManager' | 'viewer';

export const serverRoles = ['operator', 'support', 'auditor'] as const satisfies readonly ServerRole[];
export const accountRoles = [
  'administrator',
  'approver',
  'requester',
  'registrar',
  'userManager',
  'viewer',
] as const satisfies readonly AccountRole[];

export function isServerRole(role: Role): role is ServerRole {
  return role === 'operator' || role === 'support' || role === 'auditor';
}
