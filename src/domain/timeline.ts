/** The history of an order in the order of time: what happened, what was looked for, and whose turn it was meanwhile. */
import type { CheckRecord } from './check-record.ts';
import type { Event, EventKind } from './event.ts';
import type { Identifier } from './identifier.ts';
import type { Issuance } from './issuance.ts';
import type { TurnHolder } from './order-turn.ts';

/** A turn that began with an event, and the one that it ended. */
export interface TurnChange {
  readonly who: TurnHolder;
  readonly since: Date;
  /** When the next turn began; null: it lasts. */
  readonly until: Date | null;
  /** Null: it is the first. */
  readonly ended: { readonly who: TurnHolder; readonly since: Date } | null;
}

export type TimelineEntry =
  | { readonly kind: 'event'; readonly at: Date; readonly event: Event; readonly turn: TurnChange | null }
  | { readonly kind: 'check'; readonly at: Date; readonly identifier: Identifier; readonly record: CheckRecord };

/** Where a page of a timeline ends, in each of the two histories that it is made of. */
export interface TimelinePlace {
  /** Events with lower numbers are behind it. */
  readonly before: number;
  /** Checks that are no newer are behind it, but for the first `skip` of that very moment. */
  readonly checks: { readonly at: Date; readonly skip: number };
}

/** Where the first page begins: before everything. */
export const timelineStart: TimelinePlace = {
  before: Number.MAX_SAFE_INTEGER,
  checks: { at: new Date(8.64e15), skip: 0 },
};

const openings: readonly EventKind[] = ['order.placed', 'order.reissued', 'order.duplicated'];
const closings: readonly EventKind[] = [
  'certificate.issued',
  'issuance.failed',
  'order.failed',
  'order.rejected',
  'order.cancelled',
  'order.ended',
  'order.reissueWithdrawn',
  'order.duplicateWithdrawn',
];

/** Kinds of events that may change whose turn it is. */
export const turnKinds: readonly EventKind[] = [
  ...openings,
  'approval.firstStep',
  'order.approved',
  'order.csrProvided',
  'issuance.waits',
  'authorization.proved',
  ...closings,
];

/**
 * The turns, by the number of the event that each began with.
 * @param events those of `turnKinds`, oldest first
 * @param newest the attempt that is under way, if one is
 */
export function turnsOf(
  events: readonly Event[],
  newest: Pick<Issuance, 'state'>,
): ReadonlyMap<Event['sequence'], TurnChange> {
  const begun: { readonly event: Event; readonly who: TurnHolder }[] = [];
  for (const [index, event] of events.entries()) {
    const who = turnAfter(event, { rest: events.slice(index + 1), newest });
    if (who !== undefined && who !== begun.at(-1)?.who) begun.push({ event, who });
  }
  return new Map(
    begun.map(({ event, who }, index) => {
      const before = begun[index - 1];
      const ended = before === undefined ? null : { who: before.who, since: before.event.at };
      return [event.sequence, { who, since: event.at, until: begun[index + 1]?.event.at ?? null, ended }];
    }),
  );
}

interface Later {
  readonly rest: readonly Event[];
  readonly newest: Pick<Issuance, 'state'>;
}

/** Undefined: it changes nothing. */
function turnAfter(event: Event, later: Later): TurnHolder | undefined {
  const { kind, data } = event;
  if (closings.includes(kind)) return 'nobody';
  if (openings.includes(kind)) return isDecided(later) ? 'approver' : turnOfProofs(later);
  if (kind === 'order.approved' || kind === 'order.csrProvided') return turnOfProofs(later);
  if (kind === 'issuance.waits') return data.turn === 'operator' ? 'operator' : 'customer';
  if (kind !== 'authorization.proved') return undefined;
  return turnOfProofs(later) === 'server' ? 'server' : undefined;
}

/** The events of the same attempt, and what ended it. */
function attemptOf({ rest }: Later): { readonly events: readonly Event[]; readonly end: Event | undefined } {
  const index = rest.findIndex(({ kind }) => closings.includes(kind) || openings.includes(kind));
  return index < 0 ? { events: rest, end: undefined } : { events: rest.slice(0, index), end: rest[index] };
}

/** Somebody decides, or has decided, about it: an account that approves automatically asks nobody. */
function isDecided(later: Later): boolean {
  const { events, end } = attemptOf(later);
  if (events.some(({ kind }) => kind === 'order.approved' || kind === 'approval.firstStep')) return true;
  if (end === undefined) return later.newest.state === 'awaitingApproval';
  return end.kind === 'order.rejected' && end.data.request !== undefined;
}

/** The customer's while names are still to be proved, ours from then on. */
function turnOfProofs(later: Later): TurnHolder {
  const { events, end } = attemptOf(later);
  if (events.some(({ kind }) => kind === 'authorization.proved')) return 'customer';
  if (end !== undefined) return end.kind === 'certificate.issued' ? 'server' : 'customer';
  return ['ready', 'issuing', 'issued'].includes(later.newest.state) ? 'server' : 'customer';
}
