/** Checks of an order or a reissue before anything is stored. */
import type { Account } from '../../domain/account.ts';
import { CertError } from '../../domain/errors.ts';
import type { Identifier } from '../../domain/identifier.ts';
import { objectionToNames } from '../../domain/policy.ts';
import type { Product } from '../../domain/product.ts';
import type { Profile } from '../../domain/profile.ts';
import type { AppContext } from '../context.ts';

/** The request, who places it, and the rules that apply to it. */
export interface OrderTerms {
  readonly account: Account;
  readonly product: Product;
  readonly profile: Profile;
}

/** Checks that placing and reissuing share. @throws {CertError} */
export function checkNames(
  context: AppContext,
  { account, product, profile }: OrderTerms,
  names: readonly Identifier[],
): void {
  const { publicSuffixes, isSpecialPurpose } = context;
  const objection = objectionToNames(names, { product, profile, account, publicSuffixes, isSpecialPurpose });
  if (objection !== undefined) throw new CertError(objection);
}
