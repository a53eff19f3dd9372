/** A customer's server that learns what happens in an account, and the occasions on which it does. */
import type { AccountId, WebhookId } from './ids.ts';

export const webhookEvents = [
  'certificateIssued',
  'certificateRevoked',
  'certificateExpiring',
  'orderRejected',
  'orderRefunded',
  'orderExpiring',
  'domainValidated',
  'domainExpiring',
  'domainExpired',
  'organizationValidated',
  'organizationExpiring',
  'organizationExpired',
  'balanceLow',
] as const;

export type WebhookEvent = (typeof webhookEvents)[number];

export interface Webhook {
  readonly id: WebhookId;
  /** int32-safe. */
  readonly number: number;
  readonly accountId: AccountId;
  /** The front door whose format it uses, and whose events it receives; `native`: those of all. */
  readonly dialect: string;
  /** http or https. */
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  /** The value by which the receiver recognizes us, if it chose one; sealed. Every message also carries our signature. */
  readonly sealedSecret: Uint8Array | null;
  readonly state: 'active' | 'inactive';
  /** Settings that only its front door reads. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
}

/** A URL as a refusal repeats it: without the password that was sent. */
export function withoutPassword(url: string): string {
  return url.replace(/(?<=^[a-z]*:\/\/)[^/?#@]*@/i, '…@');
}
