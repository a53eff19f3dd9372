/**
 * Internal ids: a prefix that tells the noun and 128 bits in base32 that begin with the time, so that ids sort by when they
 * were made and new rows land at the end of an index. The ids of orders, issuances and certificates carry the number of
 * their object: its row is found by that, and needs no index of ids.
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
  acmeOrder: 'aor',
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
  orderShare: 'shr',
  expiryReminder: 'ntc',
  roleGrant: 'rgr',
  invitation: 'inv',
  upstreamExchange: 'uex',
} as const;

export type Noun = keyof typeof prefixes;

/** What stands before the underscore of its ids. */
export function prefixOf(noun: Noun): string {
  return prefixes[noun];
}

/** The nouns of which an order makes new rows: an index less for each. */
export type NumberedNoun = 'order' | 'issuance' | 'certificate';
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
export type AcmeOrderId = Id<'acmeOrder'>;
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
export type OrderShareId = Id<'orderShare'>;
export type ExpiryReminderId = Id<'expiryReminder'>;
export type RoleGrantId = Id<'roleGrant'>;
export type UpstreamExchangeId = Id<'upstreamExchange'>;

// Crockford's alphabet in lower case keeps the order of the bits; no i, l, o, u to misread.
export const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

interface IdSystem {
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Randomness;
}

/** A new id such as `ord_01kaf3…`: prefix, underscore, 26 characters that hold a UUIDv7 (RFC 9562 §5.7). */
export function newId<N extends Exclude<Noun, NumberedNoun>>(of: N, system: IdSystem): Id<N> {
  return idOf(of, withTime(0x70, system));
}

/**
 * A new id that carries a number: a UUIDv8 (RFC 9562 §5.8) whose last 32 bits are the number. Between them and the time are
 * 42 random bits, so that knowing an object's number is not knowing its id.
 */
export function newNumberedId<N extends NumberedNoun>(of: N, number: number, system: IdSystem): Id<N> {
  const bytes = withTime(0x80, system);
  new DataView(bytes.buffer).setUint32(12, number);
  return idOf(of, bytes);
}

/** The same with the next number of the noun. */
export async function nextId<N extends NumberedNoun>(
  of: N,
  system: IdSystem & { readonly database: { nextNumber(of: NumberedNoun): Promise<number> } },
): Promise<Id<N>> {
  return newNumberedId(of, await system.database.nextNumber(of), system);
}

/** Characters that hold the number: the last 33 bits of the 128, and two that fill up the last character. */
const numberCharacters = 7;

/** The number that the id carries. Of a text that nobody made as an id it is some number, whose row has another id. */
export function numberOf(id: Id<NumberedNoun>): number {
  let bits = 0;
  for (const character of id.slice(-numberCharacters)) bits = bits * 32 + Math.max(alphabet.indexOf(character), 0);
  return Math.floor(bits / 4) % 2 ** 32;
}

function withTime(version: number, { clock, random }: IdSystem): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16);
  let ms = clock.now().getTime();
  for (let i = 5; i >= 0; i--) {
    bytes[i] = ms % 256;
    ms = Math.floor(ms / 256);
  }
  bytes.set(random.bytes(10), 6);
  bytes[6] = version | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return bytes;
}

function idOf<N extends Noun>(of: N, bytes: Uint8Array): Id<N> {
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
