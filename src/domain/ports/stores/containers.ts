/** Store of containers. The contract of every store is in `stores.ts`. */
import type { Container } from '../../account.ts';
import type { AccountId, ContainerId } from '../../ids.ts';

/** Parts of an account that a list is limited to: these, or all but these. What is in none counts as in the root, and so to the others. */
export type ContainerCondition = { readonly in: readonly ContainerId[] } | { readonly notIn: readonly ContainerId[] };

export interface ContainerStore {
  insert(container: Omit<Container, 'number'>): Promise<Container>;
  get(id: ContainerId): Promise<Container | undefined>;
  getByNumber(number: number): Promise<Container | undefined>;
  /** Returns false where it is in another state. */
  move(id: ContainerId, from: Container['state'], to: Container['state']): Promise<boolean>;
  update(id: ContainerId, change: Partial<Pick<Container, 'name' | 'description' | 'allowedNames'>>): Promise<void>;
  /** All of the account, the root first. */
  list(accountId: AccountId): Promise<readonly Container[]>;
}
