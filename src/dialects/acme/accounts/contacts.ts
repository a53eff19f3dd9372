/** Contacts of accounts (RFC 8555 §7.3): kept as they were sent, since clients compare them. */
import { quoted, refuse } from '../../../domain/errors.ts';
import { isMailbox } from '../../../domain/mailbox.ts';

/** @throws {CertError} contactScheme, contactAddress */
export function requireContacts(contacts: readonly string[]): void {
  for (const contact of contacts) {
    if (!/^mailto:/i.test(contact)) throw refuse('contactScheme', { contact: quoted(contact) });
    if (!isMailboxInUrl(contact.slice('mailto:'.length))) throw refuse('contactAddress', { contact: quoted(contact) });
  }
}

/**
 * One address and nothing around it: no list, no header fields behind a question mark (RFC 6068 §2), and no characters that have a meaning
 * of their own in a URL (RFC 3986 §2.2), which an address in one has percent-encoded.
 */
function isMailboxInUrl(text: string): boolean {
  if (/[\s/?#]/.test(text)) return false;
  try {
    return isMailbox(decodeURIComponent(text));
  } catch {
    // A percent sign that begins no octet.
    return false;
  }
}
