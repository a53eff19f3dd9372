/** What a caller's roles let them do: asked by the core of every call, and by front doors that look at something first. */
import type { Role } from './account.ts';
import { refuse } from './errors.ts';
import type { Caller } from './platform.ts';

/** Whoever asks for certificates. An approver may ask as well; where duties are separated they do not decide it. */
export const orderingRoles = ['requester', 'approver', 'administrator'] as const satisfies readonly Role[];

export function isOperator(caller: Caller): boolean {
  return caller.accountId === null && caller.roles.includes('operator');
}

/** @throws {CertError} forbidden unless the caller has one of the roles; an operator has all of them */
export function requireRole(caller: Caller, ...roles: readonly Role[]): void {
  if (isOperator(caller) || roles.some((role) => caller.roles.includes(role))) return;
  throw refuse('roleMissing', { role: roles });
}
