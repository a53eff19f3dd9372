/** The audit log, as those who may read it see it: page by page backwards, and forwards from a number. */
import type { Caller } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import type { Event } from '../../domain/event.ts';
import { customersEvent } from '../../domain/evidence.ts';
import { expectedOf } from '../../domain/messages/expectations.ts';
import { type Events, longestEventWaitMs } from '../../domain/ports/events.ts';
import type { AppContext } from '../context.ts';
import { pageOf } from '../page.ts';
import { accountFilter, isOperator } from '../scope.ts';
import { createEventNews } from './event-news.ts';

export function createEvents({ database: { read }, clock }: AppContext): Events {
  const news = createEventNews({ read, clock });

  return {
    async list(caller, query) {
      const found = await read.events.list({ ...query, limit: query.limit + 1, accountId: accountFilter(caller) });
      return pageOf(shownTo(caller, found), query.limit, (item) => item.sequence);
    },

    async after(caller, { seq, limit, kinds, waitMs = 0 }) {
      requireWait(waitMs);
      const deadline = clock.monotonicMs() + waitMs;
      const accountId = accountFilter(caller);
      let from = seq;
      for (;;) {
        // Read first: what is committed between the two reads is then news.
        const newest = await news.newest();
        const found = await read.events.listAfter({ accountId, after: from, limit });
        const items = kinds === undefined ? found : found.filter(({ kind }) => kinds.includes(kind));
        from = found.at(-1)?.sequence ?? from;
        const leftMs = deadline - clock.monotonicMs();
        if (items.length > 0 || found.length === limit || leftMs <= 0)
          return { items: shownTo(caller, items), seq: from };
        await news.wait(newest, leftMs);
      }
    },
  };
}

function shownTo(caller: Caller, events: readonly Event[]): readonly Event[] {
  return isOperator(caller) ? events : events.map(customersEvent);
}

/** @throws {CertError} invalidField */
function requireWait(waitMs: number): void {
  if (Number.isSafeInteger(waitMs) && waitMs >= 0 && waitMs <= longestEventWaitMs) return;
  const expected = expectedOf.integerBetween(0, longestEventWaitMs);
  throw refuse('fieldInvalid', { field: 'waitMs', value: quoted(waitMs), expected });
}
