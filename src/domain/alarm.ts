/** An alarm: something does not succeed that should have. It begins by itself, and ends by itself when success comes back. */

import type { Language } from './language.ts';
import { type AlarmKey, type AlarmParams, alarmAdvice, alarmTexts } from './messages/alarms.ts';

export type { AlarmKey } from './messages/alarms.ts';

export const alarmKeys = Object.keys(alarmTexts) as readonly AlarmKey[];

/** What was found, with the numbers of its text. */
export type AlarmFinding = { [K in AlarmKey]: { readonly key: K; readonly params: AlarmParams<K> } }[AlarmKey];

export interface Alarm {
  readonly key: AlarmKey;
  readonly finding: AlarmFinding;
  readonly since: Date;
}

export function finding<K extends AlarmKey>(key: K, params: AlarmParams<K>): AlarmFinding {
  // A key with its own parameters; TypeScript cannot follow that through the union.
  return { key, params } as AlarmFinding;
}

export function renderAlarm({ key, params }: AlarmFinding, language: Language): string {
  const text = alarmTexts[key][language] as (params: object) => string;
  return text(params);
}

/** What to do first about an alarm. */
export function adviceOf(key: AlarmKey, language: Language): string {
  return alarmAdvice[key][language];
}

/** More about what to do: below the heading with its name. */
export function runbookOf(key: AlarmKey): string {
  return `docs/operations.md#${key.toLowerCase()}`;
}

/** An alarm that lasts, as all nodes have it. */
export interface OpenAlarm {
  readonly finding: AlarmFinding;
  readonly since: Date;
  /** When a node found it last, to within some minutes. */
  readonly seenAt: Date;
  /** The node that alone can know it; null: it is of the installation. */
  readonly node: string | null;
}
