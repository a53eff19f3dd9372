/** Permissions of a caller by role: the core checks them at every call, and so do front doors that look at something first. */
import { refuse } from './errors.ts';
import type { AccountId, CredentialId, UserId, UserSessionId } from './ids.ts';
import { isServerRole, type Role } from './role.ts';
import type { SeenObject } from './seen-object.ts';

/** Roles that may request certificates. An approver may request too; where duties are separated they do not decide their own. */
export const orderingRoles = ['requester', 'approver', 'administrator'] as const satisfies readonly Role[];
/** Roles that decide requests. */
export const approvingRoles = ['approver', 'administrator'] as const satisfies readonly Role[];
/** Roles that keep organizations and domains. */
export const registeringRoles = ['registrar', 'administrator'] as const satisfies readonly Role[];
/** Roles that have names checked, with an order or without one. */
export const provingRoles = [...orderingRoles, 'registrar'] as const satisfies readonly Role[];
/** Roles that move on what is under way already: they check again, choose another way to prove a name, send a certificate again. */
export const helpingRoles = [...orderingRoles, 'support'] as const satisfies readonly Role[];
/** The same for names outside of orders. */
export const rehearsingRoles = [...provingRoles, 'support'] as const satisfies readonly Role[];
/** The same for the domains of an account. */
export const tendingRoles = [...registeringRoles, 'support'] as const satisfies readonly Role[];
/** Roles that manage users and their keys. */
export const managingRoles = ['administrator', 'userManager'] as const satisfies readonly Role[];
/** Roles that make and end keys: those who manage them all, and those who in a session of theirs may have their own. */
export const keyHoldingRoles = [...managingRoles, 'requester'] as const satisfies readonly Role[];
/** Roles that set up the account. */
export const administeringRoles = ['administrator'] as const satisfies readonly Role[];
/** Roles that run the server. */
export const operatingRoles = ['operator'] as const satisfies readonly Role[];
/** Roles that read what concerns the server as a whole. */
export const overseeingRoles = ['operator', 'support', 'auditor'] as const satisfies readonly Role[];
/** Roles that read the audit log. */
export const tracingRoles = [...approvingRoles, 'support', 'auditor'] as const satisfies readonly Role[];
/** Roles that read who holds which keys. */
export const keyReadingRoles = [...managingRoles, 'support', 'auditor'] as const satisfies readonly Role[];
/** The same, and those who read only of their own. */
export const ownKeyReadingRoles = [...keyReadingRoles, 'requester'] as const satisfies readonly Role[];

export function isOperator(caller: Pick<Caller, 'scope' | 'roles'>): boolean {
  return caller.scope === 'all' && caller.roles.includes('operator');
}

/**
 * Reports whether the objects of every account are the caller's to see. What they may do with them is a matter of their roles: only an
 * operator has all of those.
 */
export function seesAllAccounts({ scope, roles }: Pick<Caller, 'scope' | 'roles'>): boolean {
  return scope === 'all' && roles.some(isServerRole);
}

/** @throws {CertError} forbidden unless the caller has one of the roles; an operator has all of them */
export function requireRole(caller: Caller, ...roles: readonly Role[]): void {
  if (isOperator(caller) || roles.some((role) => caller.roles.includes(role))) return;
  throw refuse('roleMissing', { role: roles });
}

/** Scope of a caller: every account, or one. Their roles say what they may do there. */
export type Scope = 'all' | AccountId;

/** An authenticated caller. */
export interface Caller {
  /** The front door they came through. */
  readonly dialect: string;
  /** True if they see what came through other front doors as well (`Dialect.seesAllDialects`). */
  readonly seesAllDialects: boolean;
  readonly scope: Scope;
  /** An operator who acts for the account of `scope`: the audit log names both. */
  readonly isActingFor: boolean;
  /** The actor that the audit log names. */
  readonly actor: UserId | CredentialId;
  readonly credentialId: CredentialId | null;
  /** The session of a person, whose id is the actor's. Absent: they came in by a key. */
  readonly sessionId?: UserSessionId;
  /** In a session: the password was typed a short while ago (`confirmationMs`). */
  readonly isConfirmed?: boolean;
  readonly roles: readonly Role[];
  /** What they act on, as they have seen it: where it has changed since, nothing is done. */
  readonly seen?: SeenObject;
  readonly address: string;
  readonly requestId: string;
}

/** Origin of a request, before it is known who sends it. */
export interface Origin {
  readonly address: string;
  readonly requestId: string;
}

/** The account the caller acts for. @throws {CertError} forbidden for an operator, who acts for none */
export function accountIdOf(caller: Caller): AccountId {
  if (caller.scope === 'all') throw refuse('accountNeeded', {});
  return caller.scope;
}

/** The account of which lists are; null: of every one. */
export function accountFilter({ scope }: Caller): AccountId | null {
  return scope === 'all' ? null : scope;
}

/** Something of the account by number or by id. */
export type Reference = { readonly number: number } | { readonly id: string };
