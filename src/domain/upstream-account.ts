/**
 * Our account at an upstream, which several issuers may share: what was agreed, the breaker that spares an upstream which is
 * away, and the budget of orders. Pure rules; the rows are in `upstream_accounts`, so that every process sees the same.
 */

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
  /** Orders in a period; null: any number. */
  readonly budget: { readonly orders: number; readonly perSeconds: number } | null;
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
  readonly budgetFrom: Date;
  readonly ordersInPeriod: number;
}

/** The jobs of an issuer run in a lane of its own. */
export function laneOfIssuer(issuerId: string): string {
  return `issuer ${issuerId}`;
}

export function newUpstreamAccount(account: string, now: Date): UpstreamAccount {
  return { account, faults: 0, lastFault: null, openUntil: null, budgetFrom: now, ordersInPeriod: 0 };
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

/** Counts one order. `spent`: none is left before `until`. */
export function afterOrder(
  account: UpstreamAccount,
  { budget }: Pick<UpstreamTerms, 'budget'>,
  now: Date,
): { readonly kind: 'counted'; readonly account: UpstreamAccount } | { readonly kind: 'spent'; readonly until: Date } {
  if (budget === null) return { kind: 'counted', account };
  const until = later(account.budgetFrom, budget.perSeconds);
  if (until <= now) return { kind: 'counted', account: { ...account, budgetFrom: now, ordersInPeriod: 1 } };
  if (account.ordersInPeriod >= budget.orders) return { kind: 'spent', until };
  return { kind: 'counted', account: { ...account, ordersInPeriod: account.ordersInPeriod + 1 } };
}

function later(from: Date, seconds: number): Date {
  return new Date(from.getTime() + seconds * 1000);
}
