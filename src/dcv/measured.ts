/** Puts time and duration on what a check found. */
import type { CheckResult } from '../domain/challenge.ts';
import type { Clock } from '../domain/ports/system.ts';

export type Finding = Omit<CheckResult, 'checkedAt' | 'durationMs'>;

export async function measured(clock: Clock, check: () => Promise<Finding>): Promise<CheckResult> {
  const checkedAt = clock.now();
  const startedMs = clock.monotonicMs();
  const finding = await check();
  return { ...finding, checkedAt, durationMs: Math.round(clock.monotonicMs() - startedMs) };
}
