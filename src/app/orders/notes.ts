/** Notes that people of an account write to their orders. Nothing that was written is lost: changes and removals are in a note's history. */

import type { Caller, Reference } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { isId, newId, type OrderId } from '../../domain/ids.ts';
import { expectedOf } from '../../domain/messages/expectations.ts';
import type { Note, Order } from '../../domain/order.ts';
import type { Notes } from '../../domain/ports/notes.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { countsAs } from '../accounts/people.ts';
import type { AppContext } from '../context.ts';
import { requireMoved } from '../moved.ts';
import { findOrder, isOperator } from '../scope.ts';
import { recordChange } from './order-event.ts';

/** Some pages: a note is no place to keep files. */
const longestNote = 10_000;
/** All of them stand on the order's page; those that were removed count, since they are kept. */
const maxOfOrder = 200;
/** Each is kept. */
const maxChanges = 50;

export function createNotes(context: AppContext): Notes {
  const { database, clock } = context;
  const { read } = database;
  return {
    async add(caller, reference, text) {
      const trimmed = checkedText(text);
      const order = await findOrder(read, caller, reference);
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
      const all = await read.notes.listOfOrder((await findOrder(read, caller, reference)).id);
      return all.filter(({ removedAt }) => removedAt === null);
    },

    async history(caller, reference) {
      const all = await read.notes.listOfOrder((await findOrder(read, caller, reference)).id);
      return Promise.all(
        all.map(async (note) => ({
          note,
          before: note.version === 1 ? [] : await read.notes.listVersions(note.number),
        })),
      );
    },

    async change(caller, reference, noteReference, text) {
      const trimmed = checkedText(text);
      const order = await findOrder(read, caller, reference);
      return database.write(async (tx) => {
        const note = await findOwnNote(tx, caller, order, noteReference);
        if (note.text === trimmed) return note;
        if (note.version > maxChanges) throw refuse('tooManyOfKind', { what: 'noteVersion', limit: maxChanges });
        const now = clock.now();
        const change = { text: trimmed, changedBy: caller.actor, changedAt: now };
        requireNoteMoved(await tx.notes.moveText(note, change), note);
        await recordChange(tx, caller, 'order.noteChanged', order, { now, note: note.id, version: note.version + 1 });
        return { ...note, ...change, version: note.version + 1 };
      });
    },

    async remove(caller, reference, noteReference) {
      const order = await findOrder(read, caller, reference);
      await database.write(async (tx) => {
        const note = await findOwnNote(tx, caller, order, noteReference);
        const now = clock.now();
        requireNoteMoved(await tx.notes.moveRemoved(note, { changedBy: caller.actor, removedAt: now }), note);
        await recordChange(tx, caller, 'order.noteRemoved', order, { now, note: note.id });
      });
    },
  };
}

/** @throws {CertError} invalidField */
function checkedText(text: string): string {
  const trimmed = text.trim();
  if (trimmed !== '' && trimmed.length <= longestNote) return trimmed;
  throw refuse('fieldInvalid', {
    field: 'text',
    value: quoted(text),
    expected: expectedOf.charactersBetween(1, longestNote),
  });
}

/** @throws {CertError} notFound, forbidden for what somebody else has written */
async function findOwnNote(tx: Stores, caller: Caller, order: Order, reference: Reference): Promise<Note> {
  const note = await findNote(tx, order.id, reference);
  if (note === undefined) throw refuse('notFound', { what: 'note', value: String(Object.values(reference)[0]) });
  if (isOperator(caller) || caller.roles.includes('administrator') || note.author === caller.actor) return note;
  const account = await tx.accounts.get(order.accountId);
  if (account === undefined) throw refuse('internal', {}, { cause: new Error(`no account ${order.accountId}`) });
  // A person and the keys that they hold are one.
  const author = await countsAs(tx, account, note.author);
  if (author === (await countsAs(tx, account, caller.actor))) return note;
  throw refuse('roleMissing', { role: ['administrator'] });
}

async function findNote(tx: Stores, orderId: OrderId, reference: Reference): Promise<Note | undefined> {
  const note =
    'number' in reference
      ? await tx.notes.getByNumber(reference.number)
      : isId('note', reference.id)
        ? await tx.notes.get(reference.id)
        : undefined;
  return note?.orderId === orderId && note.removedAt === null ? note : undefined;
}

function requireNoteMoved(isMoved: boolean, { number }: Note): void {
  requireMoved(isMoved, { what: 'note', value: String(number), state: 'removed', needed: 'in use' });
}
