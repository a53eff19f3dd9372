/** Store of what people chose for themselves. The contract of every store is in `index.ts`. */
import type { UserId } from '../../ids.ts';
import type { UserPreferences } from '../../user-preferences.ts';

export interface UserPreferenceStore {
  /** Undefined: they chose nothing yet. */
  get(userId: UserId): Promise<UserPreferences | undefined>;
  put(preferences: UserPreferences): Promise<void>;
  remove(userId: UserId): Promise<void>;
}
