/**
 * The mailboxes that are taken to speak for a name (BR §3.2.2.4.4, constructed e-mail to domain contact; RFC 2142): one of
 * five at the name or at a parent of it, up to the registrable domain.
 */
import { baseName, type Identifier, isIp } from './identifier.ts';
import type { PublicSuffixes } from './system.ts';

/** BR §3.2.2.4.4 lists these and no others. In the order of the vendors' documents. */
const mailboxes = ['admin', 'administrator', 'hostmaster', 'postmaster', 'webmaster'];

/**
 * At the registrable domain first, where somebody reads mail, then at each name below it from the longest to the shortest.
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
