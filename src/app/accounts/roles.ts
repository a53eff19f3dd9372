/** The roles that each role covers, and who may give which roles to whom. */

import { quoted, refuse } from '../../domain/errors.ts';
import { expectedOf } from '../../domain/messages/expectations.ts';
import { accountRoles, type Role, serverRoles } from '../../domain/role.ts';

/** The roles that a role covers: those that its holder's keys may have, and that they may give to others. */
const covered = {
  operator: serverRoles,
  support: ['support'],
  auditor: ['auditor'],
  administrator: accountRoles,
  approver: ['approver', 'requester', 'viewer'],
  requester: ['requester', 'viewer'],
  registrar: ['registrar', 'viewer'],
  userManager: ['userManager', 'viewer'],
  viewer: ['viewer'],
} as const satisfies Record<Role, readonly Role[]>;

/** The requested roles that a key of somebody with `roles` may have. */
export function within(roles: readonly Role[], wanted: readonly Role[]): readonly Role[] {
  const allowed = new Set<Role>(roles.flatMap((role) => covered[role]));
  return wanted.filter((role) => allowed.has(role));
}

/** The roles left to a key whose user has only these: a key that lost all of them may still read. */
export function limitedTo(userRoles: readonly Role[], keyRoles: readonly Role[]): readonly Role[] {
  const kept = within(userRoles, keyRoles);
  return kept.length > 0 ? kept : ['viewer'];
}

/** Role of a device: it orders and manages certificates, or only reads where its user may not order. */
export function deviceRoles(roles: readonly Role[]): readonly Role[] {
  const ordering = within(roles, ['requester']);
  return ordering.length > 0 ? ordering : ['viewer'];
}

/** Those of the roles that somebody does not hold. An operator holds everything, an administrator all of an account. */
export function notHeld(held: readonly Role[], roles: readonly Role[]): readonly Role[] {
  if (held.includes('operator')) return [];
  const allowed = within(held, roles);
  return [...new Set(roles)].filter((role) => !allowed.includes(role));
}

/**
 * Nobody gives, takes or touches a role that they do not hold.
 * @throws {CertError} forbidden, naming the roles that they may give
 */
export function requireHeld(held: readonly Role[], roles: readonly Role[]): void {
  const missing = notHeld(held, roles);
  if (missing.length > 0) throw refuse('roleNotHeld', { role: missing, givable: within(held, accountRoles) });
}

/** @throws {CertError} invalidField when a key would have a role that its user does not */
export function requireWithin(userRoles: readonly Role[], wanted: readonly Role[]): void {
  const allowed = within(userRoles, wanted);
  const excess = wanted.find((role) => !allowed.includes(role));
  if (excess === undefined) return;
  throw refuse('fieldInvalid', { field: 'roles', value: quoted(excess), expected: expectedOf.withinRoles(userRoles) });
}
