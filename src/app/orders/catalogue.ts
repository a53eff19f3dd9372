/** Products that an account may order. */
import type { Account } from '../../domain/account.ts';
import type { Caller } from '../../domain/caller.ts';
import { CertError, quoted, refuse } from '../../domain/errors.ts';
import { newId, type ProductId } from '../../domain/ids.ts';
import { isSold } from '../../domain/may-be-issued.ts';
import { expectedOf } from '../../domain/messages/expectations.ts';
import type { Catalogue } from '../../domain/ports/catalogue.ts';
import type { PlaceOrder } from '../../domain/ports/orders.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { type CatalogueEntry, type Product, pricedFor, productDefaults } from '../../domain/product.ts';
import { type ProductKey, parseProductCode, productCodeOf } from '../../domain/product-code.ts';
import { recordAccount } from '../accounts/account-event.ts';
import { type AppContext, issuerOf, profileOf } from '../context.ts';
import { objectionToDoor } from '../issuing/relay.ts';
import { accountOf, seesAllAccounts } from '../scope.ts';

export function createCatalogue(context: AppContext): Catalogue {
  const { database, clock } = context;
  return {
    list: (caller) => listProducts(context, caller),

    async change(caller, dialect, code, change) {
      return database.write(async (tx) => {
        const product = await tx.products.getByCode(dialect, code);
        if (product === undefined)
          throw refuse('notFound', { what: 'product', value: productCodeOf({ dialect, code }) });
        if (change.issuerId !== undefined) requireSellable(context, product, change.issuerId);
        if (change.profileId !== undefined) requireFittingProfile(context, product, change.profileId);
        const changed = { ...product, ...change };
        await tx.products.update(product.id, change);
        await recordAccount(tx, caller, 'product.changed', {
          accountId: null,
          subject: product.id,
          data: { dialect, code, ...change },
          at: clock.now(),
        });
        return changed;
      });
    },
  };
}

/** What a product promises of its subject stays: an OV product is issued by an OV profile. @throws {CertError} fieldInvalid */
function requireFittingProfile({ profiles }: AppContext, { level }: Product, profileId: string): void {
  if (profiles.get(profileId)?.level === level) return;
  const fitting = [...profiles.values()].filter((profile) => profile.level === level);
  const among = expectedOf.oneOfThese(fitting.map(({ id }) => id).join(', '));
  throw refuse('fieldInvalid', { field: 'profileId', value: quoted(profileId), expected: among });
}

/** By its own front door, or by one that sells the products of all. @throws {CertError} */
function requireSellable(context: AppContext, { dialect }: Product, issuerId: string): void {
  const { issuers, proofMakers, widest } = context;
  if (!issuers.has(issuerId)) {
    const among = expectedOf.oneOfThese([...issuers.keys()].join(', '));
    throw refuse('fieldInvalid', { field: 'issuerId', value: quoted(issuerId), expected: among });
  }
  const open = [dialect, ...widest].filter((name) => proofMakers.has(name));
  const objections = open.map((name) => objectionToDoor(context, name, issuerId));
  const [first] = objections;
  if (first !== undefined && objections.every((one) => one !== undefined)) throw new CertError(first);
}

/** The products that the caller's front door sells to the caller's account; through native, of every front door, its own first. */
async function listProducts(context: AppContext, caller: Caller): Promise<readonly Product[]> {
  const { read } = context.database;
  const found = await read.products.list(caller.seesAllDialects ? null : caller.dialect);
  const products = found.toSorted((one, other) => rankFor(caller, one) - rankFor(caller, other));
  if (seesAllAccounts(caller)) return products;
  // A product whose issuer relays is not sold where its challenges cannot be shown.
  const fitting = products.filter(({ issuerId }) => objectionToDoor(context, caller.dialect, issuerId) === undefined);
  const account = await accountOf(read, caller);
  return fitting.filter((product) => isSold(product, account)).map((product) => pricedFor(account, product));
}

function rankFor({ dialect }: Caller, product: Product): number {
  return product.dialect === dialect ? 0 : 1;
}

/** By the code that the caller sent; or by id, where a key of the account says what it orders. */
export type ProductChoice = Pick<PlaceOrder, 'productCode'> | { readonly productId: ProductId };

/** @throws {CertError} unknownProduct, the same for one that is hidden from the account as for none */
export async function findProduct(
  stores: Stores,
  caller: Caller,
  account: Account,
  choice: ProductChoice,
): Promise<Product> {
  const product = await lookUp(stores, caller, choice);
  if (product === undefined || !isSold(product, account)) {
    const value = 'productId' in choice ? (product?.name ?? choice.productId) : choice.productCode;
    throw refuse('unknownProduct', { field: 'productCode', value: quoted(value) });
  }
  return pricedFor(account, product);
}

function lookUp(stores: Stores, caller: Caller, choice: ProductChoice): Promise<Product | undefined> {
  if ('productId' in choice) return stores.products.get(choice.productId);
  const { dialect, code } = productKeyOf(caller, choice.productCode);
  return stores.products.getByCode(dialect, code);
}

/** Native callers name the front door as well: `encryption365:100`. */
export function productKeyOf(caller: Caller, productCode: string): ProductKey {
  return caller.seesAllDialects ? parseProductCode(productCode) : { dialect: caller.dialect, code: productCode };
}

/** Adds the entries that are not in the catalogue yet; what the operator changed stays as it is. */
export async function addToCatalogue(
  context: AppContext,
  dialect: string,
  entries: readonly CatalogueEntry[],
): Promise<void> {
  const missing: CatalogueEntry[] = [];
  for (const entry of entries) {
    // A product that nothing can issue is found at start, not by its first customer.
    profileOf(context, entry.profileId);
    issuerOf(context, entry.issuerId);
    if ((await context.database.read.products.getByCode(dialect, entry.code)) === undefined) missing.push(entry);
  }
  if (missing.length === 0) return;
  await context.database.write(async (tx) => {
    for (const entry of missing) {
      // Another process that starts as well may have been faster, and its operator may have changed it since.
      if ((await tx.products.getByCode(dialect, entry.code)) !== undefined) continue;
      await tx.products.put({ ...productDefaults, ...entry, dialect, id: newId('product', context) });
    }
  });
}
