/** Accounts: tenants, the people who sign in for them, and the keys their software uses. */
import type { ApprovalPolicy } from './approval.ts';
import type {
  AccountId,
  ContainerId,
  CredentialId,
  ExternalAccountKeyId,
  LedgerEntryId,
  OrderId,
  UserId,
} from './ids.ts';
import type { OwnPrices } from './product.ts';
import type { Role } from './role.ts';

export const madeKeysChoices = ['anyIssuer', 'ownCa'] as const;
export type MadeKeys = (typeof madeKeysChoices)[number];

export interface Account {
  readonly id: AccountId;
  readonly number: number;
  readonly name: string;
  readonly state: 'active' | 'suspended';
  readonly currency: string;
  readonly approval: ApprovalPolicy;
  /** Separation of duties: nobody approves their own request. */
  readonly separatesDuties: boolean;
  /** Whose CAs may certify keys that certmux or an upstream made: any issuer's, or only the one of this server. */
  readonly madeKeys: MadeKeys;
  /** Products the account may order, as `productCodeOf` names them; null: all. */
  readonly productCodes: readonly string[] | null;
  /** Registrable domains and addresses the account may order for; null: any. */
  readonly allowedNames: readonly string[] | null;
  /** Prices of its own, by the id of the product: they count instead of the product's. */
  readonly prices: OwnPrices;
  readonly contactEmail: string;
  /** With less than this its balance is low; null: it never is. */
  readonly lowBalanceMinor: number | null;
  /** When its balance became low; null: it is not. */
  readonly lowSince: Date | null;
  readonly createdAt: Date;
}

/** An account as its holder and the operator see it. */
export interface FundedAccount extends Account {
  /** The sum of the ledger, kept beside it so that an order need not add it up. */
  readonly balanceMinor: number;
}

export interface User {
  readonly id: UserId;
  /** int32-safe; one sequence for users, credentials and the contacts of organizations, so that a number tells who is meant. */
  readonly number: number;
  /** `service`: a program; it holds keys and never signs in. */
  readonly kind: 'person' | 'service';
  readonly person: Person;
  /** The part of the account that they belong to; null: the whole. It limits nothing by itself. */
  readonly containerId: ContainerId | null;
  readonly lastSignInAt: Date | null;
  readonly accountId: AccountId | null;
  /** Lower case; an e-mail address for the dialects that sign in by one. */
  readonly username: string;
  /** `scrypt$N$r$p$salt$hash`, base64; null: cannot sign in. */
  readonly passwordHash: string | null;
  readonly roles: readonly Role[];
  /** `removed`: for good. What they did stays theirs, but their user name is free for somebody else. */
  readonly state: 'active' | 'disabled' | 'removed';
  /** The actor who made it; not known for the installation's first user and some older ones. */
  readonly createdBy: UserId | CredentialId | null;
  readonly createdAt: Date;
}

/** A public key of the account's software. One key opens one credential of a front door and realm. */
export interface CredentialKey {
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  /** SHA-256 of it, hex. */
  readonly hash: string;
  /** A part of the front door that has keys of its own: an ACME directory. Empty where it has no parts. */
  readonly realm: string;
}

export interface Credential {
  readonly id: CredentialId;
  /** int32-safe, from the same sequence as users. */
  readonly number: number;
  /** Null for an operator's credential. */
  readonly accountId: AccountId | null;
  readonly userId: UserId | null;
  /** The front door it opens. */
  readonly dialect: string;
  /** The half that may be shown: a client_id, a customer_id, the start of a token. Unique within the dialect. */
  readonly publicId: string;
  /** SHA-256 of the secret half (at least 128 random bits, so that a plain hash is enough); null: it has a public key instead. */
  readonly secretHash: Uint8Array | null;
  /** The key whose signatures open the front door, where there is no secret. */
  readonly key: CredentialKey | null;
  /** The key that bound it to the account (RFC 8555 §7.3.4); null: none did. */
  readonly externalAccountKeyId: ExternalAccountKeyId | null;
  /** Data that only its front door reads. */
  readonly dialectData: Readonly<Record<string, unknown>>;
  readonly label: string;
  readonly roles: readonly Role[];
  /** Addresses it may be used from (CIDR); null: any. */
  readonly allowedAddresses: readonly string[] | null;
  /** The actor who made it: a person, or another key; null where not recorded. A key without holder counts as that actor. */
  readonly createdBy: UserId | CredentialId | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  /** From where it was used then. */
  readonly lastUsedAddress: string | null;
  /** From then on it is refused; null: it has no end. */
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/** One line of an account's append-only ledger. */
export interface LedgerEntry {
  readonly id: LedgerEntryId;
  readonly accountId: AccountId;
  readonly kind: 'credit' | 'charge' | 'refund';
  /** A positive amount adds to the balance. */
  readonly amountMinor: number;
  readonly balanceAfterMinor: number;
  readonly currency: string;
  readonly orderId: OrderId | null;
  readonly note: string;
  /** Who credited the account or refunded an order that stays; null for what an order was charged, and gave back when it ended. */
  readonly actor: UserId | CredentialId | null;
  readonly at: Date;
}

/** What the lines of one month come to, by kind: amounts that were charged are positive here. */
export interface AccountMonth {
  readonly accountId: AccountId;
  /** Such as 202611 (`month.ts`), in UTC. */
  readonly month: number;
  readonly chargedMinor: number;
  readonly refundedMinor: number;
  readonly creditedMinor: number;
}

/** The lines of an account stand in the order of this number, which all accounts share. */
export interface NumberedEntry extends LedgerEntry {
  readonly sequence: number;
}

export interface Container {
  readonly id: ContainerId;
  /** int32-safe. */
  readonly number: number;
  readonly accountId: AccountId;
  /** Null: the root, which every account has from its beginning. */
  readonly parentId: ContainerId | null;
  readonly name: string;
  readonly description: string;
  readonly state: 'active' | 'inactive';
  /** Registrable domains and names for which orders may be placed in it, sub-domains included; null: any of the account. */
  readonly allowedNames: readonly string[] | null;
  readonly createdAt: Date;
}

/** A natural person, as forms describe one. Fields that were not filled in are empty. */
export interface Person {
  readonly firstName: string;
  readonly lastName: string;
  readonly jobTitle: string;
  readonly phone: string;
  readonly email: string;
}

/** The most characters of each of them. */
export const longestPersonText = 128;

export const longestUsername = 254;

/** Of the label of a credential. */
export const longestCredentialLabel = 200;

export const nobody: Person = { firstName: '', lastName: '', jobTitle: '', phone: '', email: '' };
