/** Store of role grants. The contract of every store is in `stores.ts`. */
import type { AccountId, CredentialId, RoleGrantId, UserId } from '../../ids.ts';
import type { PageQuery, Total } from '../../page.ts';
import type { RoleGrant } from '../../role-grant.ts';
import type { RoleGrantState } from '../../states.ts';

export interface StoredRoleGrantFilter {
  /** Null: of every account. */
  readonly accountId: AccountId | null;
  readonly state?: RoleGrantState;
  readonly subject?: RoleGrant['subject'];
}

export interface RoleGrantStore {
  insert(grant: Omit<RoleGrant, 'number'>): Promise<RoleGrant>;
  get(id: RoleGrantId): Promise<RoleGrant | undefined>;
  getByNumber(number: number): Promise<RoleGrant | undefined>;
  /** The one of this user or key that waits. */
  getPending(subject: RoleGrant['subject']): Promise<RoleGrant | undefined>;
  /** Newest first. */
  list(query: StoredRoleGrantFilter & PageQuery): Promise<readonly RoleGrant[]>;
  /** How many all pages of that list have. */
  count(filter: StoredRoleGrantFilter): Promise<Total>;
  /** False when it waits no more. */
  moveFromPending(
    id: RoleGrantId,
    to: Exclude<RoleGrantState, 'pending'>,
    decision: { readonly by: UserId | CredentialId; readonly at: Date },
  ): Promise<boolean>;
}
