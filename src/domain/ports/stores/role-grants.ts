/** Store of role grants. The contract of every store is in `stores.ts`. */
import type { AccountId, CredentialId, RoleGrantId, UserId } from '../../ids.ts';
import type { PageQuery } from '../../page.ts';
import type { RoleGrant } from '../../role-grant.ts';
import type { RoleGrantState } from '../../states.ts';

export interface RoleGrantStore {
  insert(grant: Omit<RoleGrant, 'number'>): Promise<RoleGrant>;
  get(id: RoleGrantId): Promise<RoleGrant | undefined>;
  getByNumber(number: number): Promise<RoleGrant | undefined>;
  /** The one of this user or key that waits. */
  getPending(subject: RoleGrant['subject']): Promise<RoleGrant | undefined>;
  /** Newest first. Null: of every account. */
  list(query: PageQuery & { readonly accountId: AccountId | null }): Promise<readonly RoleGrant[]>;
  /** False when it waits no more. */
  moveFromPending(
    id: RoleGrantId,
    to: Exclude<RoleGrantState, 'pending'>,
    decision: { readonly by: UserId | CredentialId; readonly at: Date },
  ): Promise<boolean>;
}
