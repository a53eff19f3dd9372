/**
 * Checks, mails and webhooks of which none succeeds any more. What is due to one customer is no alarm: several must fail, of several
 * zones, and nobody may have succeeded meanwhile.
 */
import { finding } from '../../domain/alarm.ts';
import { type Condition, minuteMs } from './condition.ts';
import { type Failure, isOfMailServer, type Outcomes } from './outcomes.ts';

const least = {
  /** Some customers place nothing for hours; so many new ones at once are no chance. */
  checks: { subjects: 20, zones: 5, forMs: 30 * minuteMs },
  mailServer: { times: 3, forMs: 10 * minuteMs },
  mailboxes: { subjects: 5, zones: 3, forMs: 30 * minuteMs },
  deliveries: { subjects: 5, zones: 5, forMs: 30 * minuteMs },
};

export function silentNetwork(outcomes: Outcomes): readonly Condition[] {
  const condition = (look: Condition['look']): Condition => ({ heldMs: 0, of: 'node', look });
  return [
    condition(async () => {
      const { all, forMs } = outcomes.checks();
      if (!areMany(all, least.checks) || forMs < least.checks.forMs) return undefined;
      return finding('validationsFail', { names: all.length, minutes: minutes(forMs), reason: usualCause(all) });
    }),
    condition(async () => {
      const { all, forMs } = outcomes.mails();
      const times = all.reduce((sum, one) => sum + one.times, 0);
      const isServerAway =
        all.length > 0 &&
        all.every(isOfMailServer) &&
        times >= least.mailServer.times &&
        forMs >= least.mailServer.forMs;
      const isRefusedByAll = areMany(all, least.mailboxes) && forMs >= least.mailboxes.forMs;
      const newest = all.toSorted((a, b) => b.lastAtMs - a.lastAtMs)[0];
      if (newest === undefined || !(isServerAway || isRefusedByAll)) return undefined;
      return finding('mailsNotSent', { mails: times, minutes: minutes(forMs), answer: newest.cause });
    }),
    condition(async () => {
      const { all, forMs } = outcomes.deliveries();
      if (!areMany(all, least.deliveries) || forMs < least.deliveries.forMs) return undefined;
      return finding('webhooksFail', { servers: all.length, minutes: minutes(forMs) });
    }),
  ];
}

function areMany(
  all: readonly Failure[],
  { subjects, zones }: { readonly subjects: number; readonly zones: number },
): boolean {
  return all.length >= subjects && new Set(all.map(({ zone }) => zone)).size >= zones;
}

function usualCause(all: readonly Failure[]): string {
  const causes = Map.groupBy(all, ({ cause }) => cause);
  return [...causes].toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? '';
}

function minutes(ms: number): number {
  return Math.floor(ms / minuteMs);
}
