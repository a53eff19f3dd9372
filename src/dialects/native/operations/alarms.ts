/** Alarms of the watchdog: for operators. */
import { adviceOf, type OpenAlarm, renderAlarm, runbookOf } from '../../../domain/alarm.ts';
import type { Language } from '../../../domain/language.ts';
import { wholeToWire } from '../paging.ts';
import { alarmsApi } from '../schema/alarms.ts';
import type { WireAlarm } from '../schema.ts';
import { handled } from '../services.ts';
import { timeToWire } from '../values.ts';

function alarmToWire({ finding, since, seenAt, node }: OpenAlarm, language: Language): WireAlarm {
  return {
    alarm: finding.key,
    since: timeToWire(since),
    seenAt: timeToWire(seenAt),
    node,
    message: renderAlarm(finding, language),
    advice: adviceOf(finding.key, language),
    runbook: runbookOf(finding.key),
  };
}

export const alarmOperations = [
  handled(alarmsApi.list, async ({ alarm: key, node: name }, { caller, services, language }) => {
    const all = await services.operation.alarms(caller);
    const found = all.filter(
      ({ finding, node }) => (key === undefined || finding.key === key) && (name === undefined || node === name),
    );
    return wholeToWire(found, (alarm) => alarmToWire(alarm, language));
  }),
];
