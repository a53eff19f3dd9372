/**
 * What products brought and cost in a month: the lines of customers' ledgers beside those of ours, read by their time, a page at a time.
 */
import type { NumberedEntry } from '../../domain/account.ts';
import type { OrderId, ProductId } from '../../domain/ids.ts';
import { monthAfter, startOfMonth } from '../../domain/month.ts';
import type { Order } from '../../domain/order.ts';
import { upstreamsOf } from '../../domain/ports/issuer.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { ProductCosts, UpstreamCostSum } from '../../domain/upstream-cost.ts';
import { withDefined } from '../../domain/with-defined.ts';
import type { AppContext } from '../context.ts';
import { nextTurn } from '../in-turns.ts';

const pageSize = 500;
/** Accounts at upstreams, products, currencies and kinds that there may be in a month. */
const mostSums = 10_000;

/** @param upstream what was bought at this account of ours only, and what the orders brought that were placed there */
export async function productCosts(
  { database: { read }, issuers }: Pick<AppContext, 'database' | 'issuers'>,
  { month, upstream }: { readonly month: number; readonly upstream?: string },
): Promise<readonly ProductCosts[]> {
  const period = { from: startOfMonth(month), until: startOfMonth(monthAfter(month, 1)) };
  const sums = (await read.upstreamCosts.sums(period, mostSums)).filter(
    ({ account }) => upstream === undefined || account === upstream,
  );
  const isBoughtThere = (issuerId: string) => {
    const issuer = issuers.get(issuerId);
    return (
      issuer !== undefined &&
      upstreamsOf(issuer).some((one) => (upstream ?? one.upstream.account) === one.upstream.account)
    );
  };
  const bought = new Set<ProductId>(sums.map(({ productId }) => productId));
  for (const { id, issuerId } of await read.products.list(null)) if (isBoughtThere(issuerId)) bought.add(id);
  const table = new Table();
  for (const sum of sums) table.addCost(sum);
  await addPayments(read, table, { period, bought, upstream });
  return table.rows();
}

interface Period {
  readonly from: Date;
  readonly until: Date;
}

/** What customers were charged and given back for products that are bought; of one account at an upstream for orders that were placed there. */
async function addPayments(
  read: Stores,
  table: Table,
  {
    period,
    bought,
    upstream,
  }: { readonly period: Period; readonly bought: ReadonlySet<ProductId>; readonly upstream: string | undefined },
): Promise<void> {
  for (let after: NumberedEntry | undefined; ; ) {
    const lines = await read.ledger.listBetween(period, { limit: pageSize, ...withDefined({ after }) });
    const ids = [...new Set(lines.flatMap(({ orderId }) => orderId ?? []))];
    const ofProducts = (ids.length === 0 ? [] : await read.orders.listByIds(ids)).filter(({ productId }) =>
      bought.has(productId),
    );
    const orders = upstream === undefined ? ofProducts : await placedAt(read, ofProducts, upstream);
    const products = new Map(orders.map(({ id, productId }) => [id, productId]));
    for (const { orderId, kind, currency, amountMinor } of lines) {
      const productId = orderId === null ? undefined : products.get(orderId);
      if (orderId === null || productId === undefined) continue;
      if (kind === 'charge') table.addCharge({ orderId, productId, currency, amountMinor: -amountMinor });
      if (kind === 'refund') table.addRefund({ productId, currency, amountMinor });
    }
    after = lines.at(-1);
    if (lines.length < pageSize) return;
    await nextTurn();
  }
}

/** Those that have an issuance at our account there. */
async function placedAt(read: Stores, orders: readonly Order[], upstream: string): Promise<readonly Order[]> {
  const found = await Promise.all(
    orders.map(async (order) => {
      const issuances = await read.issuances.listOfOrder(order.id);
      const there = await Promise.all(issuances.map(({ id }) => read.upstreamOrders.get(id)));
      return there.some((one) => one?.account === upstream) ? [order] : [];
    }),
  );
  return found.flat();
}

type Amounts = { -readonly [K in keyof ProductCosts]: ProductCosts[K] };

/** Sums by product and currency. */
class Table {
  readonly #rows = new Map<string, Amounts>();
  readonly #charged = new Set<string>();

  addCost({ productId, currency, kind, amountMinor }: UpstreamCostSum): void {
    const row = this.#row(productId, currency);
    if (kind === 'purchase') row.costMinor += amountMinor;
    else row.costRefundedMinor += amountMinor;
  }

  addCharge({ orderId, productId, currency, amountMinor }: Payment & { readonly orderId: OrderId }): void {
    const row = this.#row(productId, currency);
    row.chargedMinor += amountMinor;
    if (!this.#charged.has(orderId)) row.orders++;
    this.#charged.add(orderId);
  }

  addRefund({ productId, currency, amountMinor }: Payment): void {
    this.#row(productId, currency).refundedMinor += amountMinor;
  }

  rows(): readonly ProductCosts[] {
    return [...this.#rows].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
  }

  #row(productId: ProductId, currency: string): Amounts {
    const key = `${productId} ${currency}`;
    const found = this.#rows.get(key);
    if (found !== undefined) return found;
    const none = { orders: 0, chargedMinor: 0, refundedMinor: 0, costMinor: 0, costRefundedMinor: 0 };
    const row = { productId, currency, ...none };
    this.#rows.set(key, row);
    return row;
  }
}

interface Payment {
  readonly productId: ProductId;
  readonly currency: string;
  readonly amountMinor: number;
}
