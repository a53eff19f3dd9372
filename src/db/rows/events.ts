/** Rows of the two logs that only grow: events and the ledger. */
import type { NumberedEntry } from '../../domain/account.ts';
import type { Event } from '../../domain/event.ts';
import type { AccountId } from '../../domain/ids.ts';
import { codecOf } from '../codec.ts';
import { date, integer, json, nullable, sequence, text } from '../fields.ts';

interface StoredEvent extends Omit<Event, 'actedFor'> {
  /** An event of somebody who acts for no other account does not have it. */
  readonly actedFor: AccountId | null;
}

export const events = codecOf<StoredEvent>()('events', {
  sequence: sequence('sequence'),
  kind: text('kind'),
  accountId: nullable(text('account_id')),
  actor: text('actor'),
  actedFor: nullable(text('acted_for')),
  subject: text('subject'),
  data: json('data_json'),
  requestId: nullable(text('request_id')),
  at: date('at'),
});

export const accountEvents = codecOf<{ readonly accountId: AccountId; readonly sequence: number }>()('account_events', {
  accountId: text('account_id'),
  sequence: integer('sequence'),
});

export const subjectEvents = codecOf<{ readonly subject: string; readonly sequence: number }>()('subject_events', {
  subject: text('subject'),
  sequence: integer('sequence'),
});

/** A list that is filled in batches, and the number of the last row that is in it. */
interface LateListRow {
  readonly list: 'events' | 'orders';
  readonly upTo: number;
}

export const lateLists = codecOf<LateListRow>()('late_lists', { list: text('list'), upTo: integer('up_to') });

export const ledger = codecOf<NumberedEntry>()('ledger', {
  sequence: sequence('sequence'),
  id: text('id'),
  accountId: text('account_id'),
  kind: text('kind'),
  amountMinor: integer('amount_minor'),
  balanceAfterMinor: integer('balance_after_minor'),
  currency: text('currency'),
  orderId: nullable(text('order_id')),
  note: text('note'),
  at: date('at'),
});
