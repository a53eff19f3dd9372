/**
 * A mail about an order: that something of it ends soon, one for each address and each of the configured days; or its
 * certificate itself, whose sending somebody requested.
 */
import type { AccountId, ExpiryReminderId, IssuanceId, OrderId } from './ids.ts';
import type { WebhookEvent } from './webhook.ts';

export type EndingReminder = Extract<WebhookEvent, 'orderExpiring' | 'certificateExpiring'>;

export interface ExpiryReminder {
  readonly id: ExpiryReminderId;
  readonly accountId: AccountId;
  readonly orderId: OrderId;
  readonly issuanceId: IssuanceId;
  readonly event: EndingReminder | 'certificateSent';
  /** The end of the coverage or the certificate. */
  readonly endsAt: Date;
  readonly address: string;
  /** `dropped`: it was out of date when it was to be sent. */
  readonly state: 'waiting' | 'sent' | 'failed' | 'dropped';
  /** The last answer of the mail server. */
  readonly lastAnswer: string | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

/** Days before the end, unless the configuration says others. */
export const defaultReminderDays: readonly number[] = [90, 60, 30, 7, 3];
