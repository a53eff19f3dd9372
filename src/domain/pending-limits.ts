/** Limits of what an account may leave waiting: each pending order and unproved name is looked at again and again, for weeks. */
import type { Account } from './account.ts';

export interface PendingLimits {
  /** Orders that wait for proofs. */
  readonly pendingOrders: number;
  /** Names in such orders, and names that ACME clients have begun to prove. */
  readonly unprovedNames: number;
}

export const defaultPendingLimits: PendingLimits = { pendingOrders: 1000, unprovedNames: 5000 };

/** The limits of one account: those of all, but for what its own say. */
export type PendingLimitsOf = (account: Pick<Account, 'id' | 'number'>) => PendingLimits;

/** @param own by the id or the number of the account */
export function pendingLimitsOf(
  all: PendingLimits,
  own: Readonly<Record<string, { readonly [Limit in keyof PendingLimits]?: number | undefined } | undefined>>,
): PendingLimitsOf {
  return ({ id, number }) => {
    const { pendingOrders, unprovedNames } = own[id] ?? own[String(number)] ?? {};
    return {
      pendingOrders: pendingOrders ?? all.pendingOrders,
      unprovedNames: unprovedNames ?? all.unprovedNames,
    };
  };
}
