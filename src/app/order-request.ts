/** What is checked of an order or a reissue before anything is stored. */
import type { Account } from '../domain/account.ts';
import { CertError, refuse } from '../domain/errors.ts';
import type { PlaceOrder } from '../domain/platform.ts';
import { objectionToKey, objectionToNames } from '../domain/policy.ts';
import type { Product } from '../domain/product.ts';
import type { Profile } from '../domain/profile.ts';
import { parseCsr, verifyCsr } from '../pki/csr.ts';
import type { AppContext } from './context.ts';
import { keyKindOf } from './key-kind.ts';

/** Who orders what, and by which rules. */
export interface OrderTerms {
  readonly account: Account;
  readonly product: Product;
  readonly profile: Profile;
}

/** Names, key, signature: what placing and reissuing refuse alike. The dear check comes last. */
export async function checkRequest(
  context: AppContext,
  { account, product, profile }: OrderTerms,
  request: Pick<PlaceOrder, 'names' | 'csr'>,
): Promise<void> {
  const { publicSuffixes, isSpecialPurpose } = context;
  const objection = objectionToNames(request.names, { product, profile, account, publicSuffixes, isSpecialPurpose });
  if (objection !== undefined) throw new CertError(objection);
  const csr = parseCsr(request.csr);
  const keyObjection = objectionToKey(keyKindOf(csr.publicKey), profile);
  if (keyObjection !== undefined) throw new CertError(keyObjection);
  await verifyCsr(csr);
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
