/** Who calls us: tenants, the people who sign in for them, and the keys their software uses. */
import type { AccountId, CredentialId, LedgerEntryId, OrderId, UserId } from './ids.ts';

export interface Account {
  readonly id: AccountId;
  readonly number: number;
  readonly name: string;
  readonly state: 'active' | 'suspended';
  readonly currency: string;
  /** The sum of the ledger, kept beside it so that an order need not add it up. */
  readonly balanceMinor: number;
  readonly approval: 'automatic' | 'manual';
  /** Products the account may order, as `dialect:code`; null: all. */
  readonly productCodes: readonly string[] | null;
  /** Registrable domains and addresses the account may order for; null: any. */
  readonly allowedNames: readonly string[] | null;
  readonly contactEmail: string;
  readonly createdAt: Date;
}

/** `operator` runs the server and belongs to no account; the others act within theirs. */
export type Role = 'operator' | 'administrator' | 'approver' | 'requester';

export interface User {
  readonly id: UserId;
  readonly accountId: AccountId | null;
  /** Lower case; an e-mail address for the dialects that sign in by one. */
  readonly username: string;
  /** `scrypt$N$r$p$salt$hash`, base64. */
  readonly passwordHash: string;
  readonly roles: readonly Role[];
  readonly state: 'active' | 'disabled';
  readonly createdAt: Date;
}

export interface Credential {
  readonly id: CredentialId;
  /** Null for an operator's credential. */
  readonly accountId: AccountId | null;
  readonly userId: UserId | null;
  /** The front door it opens. */
  readonly dialect: string;
  /** The half that may be shown: a client_id, a customer_id, the start of a token. Unique within the dialect. */
  readonly publicId: string;
  /** SHA-256 of the secret half (at least 128 random bits, so that a plain hash is enough). */
  readonly secretHash: Uint8Array;
  readonly label: string;
  readonly roles: readonly Role[];
  /** Addresses it may be used from (CIDR); null: any. */
  readonly allowedAddresses: readonly string[] | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** One line of an account's append-only ledger. */
export interface LedgerEntry {
  readonly id: LedgerEntryId;
  readonly accountId: AccountId;
  readonly kind: 'credit' | 'charge' | 'refund';
  /** Positive adds to the balance. */
  readonly amountMinor: number;
  readonly balanceAfterMinor: number;
  readonly currency: string;
  readonly orderId: OrderId | null;
  readonly note: string;
  readonly at: Date;
}
