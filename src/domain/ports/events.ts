/** Port for front doors: events. */
import type { Caller } from '../caller.ts';
import type { Event, EventKind } from '../event.ts';
import type { Page, PageQuery } from '../page.ts';

export interface EventsAfter {
  /** The last number that was seen; 0: none. */
  readonly seq: number;
  readonly limit: number;
  /** Only these; all by default. */
  readonly kinds?: readonly EventKind[];
  /** How long to wait where there is nothing new, up to `longestEventWaitMs`; not at all by default. */
  readonly waitMs?: number;
}

/** Shorter than a server that stops waits for its requests. Who calls again authenticates again. */
export const longestEventWaitMs = 8000;

export interface EventFeed {
  readonly items: readonly Event[];
  /** The number to go on from. It moves on past events of other kinds as well, so that `items` may be empty before the end. */
  readonly seq: number;
}

export interface Events {
  /** The newest first. */
  list(caller: Caller, query: PageQuery & { readonly subject?: string }): Promise<Page<Event>>;
  /**
   * What happened after an event, the oldest first. Only events that the sealer has numbered: nothing ever appears before one that was
   * seen, so that who goes on from `seq` misses nothing and sees nothing twice (decision 0019).
   * @throws {CertError} invalidField
   */
  after(caller: Caller, query: EventsAfter): Promise<EventFeed>;
}
