/** The audit log, as those who may read it see it: page by page backwards, and forwards from a number. */
import type { Caller } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import type { Event, EventKind } from '../../domain/event.ts';
import { customersEvent } from '../../domain/evidence.ts';
import { expectedOf } from '../../domain/messages/expectations.ts';
import {
  type Doer,
  type Events,
  longestEventWaitMs,
  type OnceDone,
  type ShownObjects,
} from '../../domain/ports/events.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { recordAccount } from '../accounts/account-event.ts';
import type { AppContext } from '../context.ts';
import { pageOf } from '../page.ts';
import { accountFilter, findAccount, isOperator, isWithin } from '../scope.ts';
import { createEventNews } from './event-news.ts';

export function createEvents({ database: { read, write }, clock }: AppContext): Events {
  const news = createEventNews({ read, clock });

  return {
    async list(caller, { account, withTotal, limit, before, ...filter }) {
      const accountId = account === undefined ? accountFilter(caller) : (await findAccount(read, caller, account)).id;
      const query = { ...filter, accountId };
      const found = await read.events.list({ ...query, limit: limit + 1, ...withDefined({ before }) });
      const total = withTotal && (await read.events.count(query));
      const page = pageOf(shownTo(caller, found), limit, (item) => item.sequence);
      return { ...page, ...withDefined({ total }) };
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

    async doers(caller, shown) {
      const { placed = [], closed = [], revoked = [] } = shown;
      const subjects = new Set([...placed, ...closed, ...revoked.map(({ orderId }) => orderId)]);
      const kinds = [...(placed.length === 0 ? [] : (['order.placed'] as const)), ...endings];
      const found = subjects.size === 0 ? [] : await read.events.listOfSubjects({ subjects: [...subjects], kinds });
      return doersIn(
        found.filter(({ accountId }) => isWithin(caller, accountId)),
        shown,
      );
    },

    async noteExport(caller, { list, filter }) {
      await write((tx) =>
        recordAccount(tx, caller, 'list.exported', {
          accountId: accountFilter(caller),
          subject: caller.actor,
          data: { list, filter },
          at: clock.now(),
        }),
      );
    },
  };
}

/** The subject of each is the order; that of a certificate names it beside. */
const endings = ['order.cancelled', 'order.rejected', 'certificate.revoked'] as const satisfies readonly EventKind[];

function doersIn(events: readonly Event[], { placed = [], closed = [], revoked = [] }: ShownObjects): readonly Doer[] {
  const byPlace = new Map<string, string>();
  const byEnd = new Map<string, string>();
  // Oldest first, so that the newest stays.
  for (const { kind, subject, actor, data } of events) {
    if (kind === 'order.placed') byPlace.set(subject, actor);
    else byEnd.set(subject, actor);
    if (kind === 'certificate.revoked' && typeof data.certificate === 'string') byEnd.set(data.certificate, actor);
  }
  const doers = (done: OnceDone, ids: readonly Doer['id'][], actors: ReadonlyMap<string, string>) =>
    ids.flatMap((id) => {
      const actor = actors.get(id);
      return actor === undefined ? [] : [{ done, id, actor }];
    });
  return [
    ...doers('placed', placed, byPlace),
    ...doers('closed', closed, byEnd),
    ...doers(
      'revoked',
      revoked.map(({ id }) => id),
      byEnd,
    ),
  ];
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
