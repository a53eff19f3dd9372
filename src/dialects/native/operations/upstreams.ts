/** Upstreams, and what waits there: for operators. */
import { quoted, refuse, renderReason } from '../../../domain/errors.ts';
import { type IssuanceId, isId } from '../../../domain/ids.ts';
import type { Language } from '../../../domain/language.ts';
import { expected } from '../../../domain/messages/expectations.ts';
import { monthOf, monthText, parseMonth } from '../../../domain/month.ts';
import type {
  ProductCostsView,
  UpstreamOrderDetail,
  UpstreamOrderView,
  UpstreamSummary,
} from '../../../domain/ports/upstreams.ts';
import { productCodeOf } from '../../../domain/product-code.ts';
import { type CheckDetail, renderDetail } from '../../../domain/upstream-check.ts';
import { marginMinor } from '../../../domain/upstream-cost.ts';
import type { UpstreamExchange } from '../../../domain/upstream-exchange.ts';
import type { UpstreamComparison } from '../../../domain/upstream-watch.ts';
import type { VendorOrder } from '../../../domain/vendor-order.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { encodePem } from '../../../pki/pem.ts';
import { countingOf, wholeToWire } from '../paging.ts';
import { upstreamsApi } from '../schema/upstreams.ts';
import type {
  WireProductCosts,
  WireUpstream,
  WireUpstreamDetail,
  WireUpstreamOrder,
  WireUpstreamOrderDetail,
} from '../schema.ts';
import { handled } from '../services.ts';
import { moneyToWire, optionalTimeToWire, timeToWire } from '../values.ts';

type WireExchange = WireUpstreamDetail['exchanges'][number];

function upstreamToWire({
  account: kept,
  openSince,
  issuers,
  orders,
  budgets: standing,
  balance,
}: UpstreamSummary): WireUpstream {
  const { account, faults, lastFault, openUntil } = kept;
  return {
    account,
    breaker: openUntil === null ? 'closed' : 'open',
    openSince: optionalTimeToWire(openSince),
    nextTryAt: optionalTimeToWire(openUntil),
    faults,
    lastFault,
    issuers: issuers.map(({ id, mode, ca, terms: { deadlineHours, afterDeadline, concurrency, budgets } }) => ({
      id,
      mode,
      ca: ca?.title ?? null,
      directory: ca?.url ?? null,
      deadlineHours,
      afterDeadline,
      concurrency,
      budgets: budgets.map(({ name, counts, per, limit, windowSeconds }) => ({
        name,
        counts,
        per,
        limit,
        windowSeconds,
      })),
    })),
    orders: orders.map(({ state, count }) => ({ state, count })),
    budgets: standing.map(({ budget: { name, counts, per, limit, windowSeconds }, spent, left, subjects }) => ({
      name,
      counts,
      per,
      limit,
      windowSeconds,
      spent,
      left,
      subjects: subjects.map(({ leftAgainAt, ...one }) => ({ ...one, leftAgainAt: optionalTimeToWire(leftAgainAt) })),
    })),
    balance: balance && {
      amount: moneyToWire(balance.amount),
      at: timeToWire(balance.at),
      warning: balance.warning && moneyToWire(balance.warning),
      isLow: balance.isLow,
    },
  };
}

function comparisonToWire({ at, compared, differences, more }: UpstreamComparison): WireUpstreamDetail['comparison'] {
  return {
    at: timeToWire(at),
    compared,
    differences: differences.map(({ kind, number, issuanceId, names, words, prices }) => ({
      kind,
      number,
      issuance: issuanceId,
      names: [...names],
      words,
      priceHere: prices && moneyToWire(prices[0]),
      priceThere: prices && moneyToWire(prices[1]),
    })),
    more,
  };
}

function exchangeToWire({ id, at, issuanceId, method, url, asked, status, answer }: UpstreamExchange): WireExchange {
  return { id, at: timeToWire(at), issuance: issuanceId, method, url, asked, status, answer };
}

function linesToWire<What extends string>(
  found: readonly {
    readonly issuer: string;
    readonly lines: readonly { readonly what: What; readonly ok: boolean; readonly detail: CheckDetail }[];
  }[],
  language: Language,
) {
  const items = found.flatMap(({ issuer, lines }) =>
    lines.map(({ what, ok, detail }) => ({ issuer, what, ok, detail: renderDetail(detail, language) })),
  );
  return { ok: items.length > 0 && items.every(({ ok }) => ok), items };
}

function upstreamOrderToWire(
  { upstreamOrder, issuance, order }: UpstreamOrderView,
  language: Language,
): WireUpstreamOrder {
  const { issuanceId, issuerId, account, reference, begunAt, deadline, faults, lastFault, evidence, route } =
    upstreamOrder;
  const rest = issuance.rest?.turn === 'operator' ? issuance.rest : null;
  return {
    issuance: issuanceId,
    order: order.number,
    account: order.accountId,
    names: issuance.names.map(({ identifier }) => identifier.value),
    issuer: issuerId,
    upstream: account,
    state: upstreamOrder.state,
    proofsUntil: optionalTimeToWire(upstreamOrder.relay?.proofsUntil ?? null),
    reference,
    since: timeToWire(begunAt),
    deadline: timeToWire(deadline),
    faults,
    lastFault,
    waitsFor: rest === null ? null : renderReason(rest.reason, language),
    evidence: evidence && {
      reason: renderReason(evidence.reason, language),
      at: timeToWire(evidence.at),
      pem: encodePem('CERTIFICATE', evidence.der),
      chain: evidence.chain.map((der) => encodePem('CERTIFICATE', der)),
    },
    route: route && {
      pool: route.pool,
      passed: route.passed.map(({ issuer, reason, at, until }) => ({
        issuer,
        reason: renderReason(reason, language),
        at: timeToWire(at),
        until: optionalTimeToWire(until),
      })),
    },
  };
}

function upstreamOrderDetailToWire(found: UpstreamOrderDetail, language: Language): WireUpstreamOrderDetail {
  const { vendorOrder, exchanges } = found;
  return {
    ...upstreamOrderToWire(found, language),
    vendor: vendorOrder && vendorOrderToWire(vendorOrder),
    exchanges: exchanges.map(exchangeToWire),
  };
}

function vendorOrderToWire({
  reference,
  of,
  price,
  sentAt,
  coverageUntil,
  ...order
}: VendorOrder): WireUpstreamOrderDetail['vendor'] {
  const { vendor, baseUrl, product, kind, step, words } = order;
  return {
    api: vendor,
    url: baseUrl,
    number: reference?.order ?? null,
    product,
    kind,
    follows: of?.order ?? null,
    step,
    sentAt: optionalTimeToWire(sentAt),
    words,
    price: price && moneyToWire(price),
    coverageUntil: optionalTimeToWire(coverageUntil),
  };
}

function productCostsToWire(costs: ProductCostsView, month: number): WireProductCosts {
  const { product, currency, orders, chargedMinor, refundedMinor, costMinor, costRefundedMinor } = costs;
  const amount = (minor: number) => moneyToWire({ minor, currency });
  return {
    product: productCodeOf(product),
    name: product.name,
    month: monthText(month),
    currency,
    orders,
    charged: amount(chargedMinor),
    refunded: amount(refundedMinor),
    cost: amount(costMinor),
    costRefunded: amount(costRefundedMinor),
    margin: amount(marginMinor(costs)),
  };
}

/** @throws {CertError} invalidField for a cursor that is not ours */
function readCursor(cursor: string): IssuanceId {
  if (isId('issuance', cursor)) return cursor;
  throw refuse('fieldInvalid', { field: 'cursor', value: quoted(cursor), expected: expected.nextCursor });
}

export const upstreamOperations = [
  handled(upstreamsApi.list, async ({ lowBalance }, { caller, services }) => {
    const all = await services.upstreams.accounts(caller);
    const found = lowBalance === undefined ? all : all.filter(({ balance }) => balance?.isLow === true);
    return wholeToWire(found, upstreamToWire);
  }),

  handled(upstreamsApi.orders, async ({ limit, state, cursor, ...counting }, { caller, services, language }) => {
    const after = cursor === undefined ? undefined : readCursor(cursor);
    const query = { limit, ...withDefined({ state, after }), ...countingOf(counting) };
    const { items, next, total } = await services.upstreams.orders(caller, query);
    return {
      items: items.map((view) => upstreamOrderToWire(view, language)),
      nextCursor: next,
      ...withDefined({ total }),
    };
  }),

  handled(upstreamsApi.order, async ({ issuance }, { caller, services, language }) =>
    upstreamOrderDetailToWire(await services.upstreams.order(caller, issuance), language),
  ),

  handled(upstreamsApi.costs, async (input, { caller, services }) => {
    const month = (input.month === undefined ? undefined : parseMonth(input.month)) ?? monthOf(services.clock.now());
    const { upstream } = input;
    const found = await services.upstreams.costs(caller, { month, ...withDefined({ upstream }) });
    return wholeToWire(found, (costs) => productCostsToWire(costs, month));
  }),

  handled(upstreamsApi.resolve, async ({ issuance, reference }, { caller, services, language }) => {
    const found = reference === null ? 'notOrdered' : { reference };
    return upstreamOrderDetailToWire(await services.upstreams.resolve(caller, issuance, found), language);
  }),

  // After `orders`, which is no account.
  handled(upstreamsApi.show, async ({ upstream }, { caller, services, language }) => {
    const found = await services.upstreams.account(caller, upstream);
    const comparison = found.comparison && comparisonToWire(found.comparison);
    const advice = found.advice.map((one) => one[language]);
    return { ...upstreamToWire(found), exchanges: found.exchanges.map(exchangeToWire), comparison, advice };
  }),

  handled(upstreamsApi.check, async ({ upstream }, { caller, services, language }) => {
    const found = await services.upstreams.check(caller, upstream);
    return linesToWire(
      found.map(({ issuer, checks }) => ({ issuer, lines: checks })),
      language,
    );
  }),

  handled(upstreamsApi.test, async ({ upstream, name, account }, { caller, services, language }) => {
    const found = await services.upstreams.rehearse(caller, upstream, { name, account });
    return linesToWire(
      found.map(({ issuer, steps }) => ({ issuer, lines: steps })),
      language,
    );
  }),

  handled(upstreamsApi.changeKey, async ({ upstream }, { caller, services }) => {
    const changed = await services.upstreams.changeKey(caller, upstream);
    return { items: changed.map(({ directory, accountUrl, thumbprint }) => ({ directory, accountUrl, thumbprint })) };
  }),

  handled(upstreamsApi.closeBreaker, async ({ upstream }, { caller, services }) =>
    upstreamToWire(await services.upstreams.close(caller, upstream)),
  ),
];
