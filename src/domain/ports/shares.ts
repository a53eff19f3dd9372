/** Port for front doors: links that show what an order's names wait for, for a customer who has no key. */

import type { Authorization } from '../authorization.ts';
import type { Caller, Origin } from '../caller.ts';
import type { NamePlace } from '../dns-host.ts';
import type { OrderShare } from '../order-share.ts';
import type { OrderReference } from './orders.ts';

/** A link without its token, which nobody can read again. */
export type ShownShare = Omit<OrderShare, 'tokenHash' | 'accountId'>;

/** What whoever has the link may know: the names, what to place for them, and what their newest checks found. */
export interface SharedOrder {
  /** False: nothing is to be placed (any more). */
  readonly isWaiting: boolean;
  /** One per name, as its customer may see it. */
  readonly authorizations: readonly Authorization[];
  /** Where the records of each are kept; null for an address. */
  readonly places: readonly (NamePlace | null)[];
  readonly expiresAt: Date;
}

export interface Shares {
  /** @throws {CertError} notFound, conflict for one more than `mostShares` */
  create(caller: Caller, reference: OrderReference): Promise<{ readonly share: ShownShare; readonly token: string }>;
  /** Those that can be used, newest first. @throws {CertError} notFound */
  list(caller: Caller, reference: OrderReference): Promise<readonly ShownShare[]>;
  /** From then on nobody can use it. @param id every link of the order by default. @throws {CertError} notFound */
  remove(caller: Caller, reference: OrderReference, id?: string): Promise<void>;
  /**
   * The token is the only key. Looking changes nothing, and starts no check.
   * @throws {CertError} notFound, the same for one that is over, revoked or made up; rateLimited
   */
  open(token: string, origin: Origin): Promise<SharedOrder>;
}
