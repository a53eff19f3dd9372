/** A key by which an ACME client is bound to an account (RFC 8555 §7.3.4), and what its orders will be. */
import type { AccountId, ExternalAccountKeyId, OrganizationId, ProductId } from './ids.ts';
import type { KeyPolicy } from './key-policy.ts';
import type { Coverage } from './product.ts';

export interface ExternalAccountKey {
  readonly id: ExternalAccountKeyId;
  /** int32-safe. */
  readonly number: number;
  readonly accountId: AccountId;
  /** The front door through which it was made. */
  readonly dialect: string;
  /** The `kid` of the external account binding. */
  readonly keyId: string;
  /** 32 bytes, sealed: an HMAC is checked with the key itself, so a hash would not do. */
  readonly sealedHmacKey: Uint8Array;
  readonly name: string;
  readonly productId: ProductId;
  readonly organizationId: OrganizationId | null;
  readonly coverage: Coverage;
  readonly policy: KeyPolicy;
  /** It binds nobody from then on, if it has bound nobody before; null: it waits for its first client for good. */
  readonly expiresAt: Date | null;
  /** Data that only its front door reads. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}

/** The ACME directory of the keys that the native API and the console make. */
export const ownDirectory = 'default';

/** The URL that a client of this directory is given. */
export function directoryUrl(publicUrl: string, directory: string): string {
  return `${publicUrl}/acme/${directory}/directory`;
}
