/**
 * The latest changes of all accounts, read from the audit log for everybody who follows them in this process: one query for each step of
 * time, however many they are, and none while nobody does.
 */
import { type Change, changesOf } from '../../domain/change.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Clock } from '../../domain/ports/system.ts';

/** Between reads. */
export const stepMs = 500;
/** How far back a stream may begin, in events, where nobody has followed for long. */
export const resumableEvents = 2000;
/** Events that are kept: a few megabytes. */
const keptEvents = 10_000;
const eventsAtOnce = 500;
/** More than this behind, in pages, and the log goes on from the newest: whoever follows reads anew what they show. */
const pagesAtOnce = 10;

export interface LoggedChanges {
  readonly seq: number;
  readonly accountId: AccountId | null;
  readonly changes: readonly Change[];
}

export interface ChangeLog {
  /** The number of the newest event that was read. */
  readonly head: number;
  /** Everything after this number is known. */
  readonly floor: number;
  /** Reads what is new; those who come within a step share one read. */
  refresh(): Promise<void>;
  /** Makes known what happened up to a number that is newer than the last read: whoever names it has heard of it at another node. */
  reachForward(seq: number): Promise<void>;
  /** Makes known what happened after a number, if that is not too long ago. */
  reachBack(seq: number): Promise<void>;
  /** The events after a number that stand for changes, oldest first. */
  after(seq: number): readonly LoggedChanges[];
}

export function createChangeLog({ read, clock }: { readonly read: Stores; readonly clock: Clock }): ChangeLog {
  let entries: LoggedChanges[] = [];
  let head = 0;
  let floor = 0;
  let isStarted = false;
  let look: { readonly atMs: number; readonly done: Promise<void> } | undefined;
  let reaching: Promise<void> | undefined;

  async function page(
    after: number,
  ): Promise<{ readonly found: readonly LoggedChanges[]; readonly last: number; readonly isFull: boolean }> {
    const events = await read.events.listAfter({ accountId: null, after, limit: eventsAtOnce });
    const found = events.map((event) => ({
      seq: event.sequence,
      accountId: event.accountId,
      changes: changesOf(event),
    }));
    return { found, last: events.at(-1)?.sequence ?? after, isFull: events.length === eventsAtOnce };
  }

  async function readNew(): Promise<void> {
    if (!isStarted) {
      head = await read.events.newest();
      floor = head;
      isStarted = true;
      return;
    }
    for (let pages = 0; pages < pagesAtOnce; pages++) {
      const { found, last, isFull } = await page(head);
      entries.push(...found);
      head = last;
      if (!isFull) break;
      if (pages === pagesAtOnce - 1) {
        head = await read.events.newest();
        floor = head;
        entries = [];
      }
    }
    if (entries.length > keptEvents) {
      entries = entries.slice(-keptEvents);
      floor = (entries[0]?.seq ?? head) - 1;
    }
  }

  /** One after the other, each in the database as it is once the one before has ended. */
  function readNext(): Promise<void> {
    const before = look?.done.catch(() => undefined) ?? Promise.resolve();
    look = { atMs: clock.monotonicMs(), done: before.then(readNew) };
    return look.done;
  }

  async function readBack(): Promise<void> {
    const from = Math.max(0, head - resumableEvents);
    const until = floor;
    const older: LoggedChanges[] = [];
    for (let at = from; at < until; ) {
      const { found, last } = await page(at);
      older.push(...found.filter(({ seq }) => seq <= until));
      if (last === at) break;
      at = last;
    }
    // What was read meanwhile stands behind it; after a jump to the newest it does not belong here any more.
    if (floor !== until) return;
    entries = [...older, ...entries];
    floor = Math.min(from, floor);
  }

  return {
    get head() {
      return head;
    },
    get floor() {
      return floor;
    },
    refresh() {
      return look === undefined || clock.monotonicMs() - look.atMs >= stepMs ? readNext() : look.done;
    },
    async reachForward(seq) {
      if (seq > head) await readNext();
    },
    async reachBack(seq) {
      if (seq >= floor || seq < head - resumableEvents) return;
      reaching ??= readBack().finally(() => {
        reaching = undefined;
      });
      await reaching;
    },
    after(seq) {
      if (seq >= head) return [];
      let from = entries.length;
      while (from > 0 && (entries[from - 1]?.seq ?? 0) > seq) from--;
      return entries.slice(from);
    },
  };
}
