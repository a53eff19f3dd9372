/** Notes to orders. Rows are only ever added. */
import { numberOf } from '../../domain/ids.ts';
import type { NoteStore } from '../../domain/ports/stores/notes.ts';
import { insertStatement } from '../numbered.ts';
import { statement } from '../prepared.ts';
import { notes } from '../rows/orders.ts';
import type { Session } from '../session.ts';

export const noteStatements = {
  insert: insertStatement(notes),
  listOfOrder: statement((db, p: { orderNumber: number }) =>
    db.selectFrom('notes').selectAll().where('order_number', '=', p.orderNumber).orderBy('number', 'desc'),
  ),
};

export function createNoteStore(session: Session): NoteStore {
  const q = noteStatements;
  return {
    async insert(note) {
      const numbered = { ...note, number: await session.nextNumber('notes') };
      session.write(q.insert, notes.toRow(numbered));
      return numbered;
    },
    async listOfOrder(orderId) {
      return (await session.all(q.listOfOrder, { orderNumber: numberOf(orderId) })).map(notes.fromRow);
    },
  };
}
