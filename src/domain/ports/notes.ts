/** Port for front doors: notes that people write beside an order. */
import type { Caller } from '../caller.ts';
import type { Note } from '../order.ts';
import type { OrderReference } from './orders.ts';

export interface Notes {
  add(caller: Caller, reference: OrderReference, text: string): Promise<Note>;
  /** Newest first: 200 at most. */
  list(caller: Caller, reference: OrderReference): Promise<readonly Note[]>;
}
