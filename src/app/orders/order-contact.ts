/** The contact that an order names. */
import { quoted, refuse } from '../../domain/errors.ts';
import { contactMailbox } from '../../domain/mailbox.ts';
import type { Contact } from '../../domain/order.ts';
import { printable } from '../../domain/printable.ts';

/** Checks that it can be shown to others, and perhaps mailed to. @throws {CertError} invalidField */
export function checkedContact(contact: Contact | null): Contact | null {
  if (contact === null) return null;
  const { email, ...texts } = contact;
  for (const [field, text] of Object.entries(texts)) {
    if (printable(text) === text) continue;
    const expected = { en: 'printable characters', zh: '可见字符' };
    throw refuse('fieldInvalid', { field: `contact ${field}`, value: quoted(text), expected });
  }
  return email === undefined ? contact : { ...contact, email: contactMailbox(email, 'contact email') };
}
