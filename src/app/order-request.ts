/** What is checked of an order or a reissue before anything is stored. */
import type { Account } from '../domain/account.ts';
import { CertError, refuse } from '../domain/errors.ts';
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

export function requireOrganization(product: Product, { organization }: PlaceOrder): void {
  if (product.level === 'dv') return;
  const level = product.level.toUpperCase();
  if (organization === null) throw refuse('organizationRequired', { field: 'organization', level });
  const needed = product.level === 'ev' ? evFields : ovFields;
  const missing = needed.find((field) => (organization[field] ?? '') === '');
  if (missing !== undefined) throw refuse('organizationRequired', { field: `organization ${missing}`, level });
}

// BR §7.1.2.7.4 and EV guidelines §9.2: what the subject of an OV and of an EV certificate must say.
const ovFields = ['name', 'city', 'state', 'country'] as const;
const evFields = [...ovFields, 'registrationNumber'] as const;
