/** The section `sessions` of the configuration: how long somebody who signed in stays so. */
import { z } from 'zod';
import { defaultSessionLimits, type SessionLimitsByKind } from '../domain/user-session.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const { operator, member } = defaultSessionLimits;

const minutes = z.int().min(1).max(1440);
const hours = z.int().min(1).max(720);

export const sessionsSection = z.strictObject({
  operatorIdleMinutes: minutes
    .default(operator.idleMs / minuteMs)
    .describe(
      'Somebody of no account (operator, support, auditor) signs in again after so many minutes without a request.',
    ),
  operatorHours: hours
    .default(operator.longestMs / hourMs)
    .describe('The same after so many hours, however much they do.'),
  idleMinutes: minutes
    .default(member.idleMs / minuteMs)
    .describe('A user of an account signs in again after so many minutes without a request.'),
  hours: hours.default(member.longestMs / hourMs).describe('The same after so many hours, however much they do.'),
});

export function sessionLimitsFrom(section: z.output<typeof sessionsSection>): SessionLimitsByKind {
  return {
    operator: { idleMs: section.operatorIdleMinutes * minuteMs, longestMs: section.operatorHours * hourMs },
    member: { idleMs: section.idleMinutes * minuteMs, longestMs: section.hours * hourMs },
  };
}
