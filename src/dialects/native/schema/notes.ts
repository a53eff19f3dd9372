/** Notes that people write beside an order. */
import { z } from 'zod';
import { actor } from './actors.ts';
import { endpoint, pageOf, reference, time, wholeRequest } from './shapes.ts';

const note = z
  .object({
    id: z.string(),
    number: z.int(),
    text: z.string(),
    author: actor,
    version: z.int().meta({ description: '1, and one more with each change.' }),
    changedBy: actor.nullable(),
    changedAt: time.nullable(),
    createdAt: time,
  })
  .meta({ id: 'Note' });

const noteHistory = note
  .extend({
    removedAt: time.nullable().meta({ description: 'Null: it is still there. `changedBy` says who removed it.' }),
    before: z
      .array(z.object({ version: z.int(), text: z.string(), author: actor, writtenAt: time }))
      .meta({ description: 'What it said before, oldest first.' }),
  })
  .meta({ id: 'NoteHistory' });

const path = '/api/v1/orders/:order/notes';
const oneOrder = z.strictObject({ order: reference('order') });
const oneNote = { order: reference('order'), note: reference('note') };
const text = z.string().min(1).max(10_000);

export const notesApi = {
  list: endpoint({
    id: 'notes.list',
    method: 'GET',
    path,
    summary: { en: 'List the notes of an order, newest first', zh: '订单备注列表（新的在前）' },
    request: wholeRequest.extend(oneOrder.shape),
    response: pageOf(note),
  }),
  add: endpoint({
    id: 'notes.add',
    method: 'POST',
    path,
    summary: { en: 'Write a note beside an order', zh: '添加订单备注' },
    status: 201,
    request: z.strictObject({ order: reference('order'), text }),
    response: note,
  }),
  change: endpoint({
    id: 'notes.change',
    method: 'PATCH',
    path: `${path}/:note`,
    summary: { en: 'Change a note; what it said before is kept', zh: '修改备注（保留历史版本）' },
    request: z.strictObject({ ...oneNote, text }),
    response: note,
  }),
  remove: endpoint({
    id: 'notes.remove',
    method: 'DELETE',
    path: `${path}/:note`,
    summary: { en: 'Take a note out of the list; it stays in the history', zh: '删除备注（历史中保留）' },
    request: z.strictObject(oneNote),
    response: z.object({ removed: z.literal(true) }),
  }),
  history: endpoint({
    id: 'notes.history',
    method: 'GET',
    path: '/api/v1/orders/:order/note-history',
    summary: { en: 'Everything that was ever written beside an order', zh: '订单备注的全部历史' },
    request: wholeRequest.extend(oneOrder.shape),
    response: pageOf(noteHistory),
  }),
} as const;
