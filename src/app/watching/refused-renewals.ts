/**
 * Automatic renewals that are refused. Whatever refuses one notes it in the transaction of the event, and the watchdog looks at what
 * has become of it: a note goes when the order was renewed, by whomever, or nobody wants that any more. So nothing is searched for.
 */
import { finding } from '../../domain/alarm.ts';
import { type Reason, renderReason } from '../../domain/errors.ts';
import { isId, type OrderId } from '../../domain/ids.ts';
import { type Order, renewalDue } from '../../domain/order.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';
import { type Condition, dayMs } from './condition.ts';

const settingKey = 'refusedRenewals';
/** Those beyond are noted when they are refused again, a day later, and there is room. */
const mostNoted = 200;
/** An order whose coverage ended so long ago is ordered again by its customer, if by anybody. */
const forgetMs = 7 * dayMs;

interface Note {
  readonly order: OrderId;
  /** In both languages, as it was refused last. */
  readonly en: string;
  readonly zh: string;
}

/** In the transaction that records the refusal. */
export async function noteRefusedRenewal(tx: Stores, order: OrderId, reason: Reason): Promise<void> {
  const others = notesOf(await tx.settings.get(settingKey)).filter((note) => note.order !== order);
  if (others.length >= mostNoted) return;
  const note: Note = { order, en: renderReason(reason, 'en'), zh: renderReason(reason, 'zh') };
  await tx.settings.put(settingKey, { notes: [...others, note] });
}

export function refusedRenewals({ database, clock }: AppContext): Condition {
  return {
    heldMs: 0,
    of: 'installation',
    async look() {
      const notes = notesOf(await database.read.settings.get(settingKey));
      if (notes.length === 0) return undefined;
      const now = clock.now();
      const found = await Promise.all(
        notes.map(async (note) => ({ note, order: await database.read.orders.get(note.order) })),
      );
      const standing = found.flatMap(({ note, order }) =>
        order !== undefined && isRefused(order, now) ? [{ note, order }] : [],
      );
      const gone = notes.filter(({ order }) => !standing.some((one) => one.note.order === order));
      if (gone.length > 0) await forget(database, gone);
      const [first] = standing.toSorted((a, b) => endOf(a.order) - endOf(b.order));
      if (first === undefined) return undefined;
      const { order, note } = first;
      const until = new Date(endOf(order)).toISOString();
      return finding('renewalsRefused', {
        orders: standing.length,
        first: order.number,
        until,
        en: note.en,
        zh: note.zh,
      });
    },
  };
}

/** Also one whose coverage has just ended: that it did without a renewal is no success. */
function isRefused(order: Order, now: Date): boolean {
  if (order.state !== 'active' && order.state !== 'ended') return false;
  return renewalDue(order) !== undefined && now.getTime() - endOf(order) <= forgetMs;
}

function endOf({ coverageUntil }: Order): number {
  return coverageUntil?.getTime() ?? 0;
}

/** What was noted meanwhile stays. */
async function forget(database: AppContext['database'], gone: readonly Note[]): Promise<void> {
  const texts = new Set(gone.map((note) => JSON.stringify(note)));
  await database.write(async (tx) => {
    const notes = notesOf(await tx.settings.get(settingKey));
    await tx.settings.put(settingKey, { notes: notes.filter((note) => !texts.has(JSON.stringify(note))) });
  });
}

/** As the settings have them; what is none is left out. */
function notesOf(kept: unknown): readonly Note[] {
  if (typeof kept !== 'object' || kept === null || !('notes' in kept) || !Array.isArray(kept.notes)) return [];
  return kept.notes.filter(isNote);
}

function isNote(value: unknown): value is Note {
  if (typeof value !== 'object' || value === null) return false;
  const { order, en, zh } = value as Partial<Record<keyof Note, unknown>>;
  return typeof order === 'string' && isId('order', order) && typeof en === 'string' && typeof zh === 'string';
}
