/** Values that a front door, or the core, keeps for a while and can do without. In the database, so that all processes and nodes see the same. */
import type { AccountId } from '../ids.ts';

/** The owner of the values: `httpsok/agent/names` of one account; null where there is no account yet (nonces). */
export interface ExpiringShelf {
  /** Begins with the name of the dialect, or with `core`. */
  readonly purpose: string;
  readonly accountId: AccountId | null;
}

export interface ExpiringEntry {
  readonly key: string;
  readonly value: string;
}

export interface Expiring {
  /**
   * Keeps the values until `expiresAt`, each in the place of an earlier one of its key. A shelf holds no more than `atMost`:
   * beyond that those go that expire first, so that no account takes another one's place.
   */
  put(
    shelf: ExpiringShelf,
    entries: readonly ExpiringEntry[],
    limits: { readonly expiresAt: Date; readonly atMost: number },
  ): Promise<void>;
  /** Undefined once it has expired, or was pushed out. */
  get(shelf: ExpiringShelf, key: string): Promise<string | undefined>;
  /** The same, and it is gone: of two who take it at once, one gets it. */
  take(shelf: ExpiringShelf, key: string): Promise<string | undefined>;
}
