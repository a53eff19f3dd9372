/** What is checked of an order or a reissue before anything is stored. */
import type { Account } from '../domain/account.ts';
import { CertError } from '../domain/errors.ts';
import type { PlaceOrder } from '../domain/platform.ts';
import { objectionToNames } from '../domain/policy.ts';
import type { Product } from '../domain/product.ts';
import type { Profile } from '../domain/profile.ts';
import type { AppContext } from './context.ts';
import { type SubscriberKey, subscriberKeyOf } from './subscriber-key.ts';

/** Who orders what, and by which rules. */
export interface OrderTerms {
  readonly account: Account;
  readonly product: Product;
  readonly profile: Profile;
}

/** Names, key, signature: what placing and reissuing refuse alike. The dear check, or a new key, comes last. */
export async function checkRequest(
  context: AppContext,
  { account, product, profile }: OrderTerms,
  request: Pick<PlaceOrder, 'names' | 'csr'>,
): Promise<SubscriberKey> {
  const { publicSuffixes, isSpecialPurpose } = context;
  const objection = objectionToNames(request.names, { product, profile, account, publicSuffixes, isSpecialPurpose });
  if (objection !== undefined) throw new CertError(objection);
  return subscriberKeyOf(context, request.csr, { names: request.names, profile });
}
