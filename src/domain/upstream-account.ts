/**
 * Our account at an upstream, which several issuers may share: what was agreed, and the breaker that spares an upstream which is
 * away. Pure rules; the rows are in `upstream_accounts`, so that every process sees the same. What it takes in a period is in
 * `upstream-budget.ts`.
 */
import type { UpstreamBudget } from './upstream-budget.ts';

/** The configured part. */
export interface UpstreamTerms {
  /** Breaker and budget belong to it. */
  readonly account: string;
  /** The time that an order may take. */
  readonly deadlineHours: number;
  /** `fail`: it is cancelled, and the customer refunded. `wait`: the operator decides, and polling continues. */
  readonly afterDeadline: 'fail' | 'wait';
  /** Calls at the same time. */
  readonly concurrency: number;
  /** What it takes from us in a period; all of them hold. */
  readonly budgets: readonly UpstreamBudget[];
  /**
   * The time for which the call that places an order waits for the challenges of an upstream that checks the names itself, and a
   * change of method for its answer; 5 s by default.
   */
  readonly relayWaitMs?: number;
}

export const defaultRelayWaitMs = 5_000;

/** State that is kept of it. `openUntil` null: the breaker is closed, and calls go through. */
export interface UpstreamAccount {
  readonly account: string;
  readonly faults: number;
  readonly lastFault: string | null;
  readonly openUntil: Date | null;
}

export function newUpstreamAccount(account: string): UpstreamAccount {
  return { account, faults: 0, lastFault: null, openUntil: null };
}

/** Faults in a row that open the breaker. */
const faultsToOpen = 5;
const openSeconds = [30, 60, 300, 900];
/** A probe that neither answers nor fails, because its process died, does not keep others from probing. */
const probeSeconds = 90;

/**
 * Requests permission to call. Where the breaker is open until a time that has passed, the first caller probes, and the others
 * wait for what comes of it: `account` is to be stored then.
 */
export function leaveToCall(
  account: UpstreamAccount,
  now: Date,
): { readonly kind: 'call'; readonly account?: UpstreamAccount } | { readonly kind: 'wait'; readonly until: Date } {
  const { openUntil } = account;
  if (openUntil === null) return { kind: 'call' };
  if (openUntil > now) return { kind: 'wait', until: openUntil };
  return { kind: 'call', account: { ...account, openUntil: later(now, probeSeconds) } };
}

/** Records that it answered, with any answer. Undefined where nothing changes. */
export function afterAnswer(account: UpstreamAccount): UpstreamAccount | undefined {
  if (account.faults === 0 && account.openUntil === null) return undefined;
  return { ...account, faults: 0, openUntil: null };
}

/** It did not answer, or not in its own language. */
export function afterFault(account: UpstreamAccount, fault: string, now: Date): UpstreamAccount {
  const faults = account.faults + 1;
  const beyond = faults - faultsToOpen;
  const openUntil = beyond < 0 ? null : later(now, openSeconds[Math.min(beyond, openSeconds.length - 1)] ?? 900);
  return { ...account, faults, lastFault: fault, openUntil };
}

/** A breaker that limits opened is probed at least so often: limits are mostly of one domain, not of the account. */
const longestLimitSeconds = 3600;

/** It refused an order because it had taken enough of us by then: it did answer, and yet several in a row open the breaker. */
export function afterLimit(
  account: UpstreamAccount,
  limit: string,
  { now, until }: { readonly now: Date; readonly until: Date },
) {
  const faults = account.faults + 1;
  const latest = later(now, longestLimitSeconds);
  const openUntil = faults < faultsToOpen ? null : until < latest ? until : latest;
  return { ...account, faults, lastFault: limit, openUntil } satisfies UpstreamAccount;
}

function later(from: Date, seconds: number): Date {
  return new Date(from.getTime() + seconds * 1000);
}
