/** Checks of an order or a reissue before anything is stored. */

import type { Account } from '../../domain/account.ts';
import { CertError, quoted, refuse } from '../../domain/errors.ts';
import type { Identifier } from '../../domain/identifier.ts';
import { contactMailbox } from '../../domain/mailbox.ts';
import { expected } from '../../domain/messages/expectations.ts';
import type { Contact } from '../../domain/order.ts';
import { objectionToNames } from '../../domain/policy.ts';
import { printable } from '../../domain/printable.ts';
import type { Product } from '../../domain/product.ts';
import type { Profile } from '../../domain/profile.ts';
import type { AppContext } from '../context.ts';

/** Checks that it can be shown to others, and perhaps mailed to. @throws {CertError} invalidField */
export function checkedContact(contact: Contact | null): Contact | null {
  if (contact === null) return null;
  const { email, ...texts } = contact;
  for (const [field, text] of Object.entries(texts)) {
    if (printable(text) === text) continue;
    throw refuse('fieldInvalid', { field: `contact ${field}`, value: quoted(text), expected: expected.printable });
  }
  return email === undefined ? contact : { ...contact, email: contactMailbox(email, 'contact email') };
}

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
