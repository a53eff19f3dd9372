/** Checks of an order or a reissue before anything is stored. */

import type { Account } from '../../domain/account.ts';
import { CertError, quoted, refuse } from '../../domain/errors.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { KeyPolicy } from '../../domain/key-policy.ts';
import { contactMailbox, requireMailbox } from '../../domain/mailbox.ts';
import { expected, expectedOf } from '../../domain/messages/expectations.ts';
import {
  type Contact,
  longestAlternativeReference,
  longestReminderMessage,
  mostReminderAddresses,
  type ReminderSettings,
} from '../../domain/order.ts';
import { objectionToNames } from '../../domain/policy.ts';
import { printable } from '../../domain/printable.ts';
import type { Product } from '../../domain/product.ts';
import type { Profile } from '../../domain/profile.ts';
import type { AppContext } from '../context.ts';

/** @throws {CertError} invalidField */
export function requireReminderSettings(reminders: ReminderSettings | undefined): void {
  if (reminders === undefined) return;
  for (const address of reminders.addresses) requireMailbox(address, 'reminders.addresses');
  if (reminders.addresses.length > mostReminderAddresses) {
    throw refuse('fieldInvalid', {
      field: 'reminders.addresses',
      value: String(reminders.addresses.length),
      expected: expectedOf.addressesAtMost(mostReminderAddresses),
    });
  }
  if (reminders.message.length > longestReminderMessage) {
    throw refuse('fieldInvalid', {
      field: 'reminders.message',
      value: quoted(reminders.message),
      expected: expectedOf.charactersAtMost(longestReminderMessage),
    });
  }
}

/** @throws {CertError} invalidField */
export function requireAlternativeReference(reference: string | null | undefined): void {
  if (reference === null || reference === undefined) return;
  if (reference.length > 0 && reference.length <= longestAlternativeReference) return;
  throw refuse('fieldInvalid', {
    field: 'alternativeReference',
    value: quoted(reference),
    expected: expectedOf.charactersBetween(1, longestAlternativeReference),
  });
}

/** Checks that it can be shown to others, and perhaps mailed to. @throws {CertError} invalidField */
export function checkedContact(contact: Contact | null): Contact | null {
  if (contact === null) return null;
  const { email, ...texts } = contact;
  for (const [field, text] of Object.entries(texts)) {
    if (printable(text) === text) continue;
    throw refuse('fieldInvalid', { field: `contact.${field}`, value: quoted(text), expected: expected.printable });
  }
  return email === undefined ? contact : { ...contact, email: contactMailbox(email, 'contact.email') };
}

/** The request, who places it, and the rules that apply to it. */
export interface OrderTerms {
  readonly account: Account;
  readonly product: Product;
  /** As it is under the policy. */
  readonly profile: Profile;
  /** Of the external account key that the client goes by; null: it goes by none. */
  readonly policy: KeyPolicy | null;
}

/** Checks that placing and reissuing share. @throws {CertError} */
export function checkNames(
  context: AppContext,
  { account, product, profile, policy }: OrderTerms,
  names: readonly Identifier[],
): void {
  const { publicSuffixes, isSpecialPurpose } = context;
  const objection = objectionToNames(names, {
    product,
    profile,
    account,
    keyPolicy: policy,
    publicSuffixes,
    isSpecialPurpose,
  });
  if (objection !== undefined) throw new CertError(objection);
}
