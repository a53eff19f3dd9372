/**
 * What products brought and cost in a month: the lines of customers' ledgers beside those of ours. No index has the ledgers by time, so each
 * account that moved money in the month is read back to its beginning, a page at a time.
 */
import type { AccountId, OrderId, ProductId } from '../../domain/ids.ts';
import { monthAfter, startOfMonth } from '../../domain/month.ts';
import { upstreamsOf } from '../../domain/ports/issuer.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { ProductCosts, UpstreamCostSum } from '../../domain/upstream-cost.ts';
import type { AppContext } from '../context.ts';
import { nextTurn } from '../in-turns.ts';

const pageSize = 200;
/** Accounts at upstreams, products, currencies and kinds that there may be in a month. */
const mostSums = 10_000;
/** Lines of several nodes may stand in either order, whose clocks are not further apart. */
const skewMs = 3_600_000;

/** @param upstream what was bought there only, and what its products brought */
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
  for (const accountId of await accountsOfMonth(read, month))
    await addPayments(read, table, { accountId, period, bought });
  return table.rows();
}

interface Period {
  readonly from: Date;
  readonly until: Date;
}

/** Those that were charged or given back something. */
async function accountsOfMonth(read: Stores, month: number): Promise<readonly AccountId[]> {
  const found: AccountId[] = [];
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const accounts = await read.accounts.list({ limit: pageSize, before });
    const moved = await read.ledger.listMonths(
      accounts.map(({ id }) => id),
      { from: month, until: month },
    );
    found.push(
      ...moved.flatMap(({ accountId, chargedMinor, refundedMinor }) =>
        chargedMinor + refundedMinor > 0 ? [accountId] : [],
      ),
    );
    const last = accounts.at(-1);
    if (last === undefined || accounts.length < pageSize) return found;
    before = last.number;
    await nextTurn();
  }
}

async function addPayments(
  read: Stores,
  table: Table,
  {
    accountId,
    period,
    bought,
  }: { readonly accountId: AccountId; readonly period: Period; readonly bought: ReadonlySet<ProductId> },
): Promise<void> {
  const oldest = new Date(period.from.getTime() - skewMs);
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const lines = await read.ledger.list(accountId, { limit: pageSize, before });
    const inMonth = lines.filter(({ at, orderId }) => orderId !== null && at >= period.from && at < period.until);
    const ids = [...new Set(inMonth.flatMap(({ orderId }) => orderId ?? []))];
    const orders = ids.length === 0 ? [] : await read.orders.listByIds(ids);
    const products = new Map(orders.map(({ id, productId }) => [id, productId]));
    for (const { orderId, kind, currency, amountMinor } of inMonth) {
      const productId = orderId === null ? undefined : products.get(orderId);
      if (orderId === null || productId === undefined || !bought.has(productId)) continue;
      if (kind === 'charge') table.addCharge({ orderId, productId, currency, amountMinor: -amountMinor });
      if (kind === 'refund') table.addRefund({ productId, currency, amountMinor });
    }
    const last = lines.at(-1);
    if (last === undefined || lines.length < pageSize || last.at < oldest) return;
    before = last.sequence;
    await nextTurn();
  }
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
