/** Rows of the history of checks. */
import type { CheckResult } from '../../domain/challenge.ts';
import type { CheckRecord } from '../../domain/check-record.ts';
import { codecOf } from '../codec.ts';
import { date, derived, fromJson, hex, id, int32, jsonOf, nullable, text, toJson } from '../fields.ts';

/** `JSON.stringify` writes a date as ISO text; this is where it becomes one again. */
function checkFromJson(stored: string): CheckResult {
  const check = fromJson<Omit<CheckResult, 'checkedAt'> & { readonly checkedAt: string }>(stored);
  return { ...check, checkedAt: new Date(check.checkedAt) };
}

export const checkJson = { write: toJson, read: checkFromJson };

export const checkRecords = codecOf<CheckRecord>()(
  'check_records',
  {
    authorizationId: id('authorization_id', 'authorization'),
    challenge: int32('challenge'),
    fingerprint: hex('fingerprint'),
    check: jsonOf('check_json', checkJson),
    node: text('node'),
    count: int32('count'),
    firstAt: date('first_at'),
    usableUntil: nullable(date('usable_until')),
  },
  { lastAt: derived('last_at', 'integer', ({ check }: CheckRecord) => check.checkedAt.getTime()) },
);
