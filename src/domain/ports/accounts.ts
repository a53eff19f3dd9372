/** Port for front doors: accounts. */

import type { Account, FundedAccount, LedgerEntry } from '../account.ts';
import type { Caller } from '../caller.ts';
import type { Counting, Page, PageQuery } from '../page.ts';

export interface Registration {
  /** Compared in constant time; refused as `registrationCode`. */
  readonly code: { readonly given: string; readonly expected: string };
  readonly username: string;
  readonly password: string;
  readonly accountName: string;
  readonly currency: string;
  readonly contactEmail: string;
  /** The number of accounts that may be made in an hour: in all, and from one network. */
  readonly limits: { readonly perHour: number; readonly perHourAndNetwork: number };
}

export interface NewAccount {
  readonly name: string;
  readonly currency: string;
  readonly approval: Account['approval'];
  /** False by default. */
  readonly separatesDuties?: boolean;
  /** `anyIssuer` by default. */
  readonly madeKeys?: Account['madeKeys'];
  readonly productCodes: readonly string[] | null;
  readonly allowedNames: readonly string[] | null;
  readonly contactEmail: string;
  /** In minor units; null by default: its balance is never low. */
  readonly lowBalanceMinor?: number | null;
}

export interface AccountChange {
  readonly name?: string;
  readonly state?: Account['state'];
  readonly approval?: Account['approval'];
  readonly separatesDuties?: boolean;
  readonly madeKeys?: Account['madeKeys'];
  readonly productCodes?: readonly string[] | null;
  readonly allowedNames?: readonly string[] | null;
  readonly contactEmail?: string;
  readonly lowBalanceMinor?: number | null;
}

/** Every condition must hold. */
export interface AccountFilter {
  /** Part of the name or of the address, or the number. */
  readonly text?: string;
  readonly state?: Account['state'];
  /** In minor units of the account's own currency. */
  readonly balanceBelow?: number;
  /** Whether its balance is low by its own threshold. */
  readonly isLow?: boolean;
}

export type AccountSort = 'number' | 'name' | 'balance';

/** The place of an account in a list: by what it is sorted by, then by its number. */
export interface AccountPlace {
  readonly value: string | number;
  readonly number: number;
}

export interface AccountQuery extends AccountFilter, Counting {
  readonly limit: number;
  readonly before?: AccountPlace;
  /** Newest first by default. */
  readonly sort?: { readonly by: AccountSort; readonly descending: boolean };
}

/** Every condition must hold. */
export interface LedgerFilter {
  readonly kind?: LedgerEntry['kind'];
  /** Of this order of the account: id or number. */
  readonly order?: string;
  /** Included. */
  readonly from?: Date;
  /** Excluded. */
  readonly until?: Date;
}

export interface Accounts {
  create(caller: Caller, request: NewAccount): Promise<FundedAccount>;
  list(caller: Caller, page: PageQuery): Promise<Page<FundedAccount>>;
  find(caller: Caller, query: AccountQuery): Promise<Page<FundedAccount, AccountPlace>>;
  /** By id or number; the caller's own by default. */
  get(caller: Caller, idOrNumber?: string): Promise<FundedAccount>;
  /**
   * A suspended account is refused at every call. Its orders under way rest until it is resumed, and those with names that are
   * no longer allowed until they are again; what is being signed already is finished.
   */
  change(caller: Caller, idOrNumber: string, change: AccountChange): Promise<FundedAccount>;
  credit(caller: Caller, idOrNumber: string, request: { amountMinor: number; note: string }): Promise<LedgerEntry>;
  /** Newest first. */
  ledger(caller: Caller, idOrNumber: string, query: PageQuery & Counting & LedgerFilter): Promise<Page<LedgerEntry>>;
}
