/**
 * Validation of control: the job that looks for the proofs of an issuance's names, again and again by a schedule, and
 * moves the issuance on when every name is proved.
 */
import { type Authorization, pendingAuthorization } from '../../domain/authorization.ts';
import { type CheckResult, isChecked } from '../../domain/challenge.ts';
import { type Reason, reason, withParts } from '../../domain/errors.ts';
import { customersCheck } from '../../domain/evidence.ts';
import type { Identifier } from '../../domain/identifier.ts';
import { type IssuanceId, isId, newId } from '../../domain/ids.ts';
import type { Finding, Issuance } from '../../domain/issuance.ts';
import { nextCheckSeconds } from '../../domain/job.ts';
import { canProveBy, holdsFor, isReusable, provingNames, reusableProofs } from '../../domain/policy.ts';
import type { JobHandler, JobOutcome } from '../../domain/ports/jobs.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Profile } from '../../domain/profile.ts';
import type { AppContext } from '../context.ts';
import { advance } from '../issuing/advance.ts';
import { failIssuance } from '../issuing/failure.ts';
import { handOver, isRelayed } from '../issuing/relay.ts';
import { type Requester, servingRequester, termsOfIssuance } from '../orders/key-terms.ts';
import { type NameProof, proofsOf } from '../orders/order-view.ts';
import { objectionToBlockedKey } from '../revoking/blocked-keys.ts';
import { recordCheck } from './check-history.ts';
import { check } from './counted-check.ts';
import { keyHashOfIssuance, missingProofs, prove } from './proof.ts';
import { queueValidation } from './queue-validation.ts';
import { answersOf, storeAnswers, type ZonesToLookAt, zonesOf } from './zones.ts';

/** Brings the next check of an issuance forward to now. */
export async function requestCheck(context: AppContext, issuance: Issuance): Promise<void> {
  const { database, clock, queue } = context;
  await database.write((tx) => queueValidation(context, tx, issuance, clock.now()));
  queue.wake();
}

/** Names checked side by side. Their results are stored together, so that a long list makes progress in steps. */
const namesAtOnce = 8;
/** A run begins no new checks after this long, so that slow hosts never make the job itself time out. */
const runBudgetMs = 60_000;

export function createValidateHandler(context: AppContext): JobHandler {
  return async (job, signal) => {
    const issuance = isId('issuance', job.subject) ? await context.database.read.issuances.get(job.subject) : undefined;
    if (issuance?.state !== 'awaitingValidation') return { kind: 'done' };
    const proofs = await proofsOf(context.database.read, issuance);
    if (isRelayed(proofs)) return passToUpstream(context, issuance);
    const terms = await termsOfIssuance(context, context.database.read, issuance);
    const unproved = await adoptProofs(context, { issuance, ...terms }, proofs);
    // What is checked on request is looked for by `check-on-request.ts`, and here only given up.
    const pending = issuance.isCheckedOnRequest ? [] : longestUncheckedFirst(unproved);
    const zones = await zonesOf(context, { accountId: issuance.accountId, zoneOfJob: job.zone, pending });
    const deadline = context.clock.monotonicMs() + runBudgetMs;
    while (context.clock.monotonicMs() < deadline) {
      const names = zones.next(namesAtOnce);
      if (names.length === 0) break;
      signal.throwIfAborted();
      await checkNames(context, zones, { names, signal });
    }
    return conclude(context, { issuance, ...terms });
  };
}

/** Its upstream checks the names, in its own time. It is called now where it has no order yet, or where something was waited for. */
async function passToUpstream(context: AppContext, { id }: Issuance): Promise<JobOutcome> {
  const { database, queue } = context;
  const isHandedOver = await database.write(async (tx) => {
    const issuance = await tx.issuances.get(id);
    if (issuance === undefined) return false;
    if (issuance.rest === null && (await tx.upstreamOrders.get(id)) !== undefined) return false;
    return handOver(context, tx, issuance);
  });
  if (isHandedOver) queue.wake();
  return { kind: 'done' };
}

/** What is looked for. */
interface Looked {
  readonly issuance: Issuance;
  /** As it is under the policy of the requester's key. */
  readonly profile: Profile;
  readonly requester: Requester;
}

/**
 * Lets names that another order of the account, or a domain of it, has proved meanwhile use that proof, and answers what is left to check.
 */
async function adoptProofs(
  context: AppContext,
  { issuance, profile, requester }: Looked,
  proofs: readonly NameProof[],
): Promise<readonly Authorization[]> {
  const { database, clock } = context;
  const now = clock.now();
  const keyHash = keyHashOfIssuance(issuance);
  const { read } = database;
  const all = proofs.map(({ authorization }) => authorization);
  const own = new Map((await servingRequester(read, requester, all, issuance.id)).map((one) => [one.id, one]));
  const unproved = proofs.filter(({ identifier: name, authorization: { id } }) => {
    const authorization = own.get(id);
    return authorization === undefined || !isReusable(authorization, { name, keyHash, profile, now });
  });
  const names = unproved.map(({ identifier }) => identifier);
  const candidates = new Set(names.flatMap((name) => provingNames(name, context.publicSuffixes)));
  const usable = await read.authorizations.listUsable(issuance.accountId, [...candidates], { now, keyHash });
  const serving = await servingRequester(read, requester, usable);
  const proved = reusableProofs(serving, { names, keyHash, profile, now });
  const left = unproved.filter(({ identifier }) => !proved.has(identifier.value));
  if (proved.size > 0) await database.write((tx) => useProofs(tx, issuance.id, proved));
  // Several names may wait for one parent.
  const pending = left.filter(({ authorization }) => authorization.state === 'pending');
  return [...new Set(pending.map(({ authorization }) => authorization))];
}

/** To the names as they are now: some may have been taken out, and paid back, since they were read. */
async function useProofs(tx: Stores, id: IssuanceId, proved: ReadonlyMap<string, Authorization>): Promise<void> {
  const issuance = await tx.issuances.get(id);
  if (issuance?.state !== 'awaitingValidation') return;
  const names = issuance.names.map((name) => ({
    ...name,
    authorizationId: proved.get(name.identifier.value)?.id ?? name.authorizationId,
  }));
  await tx.issuances.updateNames(id, names);
}

/** So that names on slow hosts do not keep the others from their turn when a run cannot check them all. */
function longestUncheckedFirst(authorizations: readonly Authorization[]): readonly Authorization[] {
  const lastCheck = ({ checks }: Authorization) => Math.max(0, ...checks.map((check) => check.checkedAt.getTime()));
  return authorizations.toSorted((a, b) => lastCheck(a) - lastCheck(b));
}

async function checkNames(
  context: AppContext,
  zones: ZonesToLookAt,
  { names, signal }: { readonly names: readonly Authorization[]; readonly signal: AbortSignal },
): Promise<void> {
  const results = await Promise.all(
    names.map(async (authorization) => ({
      authorization,
      checks: await lookForProof(context, authorization, signal),
    })),
  );
  const answers = answersOf(context, results);
  const isAwake = await context.database.write(async (tx) => {
    for (const { authorization, checks } of results) await storeChecks(context, tx, authorization, checks);
    return storeAnswers(context, tx, answers);
  });
  if (isAwake) context.queue.wake();
  for (const answer of answers) zones.note(answer);
}

/** Tries every offered challenge of a name that can be looked for at once; the first that proves it ends the others. */
export async function lookForProof(
  context: AppContext,
  authorization: Authorization,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  const proved = new AbortController();
  const either = AbortSignal.any([signal, proved.signal]);
  return Promise.all(
    authorization.challenges.filter(isChecked).map(async (challenge) => {
      const result = await check(context, authorization, challenge, either);
      if (result.proved) proved.abort();
      return result;
    }),
  );
}

/** Keeps what was found, and what it proves. */
export async function storeChecks(
  context: AppContext,
  tx: Stores,
  authorization: Authorization,
  checks: readonly CheckResult[],
): Promise<void> {
  // Read again: others may have stored something while these checks ran.
  const earlier = (await tx.authorizations.get(authorization.id))?.checks ?? [];
  const found = withEarlierEvidence(checks, earlier);
  await tx.authorizations.updateChecks(authorization.id, [...found, ...mailChecks(authorization, earlier)]);
  const proof = checks.find((check) => check.proved);
  const positions = [...authorization.challenges.keys()].filter((position) => isCheckedAt(authorization, position));
  for (const [index, check] of checks.entries()) {
    const challenge = positions[index] ?? 0;
    if (check === proof) await prove(context, tx, authorization, { check, challenge, requestId: null });
    else await recordCheck(tx, { authorizationId: authorization.id, challenge, check, usableUntil: null });
  }
}

/** Checks are in the order of the challenges that are looked up. */
function isCheckedAt({ challenges }: Authorization, position: number): boolean {
  const challenge = challenges[position];
  return challenge !== undefined && isChecked(challenge);
}

/** The outcome of a mail: stored by others, perhaps while these checks ran. */
function mailChecks({ challenges }: Authorization, stored: readonly CheckResult[]): readonly CheckResult[] {
  return challenges.every(isChecked) ? [] : stored.filter(({ method }) => method === 'email');
}

/** A check that was cut off says nothing of the name: what the one before it found is still the newest evidence. */
function withEarlierEvidence(checks: readonly CheckResult[], earlier: readonly CheckResult[]): readonly CheckResult[] {
  return checks.map((check, index) => {
    if (check.problem?.key !== 'checkAborted') return check;
    // Both lists are in the order of the challenges, of which several may be of one method.
    const before = earlier[index];
    return before?.method === check.method ? before : check;
  });
}

/** Moves the issuance on when all is proved, gives it up when its time is over, else asks for the next check. */
async function conclude(context: AppContext, { issuance: before, profile, requester }: Looked): Promise<JobOutcome> {
  const { database, clock, clockGuard, queue } = context;
  const now = clock.now();
  const since = before.validatingSince ?? before.createdAt;
  const ageSeconds = (now.getTime() - since.getTime()) / 1000;

  const result = await database.write(async (tx) => {
    const issuance = await tx.issuances.get(before.id);
    if (issuance?.state !== 'awaitingValidation') return { outcome: { kind: 'done' } as const };
    const proofs = await proofsOf(tx, issuance);
    const missing = await missingProofs(tx, proofs, { issuance, profile, requester, now });
    if (missing.length === 0) {
      const { job, isQueued, lookAgainAt } = await advance(context, tx, { issuance, proofs });
      if (lookAgainAt !== undefined) return { outcome: { kind: 'again', at: lookAgainAt } as const };
      return { outcome: { kind: 'done' } as const, job, isQueued };
    }
    await noteFinding(tx, issuance, missing);
    // Nobody should continue to prove names for a key that will not be certified.
    const objection = await objectionToWaiting(tx, issuance);
    if (objection !== undefined) {
      await failIssuance(context, tx, issuance, objection);
      return { outcome: { kind: 'done' } as const };
    }
    // An authorization that ran out while the others were still awaited is requested again, with the same challenges.
    const stale = missing.filter(({ authorization }) => authorization.state !== 'pending');
    if (issuance.isCheckedOnRequest && stale.length > 0) {
      await failIssuance(context, tx, issuance, reasonOfEnd(stale));
      return { outcome: { kind: 'done' } as const };
    }
    const unprovable: Identifier[] = [];
    for (const authorization of new Set(stale.map((proof) => proof.authorization))) {
      const names = stale.filter((proof) => proof.authorization === authorization).map(({ identifier }) => identifier);
      if (!(await renew(context, tx, issuance, { stale: authorization, names, profile }))) unprovable.push(...names);
    }
    if (unprovable.length > 0) {
      await failIssuance(context, tx, issuance, reasonOfNothing(unprovable, profile));
      return { outcome: { kind: 'done' } as const };
    }
    if (issuance.rest !== null) {
      // All had been proved when it began to wait for somebody else: their time begins again.
      const from = ['awaitingValidation'] as const;
      const isMoved = await tx.issuances.move(issuance.id, from, 'awaitingValidation', { validatingSince: now });
      return { outcome: isMoved ? ({ kind: 'again', at: now } as const) : ({ kind: 'done' } as const) };
    }
    // By a clock that is wrong nobody is late.
    const isLate = ageSeconds > profile.validationDays * 86_400 && clockGuard.fault() === undefined;
    if (isLate) {
      await failIssuance(context, tx, issuance, reasonOfDelay(missing, profile));
      return { outcome: { kind: 'done' } as const };
    }
    // Nothing is to be looked for before the end of its time.
    const lastSeconds = profile.validationDays * 86_400 + 1;
    const nextSeconds = issuance.isCheckedOnRequest
      ? Math.max(lastSeconds, ageSeconds + 60)
      : nextCheckSeconds(ageSeconds);
    const at = new Date(since.getTime() + nextSeconds * 1000);
    return { outcome: { kind: 'again', at } as const };
  });
  if ('job' in result && result.job !== undefined) queue.adopt(result.job);
  if ('isQueued' in result && result.isQueued === true) queue.wake();
  return result.outcome;
}

/** Keeps what lists show of a validation that fails. One that finds the same again writes nothing. */
async function noteFinding(
  tx: Stores,
  { id, finding: before }: Issuance,
  missing: readonly NameProof[],
): Promise<void> {
  const finding = withSince(findingOf(missing), before);
  if (JSON.stringify(finding) !== JSON.stringify(before)) await tx.issuances.updateFinding(id, finding);
}

/** The first of the names that has a problem: of its challenges that which was looked at last. */
function findingOf(missing: readonly NameProof[]): Finding | null {
  for (const { identifier, authorization } of missing) {
    const newestFirst = authorization.checks.toSorted((a, b) => b.checkedAt.getTime() - a.checkedAt.getTime());
    const problems = newestFirst.flatMap((check) => {
      const { problem } = customersCheck(check);
      return problem === undefined ? [] : [{ method: check.method, reason: problem, since: check.checkedAt }];
    });
    const shown = problems.find(({ method }) => method === authorization.preferredMethod) ?? problems[0];
    if (shown !== undefined) return { name: identifier.value, ...shown };
  }
  return null;
}

/** The same problem of the same name goes on since it was first found, whatever its details are by now. */
function withSince(finding: Finding | null, before: Finding | null): Finding | null {
  if (finding === null || before === null) return finding;
  const { name, method, reason: found } = finding;
  const isSame = before.name === name && before.method === method && before.reason.key === found.key;
  return isSame ? { ...finding, since: before.since ?? finding.since } : finding;
}

function reasonOfNothing(names: readonly Identifier[], { id: profile }: Profile): Reason {
  const parts = names.map(({ value: name }) => ({ name, reason: reason('nothingToProve', { name, profile }) }));
  return withParts(reason('nothingToProve', { name: names.map(({ value }) => value).join(', '), profile }), parts);
}

/** Its client would have to prove them again, and does so with another order. */
function reasonOfEnd(ended: readonly NameProof[]): Reason {
  const namesOf = (proofs: readonly NameProof[]) => proofs.map(({ identifier }) => identifier.value).join(', ');
  const parts = ended.map((proof) => {
    const names = proof.identifier.value;
    const { state, checks } = proof.authorization;
    const problem = checks[0] && customersCheck(checks[0]).problem;
    const whole = state === 'invalid' ? reason('checkFailed', { names }) : reason('proofEnded', { names });
    return { name: names, reason: (state === 'invalid' ? problem : undefined) ?? whole };
  });
  const failed = ended.filter(({ authorization }) => authorization.state === 'invalid');
  const whole =
    failed.length > 0
      ? reason('checkFailed', { names: namesOf(failed) })
      : reason('proofEnded', { names: namesOf(ended) });
  return withParts(whole, parts);
}

/** With a part for each name, where there are several: what the customer may read of why it was not proved. */
function reasonOfDelay(missing: readonly NameProof[], { validationDays: days }: Profile): Reason {
  const names = missing.map(({ identifier }) => identifier.value).join(', ');
  const parts = missing.map(({ identifier: { value: name }, authorization: { checks, preferredMethod } }) => {
    const newest = checks.find(({ method }) => method === preferredMethod) ?? checks[0];
    const problem = newest && customersCheck(newest).problem;
    return { name, reason: problem ?? reason('validationExpired', { names: name, days }) };
  });
  return withParts(reason('validationExpired', { names, days }), parts);
}

async function objectionToWaiting(tx: Stores, { accountId, csr }: Issuance): Promise<Reason | undefined> {
  return csr === null ? undefined : objectionToBlockedKey(tx, { accountId, csr });
}

/**
 * Asked for again by the same challenges, as far as they prove every name that it served, and for this key: a record that
 * anybody with the CSR of another key can compute must not prove this one. False where nothing is left to ask for.
 */
async function renew(
  context: AppContext,
  tx: Stores,
  issuance: Issuance,
  {
    stale,
    names,
    profile,
  }: { readonly stale: Authorization; readonly names: readonly Identifier[]; readonly profile: Profile },
): Promise<boolean> {
  const proved = stale.identifier;
  const keyHash = keyHashOfIssuance(issuance);
  const keyOfStale = stale.issuanceId === issuance.id ? keyHash : stale.keyHash;
  const challenges = stale.challenges.filter(({ method, binding }) =>
    names.every(
      (name) =>
        canProveBy(method, { proved, name, profile }) &&
        holdsFor({ binding, keyHash: keyOfStale, identifier: proved }, { name, keyHash }),
    ),
  );
  if (challenges.length === 0) return false;
  const { accountId, identifier, preferredMethod } = stale;
  const fresh = pendingAuthorization({
    id: newId('authorization', context),
    accountId,
    issuanceId: issuance.id,
    identifier,
    challenges,
    preferredMethod,
    createdAt: context.clock.now(),
  });
  await tx.authorizations.insert(fresh);
  const current = await tx.issuances.get(issuance.id);
  await tx.issuances.updateNames(
    issuance.id,
    (current ?? issuance).names.map((name) =>
      name.authorizationId === stale.id ? { ...name, authorizationId: fresh.id } : name,
    ),
  );
  return true;
}
