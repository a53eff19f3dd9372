/** A role that two administrators grant together, where an account separates duties: one proposes it, another confirms it. */
import type { AccountId, CredentialId, RoleGrantId, UserId } from './ids.ts';
import type { Role } from './role.ts';
import type { RoleGrantState } from './states.ts';

/** What lets somebody decide alone about what others ask for, or make others who do. */
export const decidingRoles = ['approver', 'administrator'] as const satisfies readonly Role[];

export interface RoleGrant {
  readonly id: RoleGrantId;
  /** int32-safe. */
  readonly number: number;
  readonly accountId: AccountId;
  /** Who would get the roles: a user or a key. */
  readonly subject: UserId | CredentialId;
  /** All that it will have; they replace the ones before. */
  readonly roles: readonly Role[];
  readonly state: RoleGrantState;
  readonly proposedBy: UserId | CredentialId;
  /** Who confirmed or withdrew it; null while it waits. */
  readonly decidedBy: UserId | CredentialId | null;
  readonly createdAt: Date;
  readonly decidedAt: Date | null;
}
