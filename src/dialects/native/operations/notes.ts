/** Notes beside an order. */
import type { Note, NoteVersion } from '../../../domain/order.ts';
import { referenceTo } from '../certification.ts';
import { notesApi } from '../schema/notes.ts';
import type { WireNote, WireNoteHistory } from '../schema.ts';
import { handled } from '../services.ts';
import { optionalTimeToWire, referenceFromWire, timeToWire } from '../values.ts';
import { type NamingActors, namedListToWire, oneToWire } from './actors.ts';

const naming: NamingActors<Note, WireNote> = {
  idsOf: ({ author, changedBy }) => [author, changedBy],
  toWire: (note, actors) => ({
    id: note.id,
    number: note.number,
    text: note.text,
    author: actors.of(note.author),
    version: note.version,
    changedBy: actors.ofOptional(note.changedBy),
    changedAt: optionalTimeToWire(note.changedAt),
    createdAt: timeToWire(note.createdAt),
  }),
};

const history: NamingActors<{ readonly note: Note; readonly before: readonly NoteVersion[] }, WireNoteHistory> = {
  idsOf: ({ note, before }) => [...naming.idsOf(note), ...before.map(({ author }) => author)],
  toWire: ({ note, before }, actors) => ({
    ...naming.toWire(note, actors),
    removedAt: optionalTimeToWire(note.removedAt),
    before: before.map(({ version, text, author, writtenAt }) => ({
      version,
      text,
      author: actors.of(author),
      writtenAt: timeToWire(writtenAt),
    })),
  }),
};

export const noteOperations = [
  handled(notesApi.list, async ({ order }, session) =>
    namedListToWire(session, await session.services.notes.list(session.caller, referenceTo(order)), naming),
  ),

  handled(notesApi.add, async ({ order, text }, session) =>
    oneToWire(session, await session.services.notes.add(session.caller, referenceTo(order), text), naming),
  ),

  handled(notesApi.change, async ({ order, note, text }, session) => {
    const { caller, services } = session;
    const changed = await services.notes.change(caller, referenceTo(order), referenceFromWire(note), text);
    return oneToWire(session, changed, naming);
  }),

  handled(notesApi.remove, async ({ order, note }, { caller, services }) => {
    await services.notes.remove(caller, referenceTo(order), referenceFromWire(note));
    return { removed: true as const };
  }),

  handled(notesApi.history, async ({ order }, session) =>
    namedListToWire(session, await session.services.notes.history(session.caller, referenceTo(order)), history),
  ),
];
