/** Prices that an account has of its own. */
import type { AccountPrice, AccountPriceChange } from '../../../domain/ports/prices.ts';
import { productCodeOf } from '../../../domain/product-code.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { pageQueryOf, pageWithTotal, wholeToWire } from '../paging.ts';
import { pricesApi } from '../schema/prices.ts';
import type { WireAccountPrice, WirePriceChange } from '../schema.ts';
import { handled } from '../services.ts';
import { timeToWire } from '../values.ts';
import { type NamingActors, namedPageToWire } from './actors.ts';
import { pricesToWire } from './products.ts';

function accountPriceToWire({ product, prices }: AccountPrice): WireAccountPrice {
  return {
    productCode: productCodeOf(product),
    name: product.name,
    prices: pricesToWire(prices, product.currency),
    productPrices: pricesToWire(product.prices, product.currency),
  };
}

const priceChange: NamingActors<AccountPriceChange, WirePriceChange> = {
  idsOf: ({ actor }) => [actor],
  toWire: ({ product, prices, currency, note, actor, at }, actors) => ({
    productCode: productCodeOf(product),
    name: product.name,
    prices: prices === null ? null : pricesToWire(prices, currency),
    note,
    actor: actors.of(actor),
    at: timeToWire(at),
  }),
};

export const priceOperations = [
  handled(pricesApi.list, async ({ account }, { caller, services }) =>
    wholeToWire(await services.prices.list(caller, account), accountPriceToWire),
  ),

  handled(pricesApi.history, async (input, session) => {
    const { caller, services } = session;
    const page = await pageWithTotal(input, {
      from: pageQueryOf(input).before,
      read: (limit, before) => services.prices.history(caller, input.account, { limit, ...withDefined({ before }) }),
    });
    return namedPageToWire(session, page, priceChange);
  }),

  handled(pricesApi.set, async ({ account, dialect, code, note, ...prices }, { caller, services }) =>
    accountPriceToWire(await services.prices.set(caller, account, { dialect, code }, { prices, note })),
  ),

  handled(pricesApi.remove, async ({ account, dialect, code, note }, { caller, services }) =>
    accountPriceToWire(await services.prices.remove(caller, account, { dialect, code }, note)),
  ),
];
