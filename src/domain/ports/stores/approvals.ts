/** Store of approvals. The contract of every store is in `stores.ts`. */
import type { Approval, ApprovalDecision } from '../../approval.ts';
import type { AccountId, ApprovalId, OrderId } from '../../ids.ts';
import type { CountedPage, OffsetQuery } from '../../page.ts';
import type { ApprovalState } from '../../states.ts';
import type { ApprovalQuery } from '../approvals.ts';
import type { ContainerCondition } from './containers.ts';

export interface ApprovalFilter {
  readonly accountId: AccountId | null;
  /** Only requests of orders placed through this front door. */
  readonly dialect?: string;
  readonly states?: readonly ApprovalState[];
  readonly asks?: readonly Approval['asks'][];
  /** Only requests of orders in these parts of the account. */
  readonly containers?: ContainerCondition;
  readonly orderIds?: readonly OrderId[];
  /** Only requests by any of these actors. */
  readonly requestedBy?: readonly string[];
  /** Only requests of orders with such a custom field: any of the numbers, any of the values. */
  readonly customField?: ApprovalQuery['customField'];
  readonly commonName?: ApprovalQuery['commonName'];
}

/** A page of them: newest first unless sorted otherwise. */
export interface ApprovalPage extends ApprovalFilter, OffsetQuery {
  /** A cursor: only those with a lower number. */
  readonly before?: number;
  readonly sort?: ApprovalQuery['sort'];
}

export interface ApprovalStore {
  insert(approval: Omit<Approval, 'number'>): Promise<Approval>;
  get(id: ApprovalId): Promise<Approval | undefined>;
  getByNumber(number: number): Promise<Approval | undefined>;
  /** The total counts all of the filter, also those before the cursor. */
  search(page: ApprovalPage): Promise<CountedPage<Approval>>;
  /** Those of the order that nobody has decided, newest first. */
  listWaitingOfOrder(orderId: OrderId): Promise<readonly Approval[]>;
  /** The newest request of the order. */
  getNewestOfOrder(orderId: OrderId): Promise<Approval | undefined>;
  /** The newest of each order that has one, in no order. */
  listNewestOfOrders(orderIds: readonly OrderId[]): Promise<readonly Approval[]>;
  /** The next version of one that nobody has decided, requested from this address. @returns false where it is decided */
  raiseVersion(id: ApprovalId, requestedFrom: string): Promise<boolean>;
  move(
    id: ApprovalId,
    from: readonly ApprovalState[],
    to: ApprovalState,
    /** Appended to the earlier ones. */
    decision: ApprovalDecision,
  ): Promise<boolean>;
}
