/** E-mail addresses, as they are entered: one function for every door. */

import { quoted, refuse } from './errors.ts';
import { baseName, type Identifier, isIp } from './identifier.ts';
import { expected } from './messages/expectations.ts';
import type { PublicSuffixes } from './ports/system.ts';
import { printable } from './printable.ts';

/** BR §3.2.2.4.4 lists these and no others. In the order of the vendors' documents. */
const mailboxes = ['admin', 'administrator', 'hostmaster', 'postmaster', 'webmaster'];

/**
 * Addresses at the registrable domain first, where somebody reads mail, then at each name below it, longest to shortest.
 * An address has no mailboxes.
 */
export function constructedAddresses(identifier: Identifier, publicSuffixes: PublicSuffixes): readonly string[] {
  if (isIp(identifier)) return [];
  const base = baseName(identifier);
  const top = publicSuffixes.registrableDomain(base) ?? base;
  const labels = base === top ? [] : base.slice(0, -top.length - 1).split('.');
  const below = labels.map((_, index) => `${labels.slice(index).join('.')}.${top}`);
  return [top, ...below].flatMap((domain) => mailboxes.map((mailbox) => `${mailbox}@${domain}`));
}

/** RFC 5321 §4.5.3.1.3: a path has 256 octets, two of which are its angle brackets. */
const maxLength = 254;

/** Like `isMailbox`, but at a domain of several labels, as people's addresses are. */
export function isPublicMailbox(text: string): boolean {
  const domain = text.slice(text.indexOf('@') + 1);
  return isMailbox(text) && domain.includes('.') && !domain.startsWith('.') && !domain.endsWith('.');
}

/**
 * One mailbox, and nothing that a mail server might read as more: no second address, no comment, and no control character,
 * which would begin another header.
 */
export function isMailbox(text: string): boolean {
  return (
    text.length <= maxLength && printable(text) === text && /^[^@\s,;:<>()[\]"\\]+@[^@\s,;:<>()[\]"\\]+$/.test(text)
  );
}

/**
 * The mailbox as it was written, without blanks around it: for contacts, which are shown. Empty where there is none.
 * @param field the request's own word for it
 * @throws {CertError} invalidField
 */
export function contactMailbox(text: string, field: string): string {
  const bare = text.trim();
  // Only blanks are forgiven: a line end behind an address is what an injected header begins with.
  if (printable(text) === text && (bare === '' || isMailbox(bare))) return bare;
  throw notMailbox(text, field);
}

/**
 * The mailbox in lower case, without blanks around it: for what is sent there.
 * @param field the request's own word for it
 * @throws {CertError} invalidField
 */
export function requireMailbox(text: string, field: string): string {
  const address = contactMailbox(text, field).toLowerCase();
  if (address === '') throw notMailbox(text, field);
  return address;
}

function notMailbox(text: string, field: string) {
  return refuse('fieldInvalid', { field, value: quoted(text), expected: expected.email });
}
