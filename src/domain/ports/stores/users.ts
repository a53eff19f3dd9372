/** Store of users. The contract of every store is in `stores.ts`. */
import type { User } from '../../account.ts';
import type { AccountId, UserId } from '../../ids.ts';
import type { EitherWayQuery, PageQuery, Total } from '../../page.ts';
import type { UserFilter } from '../users.ts';

/** See `UserStore.putNetwork`: more than somebody works from, and few enough for each row to stay small. */
export const networksPerUser = 20;

/** `UserFilter` with what it names looked up. */
export interface StoredUserFilter extends Omit<UserFilter, 'account'> {
  /** Null: of every account, and the operators. */
  readonly accountId: AccountId | null;
}

export type UserListQuery = StoredUserFilter & PageQuery;

export interface UserStore {
  insert(user: Omit<User, 'number'>): Promise<User>;
  get(id: UserId): Promise<User | undefined>;
  getByNumber(number: number): Promise<User | undefined>;
  /** Those that there are, in no order; also users who were removed. */
  listByIds(ids: readonly UserId[]): Promise<readonly User[]>;
  /** Nobody who was removed. */
  getByUsername(username: string): Promise<User | undefined>;
  /** Newest first. Null: of every account, and the operators. */
  list(accountId: AccountId | null, page: EitherWayQuery): Promise<readonly User[]>;
  /** Newest first. */
  find(query: UserListQuery): Promise<readonly User[]>;
  /** How many all pages of that list have. */
  count(filter: StoredUserFilter): Promise<Total>;
  update(id: UserId, change: Partial<Pick<User, 'roles' | 'person' | 'containerId'>>): Promise<void>;
  updateLastSignIn(id: UserId, at: Date): Promise<void>;
  /** Reports whether the user is known to have signed in from there. */
  hasNetwork(id: UserId, network: string): Promise<boolean>;
  /** The user signed in from there. The newest `networksPerUser` are kept. */
  putNetwork(id: UserId, network: string, at: Date): Promise<void>;
  /** Compare-and-set: false where the password is not `from` any more. */
  movePassword(id: UserId, from: string, to: string): Promise<boolean>;
  /** Compare-and-set: false where there is a password. */
  setFirstPassword(id: UserId, hash: string): Promise<boolean>;
  move(id: UserId, from: User['state'], to: User['state']): Promise<boolean>;
}
