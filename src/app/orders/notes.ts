/** Notes that people of an account write to their orders. */

import { quoted, refuse } from '../../domain/errors.ts';
import { newId } from '../../domain/ids.ts';
import { expectedOf } from '../../domain/messages/expectations.ts';
import type { Notes } from '../../domain/ports/notes.ts';
import type { AppContext } from '../context.ts';
import { findOrder } from '../scope.ts';
import { recordChange } from './order-event.ts';

/** Some pages: a note is no place to keep files. */
const longestNote = 10_000;
/** All of them stand on the order's page. */
const maxOfOrder = 200;

export function createNotes(context: AppContext): Notes {
  const { database, clock } = context;
  return {
    async add(caller, reference, text) {
      const trimmed = text.trim();
      if (trimmed === '' || trimmed.length > longestNote) {
        throw refuse('fieldInvalid', {
          field: 'text',
          value: quoted(text),
          expected: expectedOf.charactersBetween(1, longestNote),
        });
      }
      const order = await findOrder(database.read, caller, reference);
      const now = clock.now();
      return database.write(async (tx) => {
        if ((await tx.notes.listOfOrder(order.id)).length >= maxOfOrder) {
          throw refuse('tooManyOfKind', { what: 'note', limit: maxOfOrder });
        }
        const note = await tx.notes.insert({
          id: newId('note', context),
          orderId: order.id,
          author: caller.actor,
          text: trimmed,
          createdAt: now,
        });
        await recordChange(tx, caller, 'order.noteAdded', order, { now, note: note.id });
        return note;
      });
    },

    async list(caller, reference) {
      return database.read.notes.listOfOrder((await findOrder(database.read, caller, reference)).id);
    },
  };
}
