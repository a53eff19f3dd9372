/** Store of orders at upstreams, and of our accounts there. */

import type { IssuanceId } from '../../ids.ts';
import type { Total } from '../../page.ts';
import type { UpstreamRelay } from '../../relay.ts';
import type { NotedUpstreamState, UpstreamOrderState } from '../../states.ts';
import type { UpstreamAccount } from '../../upstream-account.ts';
import type { UpstreamEvidence, UpstreamOrder, UpstreamRoute } from '../../upstream-order.ts';

export interface UpstreamOrderStore {
  /** The intent: at most one for each issuance, for ever. */
  insert(order: UpstreamOrder): Promise<void>;
  get(issuanceId: IssuanceId): Promise<UpstreamOrder | undefined>;
  move(
    issuanceId: IssuanceId,
    from: readonly UpstreamOrderState[],
    to: UpstreamOrderState,
    change?: { readonly endedAt?: Date; readonly evidence?: UpstreamEvidence; readonly deadline?: Date },
  ): Promise<boolean>;
  /** What the customer wants passed on, and what became of it. Decided on the row as read in the same transaction. */
  updateRelay(issuanceId: IssuanceId, relay: UpstreamRelay): Promise<void>;
  /** The upstream answered: faults are forgotten, the reference is kept where it named one. */
  updateReference(issuanceId: IssuanceId, reference: string | null): Promise<void>;
  /**
   * Gives it to another issuer of its pool, or back to the pool: nothing of it is at the one before. Its reference and faults are
   * forgotten. False, and changes nothing, where it is in another state by now.
   */
  reassign(
    issuanceId: IssuanceId,
    from: readonly UpstreamOrderState[],
    to: Pick<UpstreamOrder, 'state' | 'issuerId' | 'account' | 'begunAt' | 'deadline'> & {
      readonly route: UpstreamRoute;
    },
  ): Promise<boolean>;
  /** It is under way again, until that time. False, and changes nothing, where it is in another state by now. */
  reopen(
    issuanceId: IssuanceId,
    from: readonly UpstreamOrderState[],
    to: { readonly state: UpstreamOrderState; readonly deadline: Date },
  ): Promise<boolean>;
  updateFault(issuanceId: IssuanceId, fault: string): Promise<void>;
  /**
   * Orders under way or being cancelled, and those whose certificate was refused or of which nobody knows what became of them; or
   * of one such state. The latest first, those after `after` in that order.
   */
  listNoted(page: {
    readonly limit: number;
    readonly state?: NotedUpstreamState;
    readonly after?: Pick<UpstreamOrder, 'begunAt' | 'issuanceId'>;
  }): Promise<readonly UpstreamOrder[]>;
  /** How many all pages of that list have. */
  countNoted(filter: { readonly state?: NotedUpstreamState }): Promise<Total>;
  /** Orders under way, counted by account and state. */
  countOpen(): Promise<
    readonly { readonly account: string; readonly state: UpstreamOrderState; readonly orders: number }[]
  >;
  /** The oldest orders under way at our account there. */
  listOpen(account: string, limit: number): Promise<readonly UpstreamOrder[]>;
}

export interface UpstreamAccountStore {
  get(account: string): Promise<UpstreamAccount | undefined>;
  put(account: UpstreamAccount): Promise<void>;
  list(): Promise<readonly UpstreamAccount[]>;
}
