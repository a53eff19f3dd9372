/**
 * Checks that begin only when the client asks (RFC 8555 §7.5.1), one challenge at a time. What was asked for is a row, and the job is
 * queued with it, so that a check outlives the server that began it.
 */
import type { Attempt, Authorization } from '../../domain/authorization.ts';
import type { Caller } from '../../domain/caller.ts';
import { type CheckedChallenge, isChecked } from '../../domain/challenge.ts';
import { quoted, reason, refuse } from '../../domain/errors.ts';
import { type AuthorizationId, isId } from '../../domain/ids.ts';
import type { Job } from '../../domain/job.ts';
import { expected } from '../../domain/messages/expectations.ts';
import type { JobHandler, JobOutcome } from '../../domain/ports/jobs.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { ValidationMethod } from '../../domain/validation-method.ts';
import { recordAccount } from '../accounts/account-event.ts';
import type { AppContext } from '../context.ts';
import { createCaaLookUps } from '../issuing/caa-look-ups.ts';
import { policyOfCaller, requireMethodOfKey } from '../orders/key-terms.ts';
import { recordChange } from '../orders/order-event.ts';
import { failAttempt, nextLookAt, queueIssuance, soonestLookAt } from './attempt.ts';
import { caaObjectionAtCheck } from './caa-at-check.ts';
import { recordCheck } from './check-history.ts';
import { check } from './counted-check.ts';
import { prove } from './proof.ts';
import { requestRelayedCheck } from './relayed-choice.ts';
import { answersOf, storeAnswers } from './zones.ts';

/**
 * Asks for a check in the caller's transaction.
 * @param authorization as this transaction reads it
 * @returns the check, to be adopted after the commit; undefined where the queue has it
 * @throws {CertError} wrongState, invalidField
 */
export async function requestAttempt(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  { authorization, position }: { readonly authorization: Authorization; readonly position: number },
): Promise<Job | undefined> {
  const now = context.clock.now();
  const { id, accountId, identifier, challenges, attempt, isCheckedOnRequest } = authorization;
  const state = stateNow(authorization, now);
  if (state !== 'pending') throw refuse('wrongState', { what: 'authorization', value: id, state, needed: 'pending' });
  const challenge = challenges[position];
  if (challenge === undefined || !isChecked(challenge)) {
    const value = quoted(position);
    throw refuse('fieldInvalid', { field: 'challenge', value, expected: expected.offeredChallenge });
  }
  await requireAllowedByKey(tx, caller, { name: identifier.value, method: challenge.method });
  if (authorization.checkedBy !== null) {
    await passOn(context, tx, caller, authorization);
    return undefined;
  }
  // The platform looks for all of them by itself, and looks now.
  if (!isCheckedOnRequest) {
    await queueIssuance(tx, authorization, now);
    return undefined;
  }
  if (attempt !== null && attempt.challenge !== position) {
    const running = { what: 'authorization', value: id, state: 'being checked', needed: 'pending' } as const;
    throw refuse('wrongState', running);
  }
  if (attempt === null) {
    await tx.authorizations.updateAttempt(id, { challenge: position, requestedAt: now, looks: 0 });
    const data = { name: identifier.value, method: challenge.method };
    await recordAccount(tx, caller, 'authorization.checkRequested', { accountId, subject: id, data, at: now });
  }
  const runAt = soonestLookAt(authorization, now);
  // No rest of its zone holds it up: it looks a few times only, and its client waits for the end.
  const job = { kind: 'checkOnRequest', subject: id, owner: accountId } as const;
  if (runAt <= now) return tx.jobs.enqueueInTurn({ ...job, now });
  await tx.jobs.enqueue({ ...job, runAt });
  return undefined;
}

/** What was offered before the policy of the key changed is not checked any more. @throws {CertError} forbidden */
async function requireAllowedByKey(
  tx: Stores,
  caller: Caller,
  tried: { readonly name: string; readonly method: ValidationMethod },
): Promise<void> {
  const policy = await policyOfCaller(tx, caller);
  if (policy !== null) requireMethodOfKey(policy, tried);
}

/** The upstream looks for all of its challenges at once. */
async function passOn(context: AppContext, tx: Stores, caller: Caller, { issuanceId }: Authorization): Promise<void> {
  const issuance = issuanceId === null ? undefined : await tx.issuances.get(issuanceId);
  const order = issuance && (await tx.orders.get(issuance.orderId));
  if (issuance === undefined || order === undefined || !(await requestRelayedCheck(context, tx, issuance))) return;
  const data = { now: context.clock.now(), issuance: issuance.id };
  await recordChange(tx, caller, 'validation.checkRequested', order, data);
}

/** The state now: one that was not proved in time is expired before the sweep comes by. */
export function stateNow({ state, standalone }: Authorization, now: Date): Authorization['state'] {
  return state === 'pending' && standalone !== null && standalone.pendingUntil <= now ? 'expired' : state;
}

interface Running {
  readonly authorization: Authorization;
  readonly attempt: Attempt;
  readonly challenge: CheckedChallenge;
}

export function createCheckOnRequestHandler(context: AppContext): JobHandler {
  const { database, clock, queue } = context;
  const lookUpCaaOf = createCaaLookUps(context);

  return async (job, signal) => {
    const { subject } = job;
    const before = isId('authorization', subject) ? await running(database.read, subject, clock.now()) : undefined;
    if (before === undefined) return { kind: 'done' };
    if (await isOfEndedClient(database.read, before)) {
      if (await database.write((tx) => endForClient(context, tx, before.authorization))) queue.wake();
      return { kind: 'done' };
    }
    const { authorization: checked, challenge } = before;
    const found = await check(context, checked, challenge, signal);
    const looked = { authorization: checked, challenge };
    const objection = found.proved ? await caaObjectionAtCheck(context, lookUpCaaOf, looked, signal) : undefined;
    const result = objection === undefined ? found : { ...found, proved: false, problem: objection };
    // It was cut off, and says nothing of the name: the next run looks.
    if (result.problem?.key === 'checkAborted') return { kind: 'again', at: clock.now() };
    const answers = answersOf(context, [{ authorization: checked, checks: [result] }]);
    const { outcome, isQueued } = await database.write(async (tx): Promise<Looked> => {
      const now = clock.now();
      const current = await running(tx, before.authorization.id, now);
      if (current === undefined) return { outcome: { kind: 'done' }, isQueued: false };
      if (await isOfEndedClient(tx, current)) {
        return { outcome: { kind: 'done' }, isQueued: await endForClient(context, tx, current.authorization) };
      }
      const { id } = current.authorization;
      const attempt: Attempt = { ...current.attempt, looks: current.attempt.looks + 1 };
      const { challenge: position } = attempt;
      await tx.authorizations.updateLook(id, { attempt, checks: [result] });
      const isAwake = await storeAnswers(context, tx, answers);
      const authorization = { ...current.authorization, attempt, checks: [result] };
      if (result.proved) {
        const isAwaited = await prove(context, tx, authorization, {
          check: result,
          challenge: position,
          requestId: null,
        });
        const isOfIssuance = await queueIssuance(tx, current.authorization, now);
        await tx.jobs.finish('checkOnRequest', id);
        return { outcome: { kind: 'finished' }, isQueued: isAwake || isAwaited || isOfIssuance };
      }
      await recordCheck(tx, { authorizationId: id, challenge: position, check: result, usableUntil: null });
      const at = nextLookAt(attempt, result, now);
      if (at !== undefined) return { outcome: { kind: 'again', at }, isQueued: isAwake };
      const failure = { result, problem: result.problem ?? reason('internal', {}) };
      const isOfIssuance = await failAttempt(context, tx, authorization, failure);
      await tx.jobs.finish('checkOnRequest', id);
      return { outcome: { kind: 'finished' }, isQueued: isAwake || isOfIssuance };
    });
    if (isQueued) queue.wake();
    return outcome;
  };
}

/** What a look has come to. */
interface Looked {
  readonly outcome: JobOutcome;
  readonly isQueued: boolean;
}

/**
 * A record that stays would go on proving names to a client that was deactivated, perhaps because its key was stolen. It is asked at each
 * look (draft-ietf-acme-dns-persist-02 §4.2).
 */
async function isOfEndedClient(stores: Stores, { authorization, challenge }: Running): Promise<boolean> {
  if (challenge.method !== 'dnsPersist') return false;
  const ownerId = authorization.standalone?.ownerId ?? '';
  const owner = isId('credential', ownerId) ? await stores.credentials.get(ownerId) : undefined;
  return owner !== undefined && owner.revokedAt !== null;
}

/**
 * Decided in the transaction: it may have been deactivated while the record was looked up.
 * @returns true if work was queued
 */
async function endForClient(context: AppContext, tx: Stores, { id }: Authorization): Promise<boolean> {
  const current = await running(tx, id, context.clock.now());
  if (current === undefined || !(await isOfEndedClient(tx, current))) return false;
  return failAttempt(context, tx, current.authorization, { problem: reason('keyDeactivated', {}) });
}

/** The check that is to be made; undefined where there is none (any more). */
async function running(stores: Stores, id: AuthorizationId, now: Date): Promise<Running | undefined> {
  const authorization = await stores.authorizations.get(id);
  if (authorization === undefined || stateNow(authorization, now) !== 'pending') return undefined;
  const { attempt, challenges } = authorization;
  const challenge = attempt === null ? undefined : challenges[attempt.challenge];
  if (attempt === null || challenge === undefined || !isChecked(challenge)) return undefined;
  return { authorization, attempt, challenge };
}
