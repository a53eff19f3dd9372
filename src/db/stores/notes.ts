/** Notes to orders, and what they said before. A row is never deleted. */
import { numberOf } from '../../domain/ids.ts';
import type { Note } from '../../domain/order.ts';
import type { NoteStore } from '../../domain/ports/stores/notes.ts';
import { toMsOrNull } from '../fields.ts';
import { insertStatement, numberedStatements, numberedStore } from '../numbered.ts';
import { statement } from '../prepared.ts';
import { notes, noteVersions } from '../rows/orders.ts';
import type { Session } from '../session.ts';

interface Change {
  readonly number: number;
  readonly version: number;
  readonly by: Note['changedBy'];
  readonly at: number | null;
}

export const noteStatements = {
  ...numberedStatements(notes),
  insertVersion: insertStatement(noteVersions),
  listOfOrder: statement((db, p: { orderNumber: number }) =>
    db.selectFrom('notes').selectAll().where('order_number', '=', p.orderNumber).orderBy('number', 'desc'),
  ),
  listVersions: statement((db, p: { noteNumber: number }) =>
    db.selectFrom('note_versions').selectAll().where('note_number', '=', p.noteNumber).orderBy('version'),
  ),
  moveText: statement((db, p: Change & { text: string }) =>
    db
      .updateTable('notes')
      .set((row) => ({ text: p.text, version: row('version', '+', 1), changed_by: p.by, changed_at: p.at }))
      .where('number', '=', p.number)
      .where('version', '=', p.version)
      .where('removed_at', 'is', null),
  ),
  moveRemoved: statement((db, p: Change) =>
    db
      .updateTable('notes')
      .set({ changed_by: p.by, removed_at: p.at })
      .where('number', '=', p.number)
      .where('version', '=', p.version)
      .where('removed_at', 'is', null),
  ),
};

export function createNoteStore(session: Session): NoteStore {
  const q = noteStatements;
  const numbered = numberedStore(session, notes, q);
  return {
    ...numbered,
    insert: (note) => numbered.insert({ ...note, version: 1, changedBy: null, changedAt: null, removedAt: null }),
    async listOfOrder(orderId) {
      return (await session.all(q.listOfOrder, { orderNumber: numberOf(orderId) })).map(notes.fromRow);
    },
    async moveText({ number, version, ...before }, { text, changedBy, changedAt }) {
      const moved = await session.run(q.moveText, { number, version, text, by: changedBy, at: toMsOrNull(changedAt) });
      if (moved === 0) return false;
      const author = before.changedBy ?? before.author;
      const writtenAt = before.changedAt ?? before.createdAt;
      session.write(
        q.insertVersion,
        noteVersions.toRow({ noteNumber: number, version, author, text: before.text, writtenAt }),
      );
      return true;
    },
    async moveRemoved({ number, version }, { changedBy, removedAt }) {
      return (await session.run(q.moveRemoved, { number, version, by: changedBy, at: toMsOrNull(removedAt) })) === 1;
    },
    async listVersions(noteNumber) {
      return (await session.all(q.listVersions, { noteNumber })).map(noteVersions.fromRow);
    },
  };
}
