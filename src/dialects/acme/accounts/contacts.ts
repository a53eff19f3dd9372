/** Contacts of accounts (RFC 8555 §7.3): kept as they were sent, since clients compare them. */
import { quoted, refuse } from '../../../domain/errors.ts';
import { requireMailbox } from '../../../domain/mailbox.ts';

/** @throws {CertError} contactScheme, contactAddress */
export function requireContacts(contacts: readonly string[]): void {
  for (const contact of contacts) {
    if (!/^mailto:/i.test(contact)) throw refuse('contactScheme', { contact: quoted(contact) });
    if (!isMailbox(contact.slice('mailto:'.length))) throw refuse('contactAddress', { contact: quoted(contact) });
  }
}

/** One address: no list, and no header fields behind a question mark (RFC 6068). */
function isMailbox(address: string): boolean {
  if (/[,?]/.test(address)) return false;
  try {
    requireMailbox(address, 'contact');
    return true;
  } catch {
    return false;
  }
}
