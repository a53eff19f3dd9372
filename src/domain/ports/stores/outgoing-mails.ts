/** Store of outgoing mails. The contract of every store is in `stores.ts`. */

/** Kept for as long as the longest limit counts. */
export interface OutgoingMailStore {
  /** One mail counts once, however often it is tried. */
  insert(mail: {
    readonly id: string;
    readonly address: string;
    readonly domain: string;
    readonly at: Date;
  }): Promise<void>;
  isCounted(id: string): Promise<boolean>;
  /** The time of the n-th newest mail to it; 1 is the newest. */
  nthNewest(to: { readonly address: string } | { readonly domain: string }, n: number): Promise<Date | undefined>;
  /** Removes those before this moment, at most so many. @returns how many */
  purge(before: Date, limit: number): Promise<number>;
}
