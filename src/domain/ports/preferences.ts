/** Port for front doors: what people chose for themselves. A key stands for the person who holds it. */
import type { User } from '../account.ts';
import type { Caller } from '../caller.ts';
import type { SavedView, UserPreferences } from '../user-preferences.ts';

export interface Preferences {
  /** The caller's person with what they chose; undefined for a key that nobody holds. */
  get(caller: Caller): Promise<{ readonly user: User; readonly preferences: UserPreferences } | undefined>;
  /** @throws {CertError} notFound for a key that nobody holds, invalidField for a zone that there is not */
  change(caller: Caller, change: Partial<Pick<UserPreferences, 'language' | 'zone' | 'mutedMails'>>): Promise<void>;
  /**
   * Replaces the saved views by these.
   * @throws {CertError} notFound for a key that nobody holds, invalidField for too many and for two of one name in a list
   */
  putViews(caller: Caller, views: readonly SavedView[]): Promise<readonly SavedView[]>;
}
