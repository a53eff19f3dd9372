/**
 * Internal ids: a prefix that tells the noun and a UUIDv7 (RFC 9562 §5.7) in base32, so that ids sort by the time they
 * were made and new rows land at the end of an index.
 */
import type { Clock, Randomness } from './ports/system.ts';

const prefixes = {
  account: 'acc',
  user: 'usr',
  credential: 'crd',
  userSession: 'ses',
  product: 'prd',
  order: 'ord',
  approval: 'apr',
  issuance: 'iss',
  authorization: 'aut',
  confirmation: 'cnf',
  certificate: 'crt',
  authority: 'ca',
  event: 'evt',
  ledgerEntry: 'led',
  job: 'job',
  delivery: 'ntf',
  organization: 'org',
  container: 'cnt',
  customField: 'fld',
  managedDomain: 'dom',
  webhook: 'whk',
  externalAccountKey: 'eab',
  note: 'not',
  expiryReminder: 'ntc',
  roleGrant: 'rgr',
} as const;

export type Noun = keyof typeof prefixes;
declare const noun: unique symbol;
export type Id<N extends Noun> = string & { readonly [noun]: N };

export type AccountId = Id<'account'>;
export type UserId = Id<'user'>;
export type CredentialId = Id<'credential'>;
export type UserSessionId = Id<'userSession'>;
export type ProductId = Id<'product'>;
export type OrderId = Id<'order'>;
export type ApprovalId = Id<'approval'>;
export type IssuanceId = Id<'issuance'>;
export type AuthorizationId = Id<'authorization'>;
export type ConfirmationId = Id<'confirmation'>;
export type CertificateId = Id<'certificate'>;
export type AuthorityId = Id<'authority'>;
export type LedgerEntryId = Id<'ledgerEntry'>;
export type JobId = Id<'job'>;
export type DeliveryId = Id<'delivery'>;
export type OrganizationId = Id<'organization'>;
export type ContainerId = Id<'container'>;
export type CustomFieldId = Id<'customField'>;
export type ManagedDomainId = Id<'managedDomain'>;
export type WebhookId = Id<'webhook'>;
export type ExternalAccountKeyId = Id<'externalAccountKey'>;
export type NoteId = Id<'note'>;
export type ExpiryReminderId = Id<'expiryReminder'>;
export type RoleGrantId = Id<'roleGrant'>;

// Crockford's alphabet in lower case keeps the order of the bits; no i, l, o, u to misread.
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new id such as `ord_01kaf3…`: prefix, underscore, 26 characters. */
export function newId<N extends Noun>(of: N, system: { readonly clock: Clock; readonly random: Randomness }): Id<N> {
  const bytes = new Uint8Array(16);
  let ms = system.clock.now().getTime();
  for (let i = 5; i >= 0; i--) {
    bytes[i] = ms % 256;
    ms = Math.floor(ms / 256);
  }
  bytes.set(system.random.bytes(10), 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return `${prefixes[of]}_${base32(bytes)}` as Id<N>;
}

/** Reports whether the text has the form of an id of this noun; what it names may still not exist. */
export function isId<N extends Noun>(of: N, text: string): text is Id<N> {
  return text.startsWith(`${prefixes[of]}_`) && /^[0-9a-hjkmnp-tv-z]{26}$/.test(text.slice(prefixes[of].length + 1));
}

/** Lower-case base32, 5 bits a character, most significant first; the last character is padded with zero bits. */
export function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  if (bits > 0) text += alphabet[(held << (5 - bits)) & 31];
  return text;
}
