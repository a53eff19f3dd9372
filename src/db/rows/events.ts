/** Rows of the two logs that only grow: events and the ledger. */
import type { NumberedEntry } from '../../domain/account.ts';
import type { Event } from '../../domain/event.ts';
import type { AccountId, UserSessionId } from '../../domain/ids.ts';
import { codecOf } from '../codec.ts';
import { anyId, date, id, integer, json, nullable, sequence, text } from '../fields.ts';

interface StoredEvent extends Omit<Event, 'actedFor' | 'sessionId' | 'address'> {
  /** An event of somebody who acts for no other account does not have it. */
  readonly actedFor: AccountId | null;
  readonly sessionId: UserSessionId | null;
  readonly address: string | null;
}

export const events = codecOf<StoredEvent>()('events', {
  sequence: sequence('sequence'),
  kind: text('kind'),
  accountId: nullable(id('account_id', 'account')),
  actor: anyId('actor'),
  actedFor: nullable(id('acted_for', 'account')),
  subject: anyId('subject'),
  data: json('data_json'),
  requestId: nullable(text('request_id')),
  at: date('at'),
  sessionId: nullable(id('session_id', 'userSession')),
  address: nullable(text('address')),
});

export const accountEvents = codecOf<{ readonly accountId: AccountId; readonly sequence: number }>()('account_events', {
  accountId: id('account_id', 'account'),
  sequence: integer('sequence'),
});

export const subjectEvents = codecOf<{ readonly subject: string; readonly sequence: number }>()('subject_events', {
  subject: anyId('subject'),
  sequence: integer('sequence'),
});

export const kindEvents = codecOf<{ readonly kind: string; readonly sequence: number }>()('kind_events', {
  kind: text('kind'),
  sequence: integer('sequence'),
});

export const actorEvents = codecOf<{ readonly actor: string; readonly sequence: number }>()('actor_events', {
  actor: anyId('actor'),
  sequence: integer('sequence'),
});

export const requestEvents = codecOf<{ readonly requestId: string; readonly sequence: number }>()('request_events', {
  requestId: text('request_id'),
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
  id: id('id', 'ledgerEntry'),
  accountId: id('account_id', 'account'),
  kind: text('kind'),
  amountMinor: integer('amount_minor'),
  balanceAfterMinor: integer('balance_after_minor'),
  currency: text('currency'),
  orderId: nullable(id('order_id', 'order')),
  note: text('note'),
  at: date('at'),
  // Not known of lines from before this was noted.
  actor: nullable(text('actor')),
});
