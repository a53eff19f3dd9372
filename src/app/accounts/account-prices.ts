/** Prices that an account has of its own. They are part of its row, which every order reads anyway; each change of them is kept. */
import type { Account } from '../../domain/account.ts';
import type { Caller } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { expectedOf } from '../../domain/messages/expectations.ts';
import { largestPriceMinor } from '../../domain/money.ts';
import type { AccountPrice, AccountPrices } from '../../domain/ports/prices.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { type Prices, type Product, pricedFor } from '../../domain/product.ts';
import { type ProductKey, productCodeOf } from '../../domain/product-code.ts';
import type { AppContext } from '../context.ts';
import { requireCurrency } from '../orders/charging.ts';
import { pageOf } from '../page.ts';
import { findAccount } from '../scope.ts';
import { recordAccount } from './account-event.ts';

const longestNote = 500;

interface Change {
  readonly account: string;
  readonly product: ProductKey;
  /** Null: the product's own again. */
  readonly prices: Prices | null;
  readonly note: string;
}

export function createAccountPrices(context: AppContext): AccountPrices {
  const { database, clock } = context;
  const { read } = database;

  async function change(caller: Caller, { account: reference, product: code, prices, note }: Change) {
    requireNote(note);
    return database.write(async (tx) => {
      const account = await findAccount(tx, caller, reference);
      const product = await productOf(tx, code);
      const { [product.id]: before, ...others } = account.prices;
      if (prices === null && before === undefined) throw notPriced(code);
      if (prices !== null) requireCurrency(account, product.currency);
      const changed: Account['prices'] = prices === null ? others : { ...others, [product.id]: prices };
      const { id: accountId } = account;
      const { currency } = product;
      const at = clock.now();
      await tx.accounts.update(accountId, { prices: changed });
      const kept = { accountId, productId: product.id, currency, prices, note, actor: caller.actor, at };
      await tx.accountPrices.append(kept);
      await recordAccount(tx, caller, prices === null ? 'account.priceRemoved' : 'account.priceSet', {
        accountId,
        subject: accountId,
        data: { ...code, ...prices, currency, note },
        at,
      });
      return priceOf(changed, product);
    });
  }

  return {
    async list(caller, reference) {
      const account = await findAccount(read, caller, reference);
      const products = await read.products.list(null);
      return products.filter(({ id }) => id in account.prices).map((product) => priceOf(account.prices, product));
    },

    async history(caller, reference, page) {
      const { id } = await findAccount(read, caller, reference);
      const found = await read.accountPrices.list(id, { ...page, limit: page.limit + 1 });
      const { items, next } = pageOf(found, page.limit, ({ sequence }) => sequence);
      const products = new Map((await read.products.list(null)).map((product) => [product.id, product]));
      const shown = items.flatMap(({ productId, prices, currency, note, actor, at }) => {
        const product = products.get(productId);
        return product === undefined ? [] : [{ product, prices, currency, note, actor, at }];
      });
      return { items: shown, next };
    },

    async set(caller, account, product, { prices, note }) {
      requirePrices(prices);
      return change(caller, { account, product, prices, note });
    },

    remove: (caller, account, product, note) => change(caller, { account, product, prices: null, note }),
  };
}

function priceOf(prices: Account['prices'], product: Product): AccountPrice {
  return { product, prices: pricedFor({ prices }, product).prices };
}

async function productOf(stores: Stores, key: ProductKey): Promise<Product> {
  const product = await stores.products.getByCode(key.dialect, key.code);
  if (product === undefined) throw refuse('notFound', { what: 'product', value: productCodeOf(key) });
  return product;
}

function notPriced(key: ProductKey) {
  return refuse('notFound', { what: 'accountPrice', value: productCodeOf(key) });
}

function requirePrices(prices: Prices): void {
  for (const [field, value] of Object.entries(prices)) {
    if (Number.isSafeInteger(value) && value >= 0 && value <= largestPriceMinor) continue;
    const expected = expectedOf.integerBetween(0, largestPriceMinor);
    throw refuse('fieldInvalid', { field, value: quoted(value), expected });
  }
}

function requireNote(note: string): void {
  if (note.length <= longestNote) return;
  const expected = expectedOf.charactersAtMost(longestNote);
  throw refuse('fieldInvalid', { field: 'note', value: quoted(note), expected });
}
