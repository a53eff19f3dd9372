/** Port for front doors: events. */
import type { Caller } from '../caller.ts';
import type { Certificate } from '../certificate.ts';
import type { Event, EventKind } from '../event.ts';
import type { CertificateId, OrderId } from '../ids.ts';
import type { Counting, Page, PageQuery } from '../page.ts';

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

/** Something that is done to an order or a certificate once. `closed`: cancelled, rejected or revoked. */
export type OnceDone = 'placed' | 'closed' | 'revoked';

/** Orders and certificates that the caller has been shown. */
export interface ShownObjects {
  readonly placed?: readonly OrderId[];
  readonly closed?: readonly OrderId[];
  readonly revoked?: readonly Pick<Certificate, 'id' | 'orderId'>[];
}

export interface Doer {
  readonly done: OnceDone;
  readonly id: OrderId | CertificateId;
  /** As an event has it. */
  readonly actor: string;
}

/** A list that somebody takes away as a whole. */
export interface Export {
  /** The operation that lists it: `orders.list`. */
  readonly list: string;
  /** What narrowed it, in the names of the API. */
  readonly filter: Readonly<Record<string, unknown>>;
}

/** Every condition must hold. */
export interface EventFilter {
  /** The id of what it happened to. */
  readonly subject?: string;
  readonly kinds?: readonly EventKind[];
  /** The id of who did it. */
  readonly actor?: string;
  readonly requestId?: string;
  /** Id or number. An operator's log is of every account by default, anybody else's of their own. */
  readonly account?: string;
  /** Included. */
  readonly from?: Date;
  /** Excluded. */
  readonly until?: Date;
}

export interface Events {
  /** The newest first. @throws {CertError} notFound for another account's */
  list(caller: Caller, query: PageQuery & Counting & EventFilter): Promise<Page<Event>>;
  /**
   * What happened after an event, the oldest first. Only events that the sealer has numbered: nothing ever appears before one that was
   * seen, so that who goes on from `seq` misses nothing and sees nothing twice (decision 0019).
   * @throws {CertError} invalidField
   */
  after(caller: Caller, query: EventsAfter): Promise<EventFeed>;
  /**
   * Who placed or closed these orders, and who revoked these certificates, as the log has it. Open to whoever sees the orders, unlike
   * the log itself. What is not in the log is left out.
   */
  doers(caller: Caller, shown: ShownObjects): Promise<readonly Doer[]>;
  /** Writes into the log that the caller is about to be sent a whole list. Its subject is whoever is sent it. */
  noteExport(caller: Caller, exported: Export): Promise<void>;
}
