/** Port for front doors: notes that people write beside an order. */
import type { Caller, Reference } from '../caller.ts';
import type { Note, NoteVersion } from '../order.ts';
import type { OrderReference } from './orders.ts';

/** A note, also one that was removed, with what it said before, oldest first. */
export interface NoteHistory {
  readonly note: Note;
  readonly before: readonly NoteVersion[];
}

export interface Notes {
  add(caller: Caller, reference: OrderReference, text: string): Promise<Note>;
  /** Newest first: 200 at most, without those that were removed. */
  list(caller: Caller, reference: OrderReference): Promise<readonly Note[]>;
  /** Everything that was ever written to the order. */
  history(caller: Caller, reference: OrderReference): Promise<readonly NoteHistory[]>;
  /**
   * Gives it another text; what it said before stays in the history. For its author, and for administrators.
   * @throws {CertError} notFound, forbidden, invalidField; conflict if somebody else was faster; tooManyOfKind after 50 changes
   */
  change(caller: Caller, reference: OrderReference, note: Reference, text: string): Promise<Note>;
  /** Takes it out of the list; it stays in the history. For the same people. @throws {CertError} notFound, forbidden, conflict */
  remove(caller: Caller, reference: OrderReference, note: Reference): Promise<void>;
}
