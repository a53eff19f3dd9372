/** First state of an approval request: with an approver, with the first of two, or approved by the account's own rule. */
import type { Account } from '../../domain/account.ts';
import type { Approval, ApprovalWish } from '../../domain/approval.ts';
import type { Caller } from '../../domain/caller.ts';
import type { Role } from '../../domain/role.ts';
import type { ApprovalState } from '../../domain/states.ts';
import { isOperator } from '../scope.ts';

export type RequestedApproval = Pick<Approval, 'state' | 'requestedBy' | 'requestedFrom' | 'comments'>;

export const approvingRoles = ['approver', 'administrator'] as const satisfies readonly Role[];

/**
 * The request under the account's policy. What the platform starts (`caller` null) was approved
 * with the order.
 */
export function requestedApproval(
  account: Account,
  caller: Caller | null,
  wish: ApprovalWish & { readonly isApproved?: boolean } = {},
): RequestedApproval {
  const { comments = '', skip = false, isApproved = false } = wish;
  const requestedBy = caller?.actor ?? null;
  const isFree = caller === null || isApproved || (skip && mayApproveAlone(account, caller));
  const requestedFrom = caller?.address ?? null;
  return { state: isFree ? 'approved' : firstStates[account.approval], requestedBy, requestedFrom, comments };
}

const firstStates = {
  automatic: 'approved',
  manual: 'pending',
  twoStep: 'submitted',
} as const satisfies Record<Account['approval'], ApprovalState>;

/** Nobody takes both of two steps, and so nobody may skip them either. */
function mayApproveAlone({ approval, separatesDuties }: Account, caller: Caller): boolean {
  if (approval === 'twoStep' || separatesDuties) return false;
  return isOperator(caller) || approvingRoles.some((role) => caller.roles.includes(role));
}
