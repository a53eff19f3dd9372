/** Store of managed domains. The contract of every store is in `stores.ts`. */
import type { AccountId, AuthorizationId, ManagedDomainId } from '../../ids.ts';
import type { ManagedDomain } from '../../managed-domain.ts';
import type { ManagedDomainQuery } from '../managed-domains.ts';
import type { ContainerCondition } from './containers.ts';

export interface ManagedDomainSearch extends Omit<ManagedDomainQuery, 'containerNumbers' | 'account'> {
  readonly accountId: AccountId | null;
  readonly containers?: ContainerCondition;
}

export type ManagedDomainUpdate = Partial<
  Pick<
    ManagedDomain,
    'organizationId' | 'containerId' | 'state' | 'proofReference' | 'authorizationId' | 'requestedLevels'
  >
>;

export interface ManagedDomainStore {
  insert(domain: Omit<ManagedDomain, 'number'>): Promise<ManagedDomain>;
  get(id: ManagedDomainId): Promise<ManagedDomain | undefined>;
  getByNumber(number: number): Promise<ManagedDomain | undefined>;
  getByName(accountId: AccountId, name: string): Promise<ManagedDomain | undefined>;
  getByAuthorization(authorizationId: AuthorizationId): Promise<ManagedDomain | undefined>;
  /** Newest first unless sorted otherwise. */
  list(search: ManagedDomainSearch): Promise<{ readonly items: readonly ManagedDomain[]; readonly total: number }>;
  /** Only what is named. */
  update(id: ManagedDomainId, change: ManagedDomainUpdate): Promise<void>;
  remove(id: ManagedDomainId): Promise<void>;
}
