/** Links that show what an order's names wait for to whoever has the link: read only, for some days, and nothing of the account. */
import type { AccountId, CredentialId, OrderId, OrderShareId, UserId } from './ids.ts';

export interface OrderShare {
  readonly id: OrderShareId;
  readonly accountId: AccountId;
  readonly orderId: OrderId;
  /** SHA-256 of the token; the token itself is only in the link. */
  readonly tokenHash: Uint8Array;
  readonly createdBy: UserId | CredentialId;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export const shareDays = 7;

/** Of one order at the same time. Whoever needs more has lost count of who can read it. */
export const mostShares = 20;
