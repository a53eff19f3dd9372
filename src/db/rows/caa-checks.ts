/** Rows of look-ups of CAA records. */
import type { CaaOutcome } from '../../domain/caa.ts';
import type { CaaCheck } from '../../domain/caa-check.ts';
import { codecOf } from '../codec.ts';
import { date, fromJson, int32, jsonOf, text, toJson } from '../fields.ts';

export const caaOutcomeJson = { write: toJson, read: fromJson<CaaOutcome> };

export const caaChecks = codecOf<CaaCheck>()('caa_checks', {
  name: text('name'),
  outcome: jsonOf('outcome_json', caaOutcomeJson),
  firstAt: date('first_at'),
  checkedAt: date('checked_at'),
  count: int32('count'),
});
