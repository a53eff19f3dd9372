/** A customer's server that is told what happens in an account; and the occasions on which it is. */
import type { AccountId, WebhookId } from './ids.ts';

export const webhookEvents = [
  'certificateIssued',
  'certificateRevoked',
  'certificateExpiring',
  'orderRejected',
  'orderExpiring',
  'domainValidated',
  'domainExpiring',
  'domainExpired',
  'organizationValidated',
  'organizationExpiring',
  'organizationExpired',
] as const;

export type WebhookEvent = (typeof webhookEvents)[number];

export interface Webhook {
  readonly id: WebhookId;
  /** int32-safe. */
  readonly number: number;
  readonly accountId: AccountId;
  /** The front door in whose words it is told. It is told of what happens through that front door; `native`: through all. */
  readonly dialect: string;
  /** http or https. */
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  /** What the receiver recognizes us by, where it chose something; sealed. Every message also carries our signature. */
  readonly sealedSecret: Uint8Array | null;
  readonly state: 'active' | 'inactive';
  /** What only its front door reads. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
}

/** A URL as a refusal repeats it: without the password that was sent. */
export function withoutPassword(url: string): string {
  return url.replace(/(?<=^[a-z]*:\/\/)[^/?#@]*@/i, '…@');
}
