/** Store of expiry reminders, which also finds what is about to end. */

import type { ExpiryReminder } from '../../expiry-reminder.ts';
import type {
  CertificateId,
  ExpiryReminderId,
  IssuanceId,
  ManagedDomainId,
  OrderId,
  OrganizationId,
} from '../../ids.ts';

/** Up to where something was looked at: everything that ended before, and at that moment those with a number up to this. */
export interface Cursor {
  readonly endsAt: Date;
  readonly number: number;
}

export interface Ending<I> extends Cursor {
  readonly id: I;
}

/** Ends no later than `until`, in the order in which it ends. */
export interface EndingWindow {
  readonly after: Cursor;
  readonly until: Date;
  readonly limit: number;
}

export interface ExpiryReminderStore {
  insert(reminder: ExpiryReminder): Promise<void>;
  get(id: ExpiryReminderId): Promise<ExpiryReminder | undefined>;
  /** Those of this kind about the issuance that were made since then. */
  countSince(issuanceId: IssuanceId, event: ExpiryReminder['event'], since: Date): Promise<number>;
  /** Ends a waiting one; says whether it was waiting. */
  end(
    id: ExpiryReminderId,
    state: Exclude<ExpiryReminder['state'], 'waiting'>,
    result: { readonly answer: string | null; readonly at: Date },
  ): Promise<boolean>;
  /** Active orders by the end of their coverage. */
  listOrdersEnding(window: EndingWindow): Promise<readonly Ending<OrderId>[]>;
  /** Certificates that are not revoked. */
  listCertificatesEnding(window: EndingWindow): Promise<readonly Ending<CertificateId>[]>;
  /** Organizations by the end of a verification. */
  listValidationsEnding(window: EndingWindow): Promise<readonly Ending<OrganizationId>[]>;
  /** Domains by the end of their proof, while it is not marked as expired. */
  listDomainsEnding(window: EndingWindow): Promise<readonly Ending<ManagedDomainId>[]>;
}
