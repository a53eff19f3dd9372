/** What the filters of lists name, looked up for the caller: an account, a product, an issuer. */
import type { Caller } from '../domain/caller.ts';
import { quoted, refuse } from '../domain/errors.ts';
import type { AccountId, ProductId } from '../domain/ids.ts';
import { isSold } from '../domain/may-be-issued.ts';
import { expected } from '../domain/messages/expectations.ts';
import type { AppContext } from './context.ts';
import { productKeyOf } from './orders/catalogue.ts';
import { accountFilter, dialectScope, findAccount, seesAllAccounts } from './scope.ts';

interface Named {
  readonly account?: string;
  readonly productCode?: string;
  readonly issuerId?: string;
}

export interface Found {
  /** Null: of all accounts. */
  readonly accountId: AccountId | null;
  readonly dialect?: string;
  readonly productId?: ProductId;
}

/** @throws {CertError} notFound for another account's, the same as for none; unknownProduct */
export async function lookUpFilter({ database: { read } }: AppContext, caller: Caller, named: Named): Promise<Found> {
  const { account, productCode } = named;
  const accountId = account === undefined ? accountFilter(caller) : (await findAccount(read, caller, account)).id;
  const scope = { accountId, ...dialectScope(caller) };
  if (productCode === undefined) return scope;
  const { dialect, code } = productKeyOf(caller, productCode);
  const product = await read.products.getByCode(dialect, code);
  if (product === undefined) throw unknownProduct(productCode);
  return { ...scope, productId: product.id };
}

/**
 * An empty list may be so because of a slip of the pen: there is no such issuer. Products that are hidden from an account are not told
 * apart from those that do not exist.
 * @throws {CertError} invalidField, unknownProduct
 */
export async function requireFindable(context: AppContext, caller: Caller, found: Found, named: Named): Promise<void> {
  const { issuerId, productCode } = named;
  if (issuerId !== undefined && !context.issuers.has(issuerId))
    throw refuse('fieldInvalid', { field: 'issuerId', value: quoted(issuerId), expected: expected.issuerId });
  if (found.productId === undefined || productCode === undefined || seesAllAccounts(caller)) return;
  const { read } = context.database;
  const [product, account] = await Promise.all([
    read.products.get(found.productId),
    found.accountId === null ? undefined : read.accounts.get(found.accountId),
  ]);
  if (product === undefined || account === undefined || !isSold(product, account)) throw unknownProduct(productCode);
}

function unknownProduct(productCode: string) {
  return refuse('unknownProduct', { field: 'productCode', value: quoted(productCode) });
}
