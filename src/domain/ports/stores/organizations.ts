/** Store of organizations. The contract of every store is in `stores.ts`. */
import type { AccountId, OrganizationId } from '../../ids.ts';
import type {
  Organization,
  OrganizationContact,
  OrganizationDetails,
  OrganizationLevel,
  OrganizationValidation,
} from '../../organization.ts';
import type { ContainerCondition } from './containers.ts';

export interface OrganizationSearch {
  readonly accountId: AccountId | null;
  readonly state?: Organization['state'];
  readonly containers?: ContainerCondition;
  /** Part of the name in any case, or all of it exactly; `orNumber`: or all of the number. */
  readonly text?: { readonly value: string; readonly isExact: boolean; readonly orNumber?: boolean };
  readonly isAwaitingVerification?: boolean;
  /** Verified on this level. */
  readonly level?: OrganizationLevel;
  /** A verification, on `level` where there is one, ends before then. */
  readonly validUntilBefore?: Date;
  readonly sort?: readonly { readonly by: 'number' | 'name' | 'state'; readonly descending: boolean }[];
  readonly limit: number;
  readonly offset: number;
  /** The page begins below this number; not counted. */
  readonly before?: number;
}

export interface OrganizationStore {
  insert(organization: Omit<Organization, 'number'>): Promise<Organization>;
  get(id: OrganizationId): Promise<Organization | undefined>;
  getByNumber(number: number): Promise<Organization | undefined>;
  listByIds(ids: readonly OrganizationId[]): Promise<readonly Organization[]>;
  /** Those of the account with exactly these details, newest first. */
  listByDetails(accountId: AccountId, details: OrganizationDetails): Promise<readonly Organization[]>;
  list(search: OrganizationSearch): Promise<{ readonly items: readonly Organization[]; readonly total: number }>;
  /** Somebody of any organization of the account. */
  getContact(accountId: AccountId, number: number): Promise<OrganizationContact | undefined>;
  /** A number of the sequence that users and credentials have theirs from. */
  takeContactNumber(of: OrganizationId): Promise<number>;
  move(id: OrganizationId, from: Organization['state'], to: Organization['state']): Promise<boolean>;
  /** Adds the validation, or replaces the one of the same level. */
  putValidation(id: OrganizationId, validation: OrganizationValidation): Promise<void>;
  /** Adds the contact, or replaces the one with the same number in the same role. */
  putContact(id: OrganizationId, contact: OrganizationContact): Promise<void>;
  /** Everybody in this role. */
  removeContacts(id: OrganizationId, role: OrganizationContact['role']): Promise<void>;
  /** Reports whether an order, a domain or a key for ACME clients of its account names it. */
  isUsed(id: OrganizationId, accountId: AccountId): Promise<boolean>;
  /** Includes its validations and contacts. */
  remove(id: OrganizationId): Promise<void>;
}
