/** Store of notes. The contract of every store is in `stores.ts`. */
import type { NoteId, OrderId } from '../../ids.ts';
import type { Note, NoteVersion } from '../../order.ts';

export interface NoteStore {
  insert(note: Omit<Note, 'number' | 'version' | 'changedBy' | 'changedAt' | 'removedAt'>): Promise<Note>;
  get(id: NoteId): Promise<Note | undefined>;
  getByNumber(number: number): Promise<Note | undefined>;
  /** Newest first, those that were removed too. */
  listOfOrder(orderId: OrderId): Promise<readonly Note[]>;
  /** Keeps what it said. False: it is at another version, or removed. */
  moveText(note: Note, change: Pick<Note, 'text' | 'changedBy' | 'changedAt'>): Promise<boolean>;
  /** False: it is at another version, or removed. */
  moveRemoved(note: Note, change: Pick<Note, 'changedBy' | 'removedAt'>): Promise<boolean>;
  /** What it said before, oldest first. */
  listVersions(noteNumber: number): Promise<readonly NoteVersion[]>;
}
