/**
 * What a database does once when it was made from a backup, or a dump of its server: the one that it is a copy of went on after that
 * moment, and what it gave out since is not in here. A backup carries a mark, so that this happens however it was put back.
 *
 * - Numbers go on above those that may have been given out: orders, certificates, the audit log (cursors of feeds), revocation lists
 *   (RFC 5280 §5.2.3: numbers only grow).
 * - Sessions end: one that was ended since would be open again. So do links for a new password.
 * - Numbers that are good once begin again, so that none is good twice.
 */

import { refuse } from '../domain/errors.ts';
import type { EventKind } from '../domain/event.ts';
import type { SqlValue } from './fields.ts';
import { fromJson, toJson } from './fields.ts';
import type { Sequence } from './options.ts';
import { type Builder, compile, type Statement, statement } from './prepared.ts';
import { usualFirstNumbers } from './sequences.ts';

/** Names in the table of settings. */
export const restoredSetting = 'madeFromBackup';
export const firstNumbersSetting = 'firstNumbers';

export interface BackupMark {
  /** ISO 8601: the moment of the copy. Nothing of later is in it. */
  readonly madeAt: string;
}

/** The part of an engine that this uses. */
export interface RestoredTarget {
  readonly db: Builder;
  value(sql: string): SqlValue | undefined | Promise<SqlValue | undefined>;
  run(sql: string, values: readonly SqlValue[]): unknown;
  /** Lets the sequences go on at these numbers, where they are kept apart from the rows. */
  continueNumbers(next: Readonly<Record<Sequence, number>>): void | Promise<void>;
  /** Makes numbers that are good once begin again, where nodes share them. */
  endUsedNumbers(): void | Promise<void>;
  transaction(work: () => Promise<void>): Promise<void>;
}

export interface RestoredReport {
  readonly madeAt: string;
  /** The next number of an order. */
  readonly nextOrder: number;
  readonly sessionsEnded: number;
}

/** Sequences that grow with the orders; the others grow with what people set up. */
const busy: ReadonlySet<string> = new Set<Sequence>(['orders', 'issuances', 'certificates', 'approvals', 'notes']);
const leastGap = 1_000_000;
const quietGap = 10_000;
const largestNumber = 2 ** 31 - 1;
const dayMs = 86_400_000;

/** More than were given out since, as far as the busiest day that is known of tells: ten times the pace of the day before the copy. */
function gapOf(ordersOfDay: number, sinceMs: number): number {
  return Math.max(leastGap, Math.ceil((10 * ordersOfDay * Math.max(sinceMs, dayMs)) / dayMs));
}

const q = {
  event: statement(
    (db, p: { sequence: number; kind: EventKind; actor: string; subject: string; data: string; at: number }) =>
      db.insertInto('events').values({
        sequence: p.sequence,
        kind: p.kind,
        account_id: null,
        actor: p.actor,
        acted_for: null,
        subject: p.subject,
        data_json: p.data,
        request_id: null,
        at: p.at,
      }),
  ),
  putSetting: statement((db, p: { key: string; value: string }) =>
    db
      .insertInto('settings')
      .values({ key: p.key, value_json: p.value })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value_json: p.value })),
  ),
  removeSetting: statement((db, p: { key: string }) => db.deleteFrom('settings').where('key', '=', p.key)),
  endSessions: statement((db, _: object) => db.deleteFrom('user_sessions')),
  endResetLinks: statement((db, p: { purpose: string }) =>
    db.deleteFrom('expiring_values').where('purpose', '=', p.purpose),
  ),
  raiseLists: statement((db, p: { by: number }) =>
    db
      .updateTable('crls')
      .set((row) => ({ number: row('number', '+', p.by) }))
      .where('number', '>', 0),
  ),
};

/** The mark of a database that was made from a backup and has not been started since. */
export async function backupMark(target: Pick<RestoredTarget, 'value'>): Promise<BackupMark | undefined> {
  const text = await target.value(`SELECT value_json FROM settings WHERE key = '${restoredSetting}'`);
  return typeof text === 'string' ? fromJson<BackupMark>(text) : undefined;
}

/** Marks the copy. */
export function markBackup(target: Pick<RestoredTarget, 'db' | 'run'>, mark: BackupMark): unknown {
  return run(target, q.putSetting, { key: restoredSetting, value: toJson(mark) });
}

/**
 * @returns what it did; undefined for a database that is no copy, or has been through this
 * @throws {CertError} when the numbers are used up
 */
export async function settleRestored(target: RestoredTarget, now: Date): Promise<RestoredReport | undefined> {
  const mark = await backupMark(target);
  if (mark === undefined) return undefined;
  const madeAtMs = Date.parse(mark.madeAt);
  const count = async (sql: string) => Number((await target.value(sql)) ?? 0);
  const ofDay = await count(`SELECT count(*) FROM orders WHERE created_at > ${madeAtMs - dayMs}`);
  const gap = gapOf(ofDay, now.getTime() - madeAtMs);
  const next: [Sequence, number][] = [];
  for (const [table, first] of Object.entries(usualFirstNumbers) as [Sequence, number][]) {
    const highest = Math.max(first, await count(`SELECT max(number) FROM ${table}`), await floorOf(target, table));
    const number = highest + (busy.has(table) ? gap : quietGap);
    if (number > largestNumber) throw refuse('numbersUsedUp', { table });
    next.push([table, number]);
  }
  const numbers = Object.fromEntries(next) as Record<Sequence, number>;
  const sessionsEnded = await count('SELECT count(*) FROM user_sessions');
  const newest = await count('SELECT coalesce(max(sequence), 0) FROM events');
  const report = { madeAt: mark.madeAt, nextOrder: numbers.orders, sessionsEnded };
  await target.transaction(async () => {
    await run(target, q.putSetting, { key: firstNumbersSetting, value: toJson(numbers) });
    await target.continueNumbers(numbers);
    await target.endUsedNumbers();
    await run(target, q.endSessions, {});
    await run(target, q.endResetLinks, { purpose: passwordResetPurpose });
    await run(target, q.raiseLists, { by: gap });
    await run(target, q.event, {
      // Cursors of feeds go by it: those that the lost server gave out lie before.
      sequence: newest + gap,
      kind: 'server.restored',
      actor: 'system',
      subject: 'server',
      data: toJson(report),
      at: now.getTime(),
    });
    await run(target, q.removeSetting, { key: restoredSetting });
  });
  return report;
}

/** `ExpiringShelf.purpose` of links by which a password is reset. */
export const passwordResetPurpose = 'core/password-resets';

/** The number at which a sequence goes on at least. */
export function floorSql(table: Sequence): string {
  return `SELECT value_json ->> '${table}' FROM settings WHERE key = '${firstNumbersSetting}'`;
}

async function floorOf(target: RestoredTarget, table: Sequence): Promise<number> {
  const text = await target.value(`SELECT value_json FROM settings WHERE key = '${firstNumbersSetting}'`);
  if (typeof text !== 'string') return 0;
  return fromJson<Readonly<Partial<Record<Sequence, number>>>>(text)[table] ?? 0;
}

function run<P extends object>(target: Pick<RestoredTarget, 'db' | 'run'>, form: Statement<P, unknown>, params: P) {
  const compiled = compile(target.db, form);
  return target.run(compiled.sql, compiled.bind(params));
}
