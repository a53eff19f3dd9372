/** Prices that an account has of its own. */
import type { AccountPrice, AccountPriceChange } from '../../../domain/ports/prices.ts';
import { productCodeOf } from '../../../domain/product-code.ts';
import { pageQueryOf, pageToWire, wholeToWire } from '../paging.ts';
import { pricesApi } from '../schema/prices.ts';
import type { WireAccountPrice, WirePriceChange } from '../schema.ts';
import { handled } from '../services.ts';
import { timeToWire } from '../values.ts';
import { type NamedActors, namedActors } from './actors.ts';
import { pricesToWire } from './products.ts';

function accountPriceToWire({ product, prices }: AccountPrice): WireAccountPrice {
  return {
    productCode: productCodeOf(product),
    name: product.name,
    prices: pricesToWire(prices, product.currency),
    productPrices: pricesToWire(product.prices, product.currency),
  };
}

function priceChangeToWire(actors: NamedActors) {
  return ({ product, prices, currency, note, actor, at }: AccountPriceChange): WirePriceChange => ({
    productCode: productCodeOf(product),
    name: product.name,
    prices: prices === null ? null : pricesToWire(prices, currency),
    note,
    actor: actors.of(actor),
    at: timeToWire(at),
  });
}

export const priceOperations = [
  handled(pricesApi.list, async ({ account }, { caller, services }) =>
    wholeToWire(await services.prices.list(caller, account), accountPriceToWire),
  ),

  handled(pricesApi.history, async (input, session) => {
    const { caller, services } = session;
    const page = await services.prices.history(caller, input.account, pageQueryOf(input));
    const actors = await namedActors(
      session,
      page.items.map(({ actor }) => actor),
    );
    return pageToWire(page, priceChangeToWire(actors));
  }),

  handled(pricesApi.set, async ({ account, dialect, code, note, ...prices }, { caller, services }) =>
    accountPriceToWire(await services.prices.set(caller, account, { dialect, code }, { prices, note })),
  ),

  handled(pricesApi.remove, async ({ account, dialect, code, note }, { caller, services }) =>
    accountPriceToWire(await services.prices.remove(caller, account, { dialect, code }, note)),
  ),
];
