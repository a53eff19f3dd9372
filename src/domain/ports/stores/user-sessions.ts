/** Store of the sessions of people. The contract of every store is in `index.ts`. */
import type { UserId, UserSessionId } from '../../ids.ts';
import type { UserSession } from '../../user-session.ts';

export interface UserSessionStore {
  insert(session: UserSession): Promise<void>;
  /** Also one that is over and was not swept yet. */
  get(id: UserSessionId): Promise<UserSession | undefined>;
  listByIds(ids: readonly UserSessionId[]): Promise<readonly UserSession[]>;
  getBySecretHash(secretHash: Uint8Array): Promise<UserSession | undefined>;
  /** Newest first. */
  listOfUser(userId: UserId): Promise<readonly UserSession[]>;
  updateUse(id: UserSessionId, use: Pick<UserSession, 'lastUsedAt' | 'idleEndsAt'>): Promise<void>;
  /** Gives it another secret. False where it has another one already, or somebody ended it: that secret opens nothing any more. */
  moveSecret(
    id: UserSessionId,
    from: Uint8Array,
    to: Pick<UserSession, 'secretHash' | 'confirmedAt' | 'roles'>,
  ): Promise<boolean>;
  /** False where somebody else ended it. */
  remove(id: UserSessionId): Promise<boolean>;
  /** Removes those that are over, at most so many. @returns how many */
  purge(now: Date, limit: number): Promise<number>;
}
