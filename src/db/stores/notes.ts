/** Notes to orders. Rows are only ever added. */
import type { OrderId } from '../../domain/ids.ts';
import type { Note } from '../../domain/order.ts';
import type { NoteStore } from '../../domain/ports/stores/notes.ts';
import { fromMs } from '../columns.ts';
import { pick, statement } from '../prepared.ts';
import type { Session } from '../session.ts';
import type { NoteRow } from '../tables.ts';

const columns = [
  'number',
  'id',
  'order_id',
  'author',
  'text',
  'created_at',
] as const satisfies readonly (keyof NoteRow)[];

export const noteStatements = {
  insert: statement((db, p: NoteRow) => db.insertInto('notes').values(pick(p, columns))),
  listOfOrder: statement((db, p: { orderId: OrderId }) =>
    db.selectFrom('notes').selectAll().where('order_id', '=', p.orderId).orderBy('number', 'desc'),
  ),
};

export function createNoteStore(session: Session): NoteStore {
  const q = noteStatements;
  return {
    async insert(note) {
      const numbered = { ...note, number: await session.nextNumber('notes') };
      await session.run(q.insert, toRow(numbered));
      return numbered;
    },
    async listOfOrder(orderId) {
      return (await session.all(q.listOfOrder, { orderId })).map(fromRow);
    },
  };
}

function toRow(note: Note): NoteRow {
  return {
    number: note.number,
    id: note.id,
    order_id: note.orderId,
    author: note.author,
    text: note.text,
    created_at: note.createdAt.getTime(),
  };
}

function fromRow(row: NoteRow): Note {
  return {
    id: row.id,
    number: row.number,
    orderId: row.order_id,
    author: row.author,
    text: row.text,
    createdAt: fromMs(row.created_at),
  };
}
