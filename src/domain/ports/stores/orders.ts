/** Store of orders. The contract of every store is in `stores.ts`. */
import type { AccountId, IssuanceId, OrderId, OrganizationId, ProductId } from '../../ids.ts';
import type { Order } from '../../order.ts';
import type { Page, PageQuery, Total } from '../../page.ts';
import type { OrderState } from '../../states.ts';
import type { FilteredPageQuery, ListPlace, OrderFilter } from '../list-filters.ts';
import type { ChangedOrder, OrderSearch } from '../orders.ts';
import type { MonthSpan } from '../reports.ts';
import type { ContainerCondition } from './containers.ts';

export interface OrderQuery extends PageQuery {
  readonly accountId: AccountId | null;
  readonly dialect?: string;
  readonly state?: OrderState;
  /** Only orders one of whose names is exactly this. */
  readonly name?: string;
}

/** `OrderFilter` with what it names looked up. */
export interface FilteredOrdersQuery
  extends Omit<OrderFilter, 'account' | 'productCode' | 'container' | 'organization'>,
    Omit<FilteredPageQuery, 'withTotal'> {
  readonly accountId: AccountId | null;
  readonly dialect?: string;
  readonly productId?: ProductId;
  readonly containers?: ContainerCondition;
  readonly organizationId?: OrganizationId;
  /** The moment at which standings are evaluated. */
  readonly now: Date;
}

/** An order of such a list. */
export interface FilteredOrder {
  readonly order: Order;
  /** The issuance that the list shows. */
  readonly issuanceId: IssuanceId;
  readonly place: ListPlace;
}

/** Columns of an order that may change, apart from its state. */
export type OrderUpdate = Partial<
  Pick<
    Order,
    | 'customValues'
    | 'reminders'
    | 'renewalMark'
    | 'isAutoRenewed'
    | 'alternativeReference'
    | 'dialectData'
    | 'renewedBy'
  >
>;

export interface ChangesQuery extends PageQuery {
  readonly accountId: AccountId;
  readonly dialect?: string;
  /** Both ends belong to it. */
  readonly from: Date;
  readonly until: Date;
}

/** `OrderSearch` of one account, and of one dialect where not all are seen. */
export interface StoredOrderSearch extends Omit<OrderSearch, 'containerNumbers'> {
  readonly accountId: AccountId;
  readonly containers?: ContainerCondition;
  readonly dialect?: string;
  /** The moment at which everything that depends on the date is evaluated. */
  readonly now: Date;
}

/** Of one account and month (`month.ts`). */
export interface MonthCount {
  readonly accountId: AccountId;
  readonly month: number;
  readonly orders: number;
  /** Those that customers may see. */
  readonly certificates: number;
}

export interface OrderStore {
  insert(order: Omit<Order, 'number'>): Promise<Order>;
  get(id: OrderId): Promise<Order | undefined>;
  /** The row as it is now, locked until the transaction ends. */
  getForUpdate(id: OrderId): Promise<Order | undefined>;
  getByNumber(number: number): Promise<Order | undefined>;
  /** In no order. */
  listByIds(ids: readonly OrderId[]): Promise<readonly Order[]>;
  list(query: OrderQuery): Promise<readonly Order[]>;
  /** The page of `Orders.list`. Never inside a transaction. */
  listFiltered(query: FilteredOrdersQuery): Promise<readonly FilteredOrder[]>;
  /** How many all pages of that list have. Never inside a transaction. */
  countFiltered(query: Omit<FilteredOrdersQuery, 'limit' | 'before'>): Promise<Total>;
  search(search: StoredOrderSearch): Promise<{ readonly items: readonly Order[]; readonly total: number }>;
  /** How many were placed and issued in each month, both ends included; none of a month without any. In no order. Never inside a transaction. */
  countMonths(accountIds: readonly AccountId[], span: MonthSpan): Promise<readonly MonthCount[]>;
  /**
   * Orders that an event between the two moments is about, each once, the one with the latest first. A page is what `limit` events
   * are about, and the cursor is the sequence of the last one of them.
   */
  listChanged(query: ChangesQuery): Promise<Page<Omit<ChangedOrder, 'now'>>>;
  move(
    id: OrderId,
    from: readonly OrderState[],
    to: OrderState,
    change?: { readonly coverageFrom?: Date; readonly coverageUntil?: Date; readonly certificateUntil?: Date },
  ): Promise<boolean>;
  /** The end of the certificate that counts, by which lists are sorted and searched: the newest, duplicates aside. */
  updateCertificateUntil(id: OrderId, until: Date): Promise<void>;
  /** A later issuance becomes the newest. `addMinor` is added to the total. */
  updateIssuance(id: OrderId, issuanceId: IssuanceId, addMinor: number): Promise<void>;
  /** Adds to what is paid for the order, or takes from it; below zero it fails, and the transaction with it. */
  addPaid(id: OrderId, minor: number): Promise<void>;
  /** The order that renews this one. */
  updateRenewedBy(id: OrderId, renewedBy: OrderId): Promise<void>;
  /** `by` renews it no more; changes nothing where it is renewed by another. */
  clearRenewedBy(id: OrderId, by: OrderId): Promise<void>;
  updateDialectData(id: OrderId, dialectData: Order['dialectData']): Promise<void>;
  /** Only what is named: other columns stay, whatever they have become since they were read. */
  update(id: OrderId, change: OrderUpdate): Promise<void>;
  /** Active orders whose coverage is over at `now`. */
  listEnding(now: Date, limit: number): Promise<readonly Order[]>;
}
