/**
 * Alarms of all nodes, as they are kept in the settings: what is raised, since when, and who has been notified of it. Each node keeps what
 * only it can know under its own name; what the database says is kept once. Pure: the watchdog runs it in a transaction.
 */
import { type AlarmFinding, alarmKeys, finding, type OpenAlarm } from '../../domain/alarm.ts';
import { dayMs, minuteMs } from './condition.ts';

/** The setting that has them. */
export const alarmsKey = 'alarms';

export interface KeptAlarm {
  readonly finding: AlarmFinding;
  readonly sinceMs: number;
  /** When a node saw it last. */
  readonly seenAtMs: number;
  /** Null while it lasts. */
  readonly endedAtMs: number | null;
  /** By receiver. */
  readonly notices: Readonly<Record<string, KeptNotice>>;
}

export interface KeptNotice {
  /** Null: it has never arrived. */
  readonly arrivedAtMs: number | null;
  readonly triedAtMs: number;
}

/** By `idOf`. */
export type KeptAlarms = Readonly<Record<string, KeptAlarm>>;

export interface Notice {
  readonly id: string;
  readonly receiver: string;
  readonly state: 'raised' | 'lasting' | 'over';
  readonly alarm: KeptAlarm;
}

export interface Seen {
  readonly node: string;
  readonly nowMs: number;
  /** What stands, by id. */
  readonly found: ReadonlyMap<string, AlarmFinding>;
  /** Ids of which this look says nothing: it failed, or what it found has not stood long enough. */
  readonly unsure: ReadonlySet<string>;
  readonly receivers: readonly string[];
}

export interface Change {
  readonly kept: KeptAlarms;
  readonly raised: readonly KeptAlarm[];
  readonly ended: readonly KeptAlarm[];
  /** To be sent now, by whoever stored this. */
  readonly notices: readonly Notice[];
}

/** Of a node that has not looked for so long nothing is known any more. */
const goneMs = 15 * minuteMs;
const tryAgainMs = 5 * minuteMs;
const remindMs = dayMs;
/** The end of an alarm of which nobody could be notified is old news then. */
const forgetMs = dayMs;
/** Each look would write otherwise. */
const seenEveryMs = 5 * minuteMs;

export function idOf(key: AlarmFinding['key'], node: string | null): string {
  return node === null ? key : `${key}@${node}`;
}

function isOf(id: string, node: string): boolean {
  return !id.includes('@') || id.endsWith(`@${node}`);
}

export function changeAlarms(before: KeptAlarms, seen: Seen): Change {
  const { node, nowMs, found, unsure } = seen;
  const kept = new Map<string, KeptAlarm>();
  const raised: KeptAlarm[] = [];
  const ended: KeptAlarm[] = [];
  for (const [id, one] of found) {
    const known = before[id];
    // One that comes back before its end was sent had never gone.
    const isNew = known === undefined;
    const alarm = isNew
      ? { finding: one, sinceMs: nowMs, seenAtMs: nowMs, endedAtMs: null, notices: {} }
      : { ...known, ...refreshed(known, one, nowMs), endedAtMs: null };
    if (isNew || known.endedAtMs !== null) raised.push(alarm);
    kept.set(id, alarm);
  }
  for (const [id, known] of Object.entries(before)) {
    if (found.has(id)) continue;
    const isOver = isOf(id, node) ? !unsure.has(id) : nowMs - known.seenAtMs > goneMs;
    if (known.endedAtMs !== null || !isOver) {
      kept.set(id, known);
      continue;
    }
    const alarm = { ...known, endedAtMs: nowMs };
    ended.push(alarm);
    kept.set(id, alarm);
  }
  const notices = [...kept].flatMap(([id, alarm]) => dueNotices(id, alarm, seen));
  for (const { id, receiver } of notices) {
    const alarm = kept.get(id);
    if (alarm !== undefined) kept.set(id, withNotice(alarm, receiver, { triedAtMs: nowMs }));
  }
  const left = [...kept].filter(([, alarm]) => !isForgotten(alarm, seen));
  return { kept: Object.fromEntries(left), raised, ended, notices };
}

/** Its numbers are shown as they were at most some minutes ago. */
function refreshed(known: KeptAlarm, now: AlarmFinding, nowMs: number): Partial<KeptAlarm> {
  const isOld = nowMs - known.seenAtMs >= seenEveryMs || known.endedAtMs !== null;
  return isOld ? { finding: now, seenAtMs: nowMs } : {};
}

function dueNotices(id: string, alarm: KeptAlarm, { nowMs, receivers }: Seen): readonly Notice[] {
  return receivers.flatMap((receiver): readonly Notice[] => {
    const { arrivedAtMs = null, triedAtMs = Number.NEGATIVE_INFINITY } = alarm.notices[receiver] ?? {};
    if (nowMs - triedAtMs < tryAgainMs) return [];
    if (alarm.endedAtMs !== null) return arrivedAtMs === null ? [] : [{ id, receiver, state: 'over', alarm }];
    if (arrivedAtMs === null) return [{ id, receiver, state: 'raised', alarm }];
    return nowMs - arrivedAtMs < remindMs ? [] : [{ id, receiver, state: 'lasting', alarm }];
  });
}

/** Over, and nobody waits to hear so. */
function isForgotten({ endedAtMs, notices }: KeptAlarm, { nowMs, receivers }: Seen): boolean {
  if (endedAtMs === null) return false;
  const isAwaited = receivers.some((receiver) => (notices[receiver]?.arrivedAtMs ?? null) !== null);
  return !isAwaited || nowMs - endedAtMs > forgetMs;
}

/** Those that last, the oldest first. */
export function openAlarms(kept: KeptAlarms): readonly OpenAlarm[] {
  return Object.entries(kept)
    .filter(([, { endedAtMs }]) => endedAtMs === null)
    .map(([id, alarm]) => ({
      finding: alarm.finding,
      since: new Date(alarm.sinceMs),
      seenAt: new Date(alarm.seenAtMs),
      node: /@(.*)$/s.exec(id)?.[1] ?? null,
    }))
    .toSorted((a, b) => a.since.getTime() - b.since.getTime());
}

/** Notes those that have arrived. */
export function noteArrived(before: KeptAlarms, arrived: readonly Notice[], nowMs: number): KeptAlarms {
  const kept = new Map(Object.entries(before));
  for (const { id, receiver, state } of arrived) {
    const alarm = kept.get(id);
    if (alarm === undefined) continue;
    if (state !== 'over') {
      kept.set(id, withNotice(alarm, receiver, { arrivedAtMs: nowMs }));
      continue;
    }
    const { [receiver]: _, ...notices } = alarm.notices;
    // One that came back meanwhile is notified of again.
    if (alarm.endedAtMs !== null && Object.keys(notices).length === 0) kept.delete(id);
    else kept.set(id, { ...alarm, notices });
  }
  return Object.fromEntries(kept);
}

function withNotice(alarm: KeptAlarm, receiver: string, change: Partial<KeptNotice>): KeptAlarm {
  const known = alarm.notices[receiver] ?? { arrivedAtMs: null, triedAtMs: alarm.sinceMs };
  return { ...alarm, notices: { ...alarm.notices, [receiver]: { ...known, ...change } } };
}

/** As the settings have them. What another version kept and this one does not know is left out. */
export function keptFrom(value: unknown): KeptAlarms {
  const entries = Object.entries(typeof value === 'object' && value !== null ? value : {});
  return Object.fromEntries(
    entries.flatMap(([id, kept]): [string, KeptAlarm][] => {
      const key = alarmKeys.find((one) => one === id.replace(/@.*$/s, ''));
      if (key === undefined || !isKept(kept)) return [];
      return [[id, { ...kept, finding: finding(key, kept.finding.params as never) }]];
    }),
  );
}

function isKept(value: unknown): value is KeptAlarm {
  if (typeof value !== 'object' || value === null) return false;
  const { finding: found, sinceMs, seenAtMs, endedAtMs, notices } = value as Partial<Record<keyof KeptAlarm, unknown>>;
  return (
    [found, notices].every((one) => typeof one === 'object' && one !== null) &&
    [sinceMs, seenAtMs].every((one) => typeof one === 'number') &&
    (endedAtMs === null || typeof endedAtMs === 'number')
  );
}
