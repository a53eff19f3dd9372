/** What a front door asks of accounts. */
import type { Account } from '../account.ts';

export interface Registration {
  /** Compared in constant time; refused as `registrationCode`. */
  readonly code: { readonly given: string; readonly expected: string };
  readonly username: string;
  readonly password: string;
  readonly accountName: string;
  readonly currency: string;
  readonly contactEmail: string;
  /** How many accounts may be made in an hour: in all, and from one network. */
  readonly limits: { readonly perHour: number; readonly perHourAndNetwork: number };
}

export interface NewAccount {
  readonly name: string;
  readonly currency: string;
  readonly approval: Account['approval'];
  /** False unless told. */
  readonly separatesDuties?: boolean;
  readonly productCodes: readonly string[] | null;
  readonly allowedNames: readonly string[] | null;
  readonly contactEmail: string;
}

export interface AccountChange {
  readonly name?: string;
  readonly state?: Account['state'];
  readonly approval?: Account['approval'];
  readonly separatesDuties?: boolean;
  readonly productCodes?: readonly string[] | null;
  readonly allowedNames?: readonly string[] | null;
  readonly contactEmail?: string;
}
