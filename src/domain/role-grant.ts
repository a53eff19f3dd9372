/** A role that two administrators grant together, where an account separates duties: one proposes it, another confirms it. */
import type { AccountId, CredentialId, RoleGrantId, UserId } from './ids.ts';
import type { Role } from './role.ts';
import type { RoleGrantState } from './states.ts';

/** Roles whose holder decides on others' requests without a second person, or gives such roles to others. */
export const decidingRoles = ['approver', 'administrator'] as const satisfies readonly Role[];

export interface RoleGrant {
  readonly id: RoleGrantId;
  /** int32-safe. */
  readonly number: number;
  readonly accountId: AccountId;
  /** The user or key that would get the roles. */
  readonly subject: UserId | CredentialId;
  /** All that it will have; they replace the ones before. */
  readonly roles: readonly Role[];
  readonly state: RoleGrantState;
  readonly proposedBy: UserId | CredentialId;
  /** The user who confirmed or withdrew it; null while it waits. */
  readonly decidedBy: UserId | CredentialId | null;
  readonly createdAt: Date;
  readonly decidedAt: Date | null;
}
