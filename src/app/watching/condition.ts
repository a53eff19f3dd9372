/** What the watchdog looks for. */
import type { AlarmFinding } from '../../domain/alarm.ts';

export interface Condition {
  /** For an alarm it has to stand for so long without a break, on the steady clock: a server that has just started catches up first. */
  readonly heldMs: number;
  /** `node`: what this process alone knows. `installation`: what the database says, so that every node finds the same. */
  readonly of: 'installation' | 'node';
  /** Undefined: all is well. Reads only what an index or a bounded list has. */
  look(): Promise<AlarmFinding | undefined>;
}

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
