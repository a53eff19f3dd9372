/** What each role may do, and which roles may be given to whom. */
import type { Role } from '../../domain/account.ts';
import { type Caller, orderingRoles, requireRole } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import type { Platform } from '../../domain/ports/platform.ts';

const anyone = null;
const approving = ['approver', 'administrator'] as const satisfies readonly Role[];

/** Who may call what; null: every role. Reading is open to all of them, except the reading of private keys. */
const platformRoles = {
  createDevice: anyone,
  register: anyone,
  authenticate: anyone,
  account: anyone,
  products: anyone,
  checkOrder: orderingRoles,
  placeOrder: orderingRoles,
  order: anyone,
  settle: anyone,
  orders: anyone,
  recheck: orderingRoles,
  chooseMethods: orderingRoles,
  chooseMethod: orderingRoles,
  removeNames: orderingRoles,
  searchOrders: anyone,
  issuances: anyone,
  changedOrders: anyone,
  changeOrder: orderingRoles,
  addNote: orderingRoles,
  notes: anyone,
  provideCsr: orderingRoles,
  reissue: orderingRoles,
  withdrawReissue: orderingRoles,
  duplicate: orderingRoles,
  privateKey: orderingRoles,
  checkChallenges: orderingRoles,
  revoke: orderingRoles,
  requestRevocation: orderingRoles,
  cancel: orderingRoles,
  decide: approving,
  approvals: anyone,
  approval: anyone,
  decideApproval: approving,
  caa: anyone,
  certificates: anyone,
  certificate: anyone,
  sendCertificate: orderingRoles,
  revokeCertificate: orderingRoles,
  blockKey: ['administrator'],
  unblockKey: ['administrator'],
  blockedKeys: anyone,
  importBlockedKeys: ['administrator'],
  certificatesOfKey: anyone,
  revokeCertificatesOfKey: orderingRoles,
  reportCompromise: anyone,
} as const satisfies Record<keyof Platform, readonly Role[] | null>;

/** The platform, each of whose calls is refused to callers without one of its roles. */
export function guarded(platform: Platform): Platform {
  const guard = (method: AnyMethod, roles: readonly Role[] | null): AnyMethod => {
    if (roles === null) return method;
    return async (caller, ...rest) => {
      requireRole(caller, ...roles);
      return method(caller, ...rest);
    };
  };
  const methods = Object.entries(platform as unknown as Readonly<Record<keyof Platform, AnyMethod>>);
  // Every call that has roles takes its caller first; TypeScript cannot follow that through Object.entries.
  return Object.fromEntries(
    methods.map(([name, method]) => [name, guard(method, platformRoles[name as keyof Platform])]),
  ) as unknown as Platform;
}

type AnyMethod = (caller: Caller, ...rest: readonly unknown[]) => Promise<unknown>;

const accountRoles = ['administrator', 'approver', 'requester', 'registrar', 'userManager', 'viewer'] as const;

/** What a role covers: the roles that the keys of somebody with it may have, and that they may give to others. */
const covered = {
  operator: ['operator'],
  administrator: accountRoles,
  approver: ['approver', 'requester', 'viewer'],
  requester: ['requester', 'viewer'],
  registrar: ['registrar', 'viewer'],
  userManager: ['userManager', 'viewer'],
  viewer: ['viewer'],
} as const satisfies Record<Role, readonly Role[]>;

/** Of the wanted roles those that a key of somebody with `roles` may have. */
export function within(roles: readonly Role[], wanted: readonly Role[]): readonly Role[] {
  const allowed = new Set<Role>(roles.flatMap((role) => covered[role]));
  return wanted.filter((role) => allowed.has(role));
}

/** What is left of a key's roles where its user has only these: a key that lost all of them still looks. */
export function limitedTo(userRoles: readonly Role[], keyRoles: readonly Role[]): readonly Role[] {
  const kept = within(userRoles, keyRoles);
  return kept.length > 0 ? kept : ['viewer'];
}

/** What a device of an account may do: order and manage its certificates, or only look where its user may not order. */
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
  const expected = {
    en: `within those of its user (${userRoles.join(', ')})`,
    zh: `不超出其用户的角色（${userRoles.join('、')}）`,
  };
  throw refuse('fieldInvalid', { field: 'roles', value: quoted(excess), expected });
}
