/** The rules of a check that the client asked for: when it looks again, when it has failed, and what failing is. */
import type { Attempt, Authorization } from '../../domain/authorization.ts';
import type { CheckResult } from '../../domain/challenge.ts';
import { type Reason, reason } from '../../domain/errors.ts';
import { customersCheck } from '../../domain/evidence.ts';
import { isId } from '../../domain/ids.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { authorizationTransitions, statesAccepting } from '../../domain/states.ts';
import { isHostMethod, type ValidationMethod } from '../../domain/validation-method.ts';
import { recordAccount } from '../accounts/account-event.ts';
import type { AppContext } from '../context.ts';

/**
 * Seconds after the request at which it looks (RFC 8555 §8.2 asks for more than one look): a client that asks has placed its proof,
 * so that only what is slow by nature is waited for: a restarting web server, DNS servers that follow their first one.
 */
const looksAt = {
  host: [0, 2, 5],
  dns: [0, 2, 5, 10, 20, 30],
} as const satisfies Record<string, readonly number[]>;

/** The client's server is there and shows something else. */
const settledProblems: readonly Reason['key'][] = [
  'fileWrongContent',
  'fileInUtf16',
  'fileOtherContent',
  'alpnWrongValue',
];

/** The least number of looks: one that took long is not the only one. */
const leastLooks = 2;
const resolversAwayMs = 30_000;
/** A client that asks again and again does not make us look more often than this. */
const apartMs = 1000;

function scheduleOf(method: ValidationMethod): readonly number[] {
  return isHostMethod(method) ? looksAt.host : looksAt.dns;
}

/**
 * The next look after one that ended at `now`; undefined once it has failed. A file with other content is final at the second
 * look: the client's server is there and serves something else. A resolver that is away, a name without a record yet, and a
 * server that does not answer get every look. While none of our own resolvers answers nothing was looked at: it goes on until one does.
 */
export function nextLookAt(attempt: Attempt, { method, problem }: CheckResult, now: Date): Date | undefined {
  if (problem?.key === 'resolversAway') return new Date(now.getTime() + resolversAwayMs);
  // The owner of the name has said no.
  if (problem?.key === 'caaProhibits') return undefined;
  const sinceMs = attempt.requestedAt.getTime();
  const ageSeconds = (now.getTime() - sinceMs) / 1000;
  const isSettled = problem !== undefined && settledProblems.includes(problem.key);
  const all = scheduleOf(method);
  const schedule = isSettled ? all.slice(0, leastLooks) : all;
  const next = schedule.find((seconds) => seconds > ageSeconds);
  if (next !== undefined) return new Date(sinceMs + next * 1000);
  return attempt.looks < leastLooks ? new Date(now.getTime() + apartMs) : undefined;
}

/** The time of a look that the client asks for while one is waited for. */
export function soonestLookAt({ checks }: Pick<Authorization, 'checks'>, now: Date): Date {
  const last = Math.max(0, ...checks.map(({ checkedAt }) => checkedAt.getTime()));
  return new Date(Math.max(now.getTime(), last + apartMs));
}

interface AttemptFailure {
  /** None: nothing was looked for. */
  readonly result?: CheckResult;
  readonly problem: Reason;
}

/**
 * The authorization is invalid for good. Nothing changes where it is decided already.
 * @returns true if work was queued
 */
export async function failAttempt(
  context: AppContext,
  tx: Stores,
  authorization: Authorization,
  failure: AttemptFailure,
): Promise<boolean> {
  const { id, accountId, identifier, attempt, challenges } = authorization;
  const from = statesAccepting(authorizationTransitions, 'invalidate');
  if (!(await tx.authorizations.move(id, from, 'invalid'))) return false;
  const at = context.clock.now();
  const method = attempt === null ? null : (challenges[attempt.challenge]?.method ?? null);
  const looks = attempt?.looks ?? 0;
  const data = { name: identifier.value, method, looks, ...failureData(failure) };
  await recordAccount(tx, { actor: 'system', requestId: null }, 'authorization.failed', {
    accountId,
    subject: id,
    data,
    at,
  });
  return queueIssuance(tx, authorization, at);
}

/** The problem as the customer may read it (`evidence.ts`); the whole of it is `detail`, which `customersEvent` leaves out. */
function failureData({ result, problem }: AttemptFailure): Readonly<Record<string, unknown>> {
  if (result === undefined) return { problem };
  const { asked, answeredBy, answer, source } = result;
  const shown = customersCheck(result).problem ?? problem;
  return { problem: shown, detail: problem, asked, answeredBy, answer, isOwn: source?.isOwn === true };
}

/** Its issuance sees what became of its name. @returns true if it has one */
export async function queueIssuance(
  tx: Stores,
  { accountId: owner, issuanceId: subject }: Pick<Authorization, 'accountId' | 'issuanceId'>,
  runAt: Date,
): Promise<boolean> {
  if (subject === null) return false;
  await tx.jobs.enqueue({ kind: 'validate', subject, runAt, owner });
  return true;
}

/** A check whose job fails again and again would never end for its client. */
export async function giveUpAttempt(context: AppContext, tx: Stores, subject: string, attempts: number): Promise<void> {
  const authorization = isId('authorization', subject) ? await tx.authorizations.get(subject) : undefined;
  if (authorization === undefined) return;
  await failAttempt(context, tx, authorization, { problem: reason('workFailed', { what: 'validation', attempts }) });
}
