/** Store of events. The contract of every store is in `stores.ts`. */
import type { Event, EventKind, NewEvent } from '../../event.ts';
import type { AccountId } from '../../ids.ts';
import type { PageQuery, Total } from '../../page.ts';
import type { EventFilter } from '../events.ts';

/** `EventFilter` with what it names looked up. */
export interface StoredEventFilter extends Omit<EventFilter, 'account'> {
  /** Null: of all accounts, and of none. */
  readonly accountId: AccountId | null;
}

/**
 * An event has no number while its transaction runs. The engine's one sealer numbers those that are committed, without gaps
 * and in an order that never changes, and an event is seen by nobody before it is numbered: a reader that has seen number n has
 * seen, or can read, all that will ever stand before it. So it continues from the last number it saw, and needs no clock.
 * The sealer chooses the order of commits that did not wait for each other (decision 0019).
 */
export interface EventStore {
  append(event: NewEvent): Promise<void>;
  /** The newest first; `before` is a number of an event. */
  list(query: PageQuery & StoredEventFilter): Promise<readonly Event[]>;
  /** How many all pages of that list have. */
  count(filter: StoredEventFilter): Promise<Total>;
  /** Those after a number, the oldest first. */
  listAfter(query: {
    readonly accountId: AccountId | null;
    readonly after: number;
    readonly limit: number;
  }): Promise<readonly Event[]>;
  /** Those of these kinds that happened to any of these subjects, the oldest first of each thousand subjects. */
  listOfSubjects(query: {
    readonly subjects: readonly string[];
    readonly kinds: readonly EventKind[];
  }): Promise<readonly Event[]>;
  /** The number of the newest event; 0: there is none. */
  newest(): Promise<number>;
}
