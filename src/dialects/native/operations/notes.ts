/** Notes beside an order. */
import type { Note } from '../../../domain/order.ts';
import { referenceTo } from '../certification.ts';
import { wholeToWire } from '../paging.ts';
import { notesApi } from '../schema/notes.ts';
import type { WireNote } from '../schema.ts';
import { handled } from '../services.ts';
import { optionalTimeToWire, referenceFromWire, timeToWire } from '../values.ts';

function noteToWire(note: Note): WireNote {
  return {
    id: note.id,
    number: note.number,
    text: note.text,
    author: note.author,
    version: note.version,
    changedBy: note.changedBy,
    changedAt: optionalTimeToWire(note.changedAt),
    createdAt: timeToWire(note.createdAt),
  };
}

export const noteOperations = [
  handled(notesApi.list, async ({ order }, { caller, services }) =>
    wholeToWire(await services.notes.list(caller, referenceTo(order)), noteToWire),
  ),

  handled(notesApi.add, async ({ order, text }, { caller, services }) =>
    noteToWire(await services.notes.add(caller, referenceTo(order), text)),
  ),

  handled(notesApi.change, async ({ order, note, text }, { caller, services }) =>
    noteToWire(await services.notes.change(caller, referenceTo(order), referenceFromWire(note), text)),
  ),

  handled(notesApi.remove, async ({ order, note }, { caller, services }) => {
    await services.notes.remove(caller, referenceTo(order), referenceFromWire(note));
    return { removed: true as const };
  }),

  handled(notesApi.history, async ({ order }, { caller, services }) =>
    wholeToWire(await services.notes.history(caller, referenceTo(order)), ({ note, before }) => ({
      ...noteToWire(note),
      removedAt: optionalTimeToWire(note.removedAt),
      before: before.map(({ version, text, author, writtenAt }) => ({
        version,
        text,
        author,
        writtenAt: timeToWire(writtenAt),
      })),
    })),
  ),
];
