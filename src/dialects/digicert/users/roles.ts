/**
 * Roles of users and keys, by the vendor's numbers: access roles of users, roles that restrict a key, and the permissions
 * that `GET /authorization` lists.
 */
import { refuse } from '../../../domain/errors.ts';
import type { Role } from '../../../domain/role.ts';

export interface WireRole {
  readonly id: number;
  readonly name: string;
}

interface RoleRow extends WireRole {
  readonly roles: readonly Role[];
}

/**
 * The vendor's limited user sees only the orders that they placed themselves, which nobody here is held to: they get what a
 * standard user gets (docs/divergences/digicert.md). In the order in which a set of roles is recognized.
 */
const accessRoles: readonly RoleRow[] = [
  { id: 1, name: 'Administrator', roles: ['administrator'] },
  { id: 4, name: 'Manager', roles: ['approver', 'requester', 'registrar', 'userManager'] },
  { id: 5, name: 'Standard User', roles: ['requester'] },
  { id: 3, name: 'Finance Manager', roles: ['viewer'] },
  { id: 2, name: 'Limited User', roles: ['requester'] },
];

export const standardUser = 5;

/** 0: whatever the key's user may do. */
const keyRoleRows: readonly RoleRow[] = [
  { id: 100, name: 'Orders', roles: ['requester'] },
  { id: 101, name: 'Orders, Domains, Organizations', roles: ['requester', 'registrar'] },
  { id: 102, name: 'View Only', roles: ['viewer'] },
  { id: 103, name: 'User Management', roles: ['userManager'] },
];

export const allAccessRoles: readonly WireRole[] = accessRoles.map(toWire).toSorted((a, b) => a.id - b.id);
export const allKeyRoles: readonly WireRole[] = keyRoleRows.map(toWire);

/** @throws {CertError} invalidField */
export function rolesFromWire(ids: readonly number[], field = 'access_roles'): readonly Role[] {
  const roles = ids.flatMap((id, index) => {
    const row = accessRoles.find((candidate) => candidate.id === id);
    if (row !== undefined) return row.roles;
    throw refuse('fieldInvalid', { field: `${field}[${index}].id`, value: String(id), expected: '1, 2, 3, 4, 5' });
  });
  return [...new Set(roles)];
}

/** The first role of the vendor's that holds no more than these. */
export function rolesToWire(roles: readonly Role[]): readonly WireRole[] {
  const row = accessRoles.find((candidate) => candidate.roles.every((role) => roles.includes(role)));
  return row === undefined ? [] : [toWire(row)];
}

/**
 * The roles of a key: those of its user, or what the restriction leaves of them.
 * @throws {CertError} invalidField; forbidden when nothing is left
 */
export function keyRolesFromWire(restriction: number | undefined, ofUser: readonly Role[]): readonly Role[] {
  if (restriction === undefined || restriction === 0) return ofUser;
  const row = keyRoleRows.find(({ id }) => id === restriction);
  if (row === undefined) {
    const expected = '0, 100, 101, 102, 103';
    throw refuse('fieldInvalid', { field: 'restricted_to_role_id', value: String(restriction), expected });
  }
  const left = row.roles.filter((role) => mayGive(ofUser, role));
  if (left.length === 0) throw refuse('roleMissing', { role: row.roles });
  return left;
}

export function restrictionOf(roles: readonly Role[]): number {
  const row = keyRoleRows.find(
    (candidate) => candidate.roles.length === roles.length && candidate.roles.every((role) => roles.includes(role)),
  );
  return row?.id ?? 0;
}

/** Everybody may read. */
function mayGive(held: readonly Role[], role: Role): boolean {
  return role === 'viewer' || held.includes('administrator') || held.includes(role);
}

/** Permissions: the vendor's words for what this server has a call for. */
const permissions: readonly (readonly [string, Role | 'anybody'])[] = [
  ['create_containers', 'administrator'],
  ['view_container', 'anybody'],
  ['create_users', 'userManager'],
  ['edit_users', 'userManager'],
  ['view_users', 'anybody'],
  ['add_domains', 'registrar'],
  ['submit_domain_for_validation', 'registrar'],
  ['view_domains', 'anybody'],
  ['add_organizations', 'registrar'],
  ['submit_organization_for_validation', 'registrar'],
  ['view_organizations', 'anybody'],
  ['manage_organization_contacts', 'registrar'],
  ['place_order', 'requester'],
  ['view_all_orders', 'anybody'],
  ['approve_request', 'approver'],
  ['reject_request', 'approver'],
  ['skip_approval', 'approver'],
  ['view_all_requests', 'anybody'],
  ['revoke_certificates', 'requester'],
  ['manage_api_keys', 'userManager'],
  ['manage_custom_fields', 'administrator'],
  ['view_balance', 'anybody'],
];

export function permissionsOf(roles: readonly Role[]): { readonly authorized: boolean; readonly permission: string }[] {
  return permissions.map(([permission, role]) => ({
    authorized: role === 'anybody' || roles.includes('administrator') || roles.includes(role),
    permission,
  }));
}

function toWire({ id, name }: WireRole): WireRole {
  return { id, name };
}
