/** What the configuration of dialects names, looked up at start: a misspelt one is not to be found by its first customer. */
import { refuse } from '../domain/errors.ts';
import type { ConfiguredReference, ConfiguredReferences } from '../domain/ports/dialect.ts';
import { parseProductCode } from '../domain/product-code.ts';
import type { AppContext } from './context.ts';
import { isAccountKnown } from './scope.ts';

/**
 * Refuses to start where a product is named that there is not: products come with the program. An account may be made later, and so a
 * warning says that it is missing.
 * @throws {CertError} naming the setting
 */
export async function checkReferences(
  { database, log }: Pick<AppContext, 'database' | 'log'>,
  dialect: string,
  { accounts, products }: ConfiguredReferences,
): Promise<void> {
  const settingOf = ({ setting }: ConfiguredReference) => `dialects.${dialect}.${setting}`;
  for (const reference of products) {
    const { value } = reference;
    const { dialect: door, code } = parseProductCode(value);
    const product = await database.read.products.getByCode(door, code);
    if (product === undefined) {
      throw refuse('configuredProductUnknown', { setting: settingOf(reference), product: value });
    }
    if (product.isForSale) continue;
    log.warn({ setting: settingOf(reference), product: value }, 'this setting names a product that is not for sale');
  }
  for (const reference of accounts) {
    if (await isAccountKnown(database.read, reference.value)) continue;
    log.warn(
      { setting: settingOf(reference), account: reference.value },
      'this setting names an account that there is not: nobody can order by it until the account is made, or the setting changed',
    );
  }
}
