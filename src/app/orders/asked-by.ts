/** Where a request begins: with an approver, with the first of two, or approved by the account's own rule. */
import type { Account } from '../../domain/account.ts';
import type { Approval, ApprovalWish } from '../../domain/approval.ts';
import type { Caller } from '../../domain/caller.ts';
import type { Role } from '../../domain/role.ts';
import type { ApprovalState } from '../../domain/states.ts';
import { isOperator } from '../scope.ts';

export type Asked = Pick<Approval, 'state' | 'requestedBy' | 'comments'>;

export const approvingRoles = ['approver', 'administrator'] as const satisfies readonly Role[];

/**
 * What somebody asks for, as the account's policy takes it. What the platform begins by itself (`caller` null) was approved
 * with the order.
 */
export function askedBy(account: Account, caller: Caller | null, wish: ApprovalWish = {}): Asked {
  const { comments = '', skip = false } = wish;
  const requestedBy = caller?.actor ?? null;
  const isFree = caller === null || (skip && mayApproveAlone(account, caller));
  return { state: isFree ? 'approved' : firstStates[account.approval], requestedBy, comments };
}

const firstStates = {
  automatic: 'approved',
  manual: 'pending',
  twoStep: 'submitted',
} as const satisfies Record<Account['approval'], ApprovalState>;

/** Nobody takes both of two steps, so that nobody does without them either. */
function mayApproveAlone({ approval, separatesDuties }: Account, caller: Caller): boolean {
  if (approval === 'twoStep' || separatesDuties) return false;
  return isOperator(caller) || approvingRoles.some((role) => caller.roles.includes(role));
}
