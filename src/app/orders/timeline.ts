/**
 * The timeline of an order: its events and those of what proves its names, and the looks for these proofs, newest first. Both
 * histories are read from where the page before ended, so that no page depends on how many there were before it.
 */
import type { Caller } from '../../domain/caller.ts';
import type { CheckRecord } from '../../domain/check-record.ts';
import { customersCheck, customersEvent } from '../../domain/evidence.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { AuthorizationId } from '../../domain/ids.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { OrderPages } from '../../domain/ports/order-pages.ts';
import { type TimelineEntry, type TimelinePlace, timelineStart, turnKinds, turnsOf } from '../../domain/timeline.ts';
import type { AppContext } from '../context.ts';
import { findOrder, isOperator } from '../scope.ts';

/** An order that is reissued for years has many names; those of its newest attempts are told of. */
const mostNames = 2_000;

type Timeline = OrderPages['timeline'];

export function createTimeline({ database: { read } }: AppContext): Timeline {
  return async (caller, reference, { limit, after = timelineStart }) => {
    const order = await findOrder(read, caller, reference);
    const issuances = await read.issuances.listOfOrder(order.id);
    const names = namesOf(issuances);
    const subjects = [order.id, ...(await ownAuthorizations(issuances, names))];
    const [events, records, changing] = await Promise.all([
      read.events.listNewestOfSubjects({ subjects, before: after.before, limit: limit + 1 }),
      read.checkRecords.listNewest({ ids: [...names.keys()], from: after.checks, limit: limit + 1 }),
      read.events.listOfSubjects({ subjects, kinds: turnKinds }),
    ]);
    const oldestFirst = changing.toSorted((a, b) => a.sequence - b.sequence);
    const turns = turnsOf(oldestFirst, issuances.at(-1) ?? { state: 'issued' });
    const all: TimelineEntry[] = [
      ...events.map((event) => ({
        kind: 'event' as const,
        at: event.at,
        event: isOperator(caller) ? event : customersEvent(event),
        turn: turns.get(event.sequence) ?? null,
      })),
      ...records.flatMap((record) => {
        const identifier = names.get(record.authorizationId);
        if (identifier === undefined) return [];
        return [{ kind: 'check' as const, at: record.check.checkedAt, identifier, record: shown(caller, record) }];
      }),
    ];
    const items = all.toSorted(newestFirst).slice(0, limit);
    return { items, next: items.length < all.length ? placeAfter(items, after) : null };
  };

  /** A proof that an earlier order got is told of there. */
  async function ownAuthorizations(
    issuances: readonly Issuance[],
    names: ReadonlyMap<AuthorizationId, Identifier>,
  ): Promise<readonly AuthorizationId[]> {
    const own = new Set<string>(issuances.map(({ id }) => id));
    const found = await read.authorizations.listByIds([...names.keys()]);
    return found.filter(({ issuanceId }) => issuanceId !== null && own.has(issuanceId)).map(({ id }) => id);
  }
}

function namesOf(issuances: readonly Issuance[]): ReadonlyMap<AuthorizationId, Identifier> {
  const newestFirst = issuances.toReversed().flatMap(({ names }) => names);
  return new Map(
    newestFirst.slice(0, mostNames).map(({ authorizationId, identifier }) => [authorizationId, identifier]),
  );
}

function shown(caller: Caller, record: CheckRecord): CheckRecord {
  return isOperator(caller) ? record : { ...record, check: customersCheck(record.check), node: '' };
}

/** Events of one moment stay in the order of their numbers, and stand above what was looked for then. */
function newestFirst(a: TimelineEntry, b: TimelineEntry): number {
  const byTime = b.at.getTime() - a.at.getTime();
  if (a.kind === 'event' && b.kind === 'event') return b.event.sequence - a.event.sequence;
  if (byTime !== 0 || a.kind === b.kind) return byTime;
  return a.kind === 'event' ? -1 : 1;
}

function placeAfter(items: readonly TimelineEntry[], after: TimelinePlace): TimelinePlace {
  const event = items.findLast((item) => item.kind === 'event');
  const before = event?.event.sequence ?? after.before;
  const at = items.findLast((item) => item.kind === 'check')?.at;
  if (at === undefined) return { before, checks: after.checks };
  const ofMoment = items.filter((item) => item.kind === 'check' && item.at.getTime() === at.getTime()).length;
  const isSameMoment = after.checks.at.getTime() === at.getTime();
  return { before, checks: { at, skip: ofMoment + (isSameMoment ? after.checks.skip : 0) } };
}
