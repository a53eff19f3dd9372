/** What the watchdog has found, for whoever watches this server. */
import type { Alarm } from '../alarm.ts';

export interface Alarms {
  /** The alarms that this process sees now. In memory, cheap. */
  raised(): readonly Alarm[];
  /** How often it has looked. */
  looks(): number;
}
