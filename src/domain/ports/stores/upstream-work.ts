/** Stores of what goes with orders at upstreams: budgets, exchanges, the steps at ACME CAs, and what we publish for them to find. */
import type { AcmeUpstreamOrder } from '../../acme-upstream-order.ts';
import type { IssuanceId } from '../../ids.ts';
import type { PublishedProof } from '../../published-proof.ts';
import type { UpstreamSpending } from '../../upstream-budget.ts';
import type { UpstreamExchange } from '../../upstream-exchange.ts';

export interface UpstreamSpendingStore {
  insert(spending: UpstreamSpending): Promise<void>;
  /** How many were counted after that time, up to `atMost`, and when the oldest of them was: the first that leaves the window. */
  count(
    of: Pick<UpstreamSpending, 'account' | 'budget' | 'subject'>,
    since: Date,
    atMost: number,
  ): Promise<{ readonly spent: number; readonly oldest: Date | undefined }>;
  /** The subjects of a budget of which most was counted after that time, with how many; the most first. */
  largest(
    of: Pick<UpstreamSpending, 'account' | 'budget'>,
    since: Date,
    limit: number,
  ): Promise<readonly { readonly subject: string; readonly spent: number; readonly oldest: Date }[]>;
  /** Takes back what was counted for the issuance under these budgets: the upstream took nothing. */
  giveBack(of: Pick<UpstreamSpending, 'account' | 'issuanceId'>, budgets: readonly string[]): Promise<void>;
  /** Removes up to `limit` that were counted before that time. */
  purge(before: Date, limit: number): Promise<number>;
}

export interface UpstreamExchangeStore {
  /** Keeps it, and removes all but the newest `keptExchanges` of its account that did not act. */
  insert(exchange: UpstreamExchange): Promise<void>;
  /** The newest first. */
  list(account: string, limit: number): Promise<readonly UpstreamExchange[]>;
  listOfIssuance(issuanceId: IssuanceId, limit: number): Promise<readonly UpstreamExchange[]>;
  /** Removes up to `limit` that acted before that time. */
  purge(before: Date, limit: number): Promise<number>;
}

export interface AcmeUpstreamOrderStore {
  get(issuanceId: IssuanceId): Promise<AcmeUpstreamOrder | undefined>;
  /** Those with this URL of an order, the newest issuance first. */
  listByUrl(orderUrl: string, limit: number): Promise<readonly AcmeUpstreamOrder[]>;
  /** Inserts it, or takes the place of the one before. */
  put(order: AcmeUpstreamOrder): Promise<void>;
}

export interface PublishedProofStore {
  /** Inserts it; one that is there already lasts until the later time. */
  put(proof: PublishedProof): Promise<void>;
  /** Live values at the place, the newest first. */
  values(kind: PublishedProof['kind'], place: string, now: Date, limit: number): Promise<readonly string[]>;
  /** Whether a name below this one has a live value. */
  hasBelow(name: string, now: Date): Promise<boolean>;
  removeOf(issuanceId: IssuanceId): Promise<void>;
  purge(before: Date, limit: number): Promise<number>;
}
