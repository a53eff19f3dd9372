/** A line of an order's timeline on the wire: no data of an event as such, of which people have no use and some must not see all. */
import { renderReason } from '../../domain/errors.ts';
import type { Event } from '../../domain/event.ts';
import { keptReason } from '../../domain/kept-reason.ts';
import type { Language } from '../../domain/language.ts';
import type { TimelineEntry, TurnChange } from '../../domain/timeline.ts';
import { shownMethods } from './schema/orders.ts';
import type { WireActor, WireTimelineEntry } from './schema.ts';
import { checkWords, timelineText } from './timeline-words.ts';
import { optionalTimeToWire, timeToWire } from './values.ts';

export function actorOfEntry(entry: TimelineEntry): string {
  return entry.kind === 'event' ? entry.event.actor : 'system';
}

export function timelineEntryToWire(entry: TimelineEntry, actor: WireActor, language: Language): WireTimelineEntry {
  const at = timeToWire(entry.at);
  if (entry.kind === 'check') {
    const { check, count, firstAt, authorizationId } = entry.record;
    return {
      at,
      kind: 'check',
      text: checkWords[check.proved ? 'proved' : 'failed'][language],
      actor,
      name: entry.identifier.value,
      method: check.method,
      reason: check.problem === undefined ? null : renderReason(check.problem, language),
      count,
      since: timeToWire(firstAt),
      turn: null,
      evidence: `/api/v1/authorizations/${authorizationId}/checks`,
    };
  }
  const { event, turn } = entry;
  return {
    at,
    kind: event.kind,
    text: timelineText(event.kind, language),
    actor,
    name: nameOf(event),
    method: shownMethods.options.find((method) => method === event.data.method) ?? null,
    reason: reasonOf(event, language),
    count: 1,
    since: at,
    turn: turn === null ? null : turnChangeToWire(turn),
    evidence: evidenceOf(event),
  };
}

function turnChangeToWire({ who, since, until, ended }: TurnChange): NonNullable<WireTimelineEntry['turn']> {
  return {
    who,
    until: optionalTimeToWire(until),
    seconds: until === null ? null : secondsBetween(since, until),
    ended: ended?.who ?? null,
    endedAfterSeconds: ended === null ? null : secondsBetween(ended.since, since),
  };
}

/** A clock may have been set back meanwhile. */
function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000));
}

/** The name that it is about; one of several is none. */
function nameOf({ kind, data: { name, names } }: Event): string | null {
  if (typeof name === 'string') return name;
  const [removed, ...others] = kind.startsWith('order.removal') && Array.isArray(names) ? names : [];
  return typeof removed === 'string' && others.length === 0 ? removed : null;
}

/** What somebody wrote with it, or the reason that the server kept. */
function reasonOf({ data }: Event, language: Language): string | null {
  const kept = keptReason(data.reason) ?? keptReason(data.problem);
  if (kept !== undefined) return renderReason(kept, language);
  for (const text of [data.note, data.reason]) if (typeof text === 'string' && text !== '') return text;
  return null;
}

/** By the kind: the object that has the whole of it. */
function evidenceOf({ kind, subject, data }: Event): string | null {
  const [noun] = kind.split('.');
  if (noun === 'authorization') return `/api/v1/authorizations/${subject}/checks`;
  if (noun === 'certificate' && typeof data.certificate === 'string') return `/api/v1/certificates/${data.certificate}`;
  if (typeof data.request === 'number') return `/api/v1/approvals/${data.request}`;
  if (noun === 'notification') return '/api/v1/deliveries';
  if (kind.startsWith('order.note')) return `/api/v1/orders/${subject}/note-history`;
  if (noun === 'validation') return `/api/v1/orders/${subject}/checks`;
  if (noun === 'issuance' || kind === 'order.reissued' || kind === 'order.duplicated')
    return `/api/v1/orders/${subject}/issuances`;
  return null;
}
