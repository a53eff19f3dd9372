/** Store of notes. The contract of every store is in `stores.ts`. */
import type { OrderId } from '../../ids.ts';
import type { Note } from '../../order.ts';

export interface NoteStore {
  insert(note: Omit<Note, 'number'>): Promise<Note>;
  /** Newest first. */
  listOfOrder(orderId: OrderId): Promise<readonly Note[]>;
}
