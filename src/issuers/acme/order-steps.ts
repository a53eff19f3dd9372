/**
 * An order at an ACME CA, driven as far as it goes without waiting (contract: acme.md §3.1). Each step is stored before the request that
 * could act: killed at any point, the next run reads what became of it, and a CSR is never sent for two orders of which one may be issued.
 */
import type { AcmeAnswer, AcmeClient } from '../../dialects/acme/client/face.ts';
import { AcmeFailure, acmeUrn } from '../../dialects/acme/client/failure.ts';
import type { SeenOrder } from '../../dialects/acme/client/schema.ts';
import type { AcmeUpstreamOrder } from '../../domain/acme-upstream-order.ts';
import { CertError, reason } from '../../domain/errors.ts';
import type { UpstreamOutcome, UpstreamRequest } from '../../domain/ports/issuer.ts';
import { lostAuthorization, proveNames, refusalOfNames } from './authorizations.ts';
import type { AcmeIssuerContext } from './context.ts';
import { download } from './download.ts';
import { placeOrder } from './place-order.ts';
import { type Verdict, verdictOn, verdictOnShown } from './problem-kinds.ts';
import { isOfLostAccount } from './row.ts';
import { endOrder, keep, keepWithoutProofs, namesOf, pendingUntil, type Run, type Step } from './run.ts';
import { lacksProfile, outcomeOf, waitForOperator } from './verdict-outcome.ts';
import { retryAfter } from './waits.ts';

/** Steps of one run; an order that goes well needs five. */
const mostSteps = 12;
/** A CSR that was sent is sent again where the order still waits for it after so long. */
const sendAgainMs = 60_000;
/** A CSR that was refused so often, by a CA that shows the order as untouched, is refused for good. */
const mostRefusals = 2;
/** An order that was finalized, and that the CA does not know any more, is looked for so long before it counts as over. */
const goneMs = 600_000;

export async function driveOrder(
  context: AcmeIssuerContext,
  request: UpstreamRequest,
  first: AcmeUpstreamOrder,
  signal: AbortSignal,
): Promise<UpstreamOutcome> {
  let row = first;
  let hasNewAccount = false;
  for (let count = 0; count < mostSteps; count++) {
    const step = await attempt(context, request, { row, signal, hasNewAccount });
    if ('outcome' in step) return step.outcome;
    if ('isAccountNew' in step) hasNewAccount = true;
    row = step.row;
  }
  return { kind: 'pending', reference: row.orderUrl, retryAt: soon(context) };
}

function soon({ clock }: AcmeIssuerContext): Date {
  return new Date(clock.now().getTime() + 2000);
}

/** @throws what may pass: the core counts it, and asks again */
async function attempt(
  context: AcmeIssuerContext,
  request: UpstreamRequest,
  {
    row,
    signal,
    hasNewAccount,
  }: { readonly row: AcmeUpstreamOrder; readonly signal: AbortSignal; readonly hasNewAccount: boolean },
): Promise<Step | { readonly row: AcmeUpstreamOrder; readonly isAccountNew: true }> {
  let client: AcmeClient | undefined;
  try {
    ({ client } = await context.account.open(signal));
    return await nextStep({ context, request, client, signal }, row);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    if (!(thrown instanceof AcmeFailure)) return ofOperator(context, row, thrown);
    // Refused because the account's key was changed in between: no word about the order.
    const hasOtherKey =
      client !== undefined && thrown.failed.kind === 'refused' && (await isFormer(context, client, signal));
    if (hasOtherKey) return { row };
    const verdict = verdictOn(thrown.failed, { hasReplaces: row.step === 'order' && row.replaces !== null });
    if (verdict.kind === 'accountGone' && !hasNewAccount) {
      await context.account.registerAgain(signal);
      return { row, isAccountNew: true };
    }
    const lost = verdict.kind === 'orderHidden' ? await ofLostAccount(context, row, verdict, signal) : undefined;
    return lost ?? afterFailure(context, row, { failure: thrown, verdict });
  }
}

/** An order that was finalized under an account that the CA has lost: no account of ours will be shown it, now or later. */
async function ofLostAccount(
  context: AcmeIssuerContext,
  row: AcmeUpstreamOrder,
  { text: detail }: Verdict,
  signal: AbortSignal,
): Promise<Step | undefined> {
  if (row.finalizedAt === null || !(await isOfLostAccount(context, row, signal))) return undefined;
  await keepWithoutProofs(context, { ...row, lastProblem: detail });
  const { url: account } = await context.account.open(signal);
  const lost = { issuer: context.id, order: row.orderUrl ?? '', account, detail };
  return { outcome: { kind: 'refused', reason: reason('caAccountLost', lost) } };
}

async function isFormer({ account }: AcmeIssuerContext, client: AcmeClient, signal: AbortSignal): Promise<boolean> {
  return (await account.open(signal)).client !== client;
}

/** What the configuration lacks (`AcmeAccount`): nothing was sent. */
function ofOperator(context: AcmeIssuerContext, { orderUrl }: AcmeUpstreamOrder, thrown: unknown): Step {
  if (!(thrown instanceof CertError) || thrown.code === 'internal') throw thrown;
  return { outcome: waitForOperator(context, orderUrl, thrown.reason) };
}

async function nextStep(run: Run, row: AcmeUpstreamOrder): Promise<Step> {
  const isGivenUp = run.request.isGivenUp === true;
  if (row.step === 'order') return isGivenUp ? givenUp(run) : placeOrder(run, row);
  const order = await readOrder(run, row);
  const { status } = order.shown;
  if (status === 'valid') return download(run, row, order);
  if (status === 'processing') return { outcome: pendingUntil(run, row, order) };
  // A CA that has the CSR may only seem not to: `cancelOrder` says when nothing can come of it any more.
  if (isGivenUp)
    return row.finalizedAt === null || status === 'invalid' ? givenUp(run) : { outcome: pendingUntil(run, row, order) };
  if (status === 'invalid') return invalid(run, row, order);
  if (row.finalizedAt === null && isPast(run, row)) {
    return endOrder(run.context, row, 'it expired before it was finalized');
  }
  // A few CAs show an order as `pending` or `ready` again while they work on its CSR.
  const { finalizedAt } = row;
  const nowMs = run.context.clock.now().getTime();
  if (finalizedAt !== null && nowMs - finalizedAt.getTime() < sendAgainMs)
    return { outcome: pendingUntil(run, row, order) };
  if (status === 'pending') return proveNames(run, row);
  return finalize(run, row);
}

/** It is left to end by itself: what it still lacks is not sent, and the CA issues nothing without. */
function givenUp({ context: { id: issuer } }: Run): Step {
  return { outcome: { kind: 'refused', reason: reason('caGivenUp', { issuer }) } };
}

/** By the CA's clock, where its last reply had one: ours may be wrong. */
function isPast({ context: { clock }, client }: Run, { expiresAt }: AcmeUpstreamOrder): boolean {
  return expiresAt !== null && expiresAt.getTime() <= clock.now().getTime() - (client.clockAheadMs ?? 0);
}

async function readOrder({ client, request, signal }: Run, { orderUrl }: AcmeUpstreamOrder) {
  if (orderUrl === null) throw new Error('an order without its URL is not placed yet');
  return client.order({ url: orderUrl, names: namesOf(request) }, signal);
}

/** The point of no return: from the commit on the order counts as one that may be issued. */
async function finalize(run: Run, row: AcmeUpstreamOrder): Promise<Step> {
  const { context, client, request, signal } = run;
  const { orderUrl, finalizeUrl } = row;
  if (orderUrl === null || finalizeUrl === null) throw new Error('an order that is ready has its URLs');
  const sent: AcmeUpstreamOrder = { ...row, step: 'finalize', finalizedAt: context.clock.now() };
  await keepWithoutProofs(context, sent);
  const { finalizeTimeoutMs: timeoutMs } = context.ca;
  let order: AcmeAnswer<SeenOrder>;
  try {
    order = await client.finalize(
      { url: orderUrl, names: namesOf(request), finalizeUrl, csrDer: request.csr, timeoutMs },
      signal,
    );
  } catch (thrown) {
    if (signal.aborted || !(thrown instanceof AcmeFailure)) throw thrown;
    return afterRefusedFinalize(run, sent, thrown);
  }
  const { status } = order.shown;
  if (status === 'valid') return download(run, sent, order);
  if (status === 'invalid') return invalid(run, sent, order);
  return { outcome: pendingUntil(run, sent, order) };
}

/** What came of it is read from the order, whatever the CA said: some refuse what they have issued (cert-manager#7493). */
async function afterRefusedFinalize(run: Run, row: AcmeUpstreamOrder, failure: AcmeFailure): Promise<Step> {
  const { context } = run;
  const verdict = verdictOn(failure.failed);
  if (failure.failed.kind !== 'refused' || verdict.kind !== 'readOrderAgain' || verdict.isFault) {
    return afterFailure(context, row, { failure, verdict });
  }
  const refused: AcmeUpstreamOrder = {
    ...row,
    finalizeRefusals: row.finalizeRefusals + 1,
    lastProblem: verdict.text,
  };
  await keep(context, refused);
  const order = await readOrder(run, refused);
  const { status } = order.shown;
  if (status === 'valid') return download(run, refused, order);
  if (status === 'invalid') return invalid(run, refused, order);
  const isStill = status === 'ready' && failure.failed.type !== `${acmeUrn}orderNotReady`;
  if (isStill && refused.finalizeRefusals >= mostRefusals) {
    return { outcome: { kind: 'refused', reason: reason('caRefused', { issuer: context.id, detail: verdict.text }) } };
  }
  return { outcome: pendingUntil(run, refused, order) };
}

/** The CA has decided: a validation failed, or it issues nothing for the CSR. */
async function invalid(run: Run, row: AcmeUpstreamOrder, { shown }: AcmeAnswer<SeenOrder>): Promise<Step> {
  const { context } = run;
  const isExpired = isPast(run, row);
  if (row.finalizedAt === null) {
    // Which of the names it was is in their authorizations, and not always in the order.
    const refusal = await refusalOfNames(run, row, { needsError: isExpired });
    if (refusal !== undefined) return refusal;
    // The CA did not look for its proof: another order that had it as well was given up, or it ran out.
    const lost = await lostAuthorization(run, row);
    if (lost !== undefined) return endOrder(context, row, lost);
    if (shown.error === null) return endOrder(context, row, 'the order is invalid');
  }
  // Nobody refused anything: it was not finalized in time, or its CSR was not taken in time.
  if (isExpired) return endOrder(context, row, 'it expired');
  const verdict = shown.error === null ? undefined : verdictOnShown(shown.error);
  await keepWithoutProofs(context, { ...row, lastProblem: verdict?.text ?? null });
  const detail = verdict?.text || 'the order is invalid, and it says no more';
  const refused = { kind: 'refused', reason: reason('caRefused', { issuer: context.id, detail }) } as const;
  const mayPass = row.finalizedAt === null && verdict?.mayFailOver !== false;
  return { outcome: mayPass ? { ...refused, isBeforeFinalize: true } : refused };
}

/** @throws the failure where it may pass */
async function afterFailure(
  context: AcmeIssuerContext,
  row: AcmeUpstreamOrder,
  { failure, verdict }: { readonly failure: AcmeFailure; readonly verdict: Verdict },
): Promise<Step> {
  const { finalizedAt } = row;
  const orderUrl = row.step === 'order' ? null : row.orderUrl;
  switch (verdict.kind) {
    case 'retry':
      if (verdict.notBefore === null || verdict.isFault) throw failure;
      return { outcome: { kind: 'pending', reference: orderUrl, retryAt: verdict.notBefore } };
    case 'withoutReplaces':
      return keep(context, { ...row, replaces: null, lastProblem: verdict.text });
    case 'profileGone':
      if (context.profile?.isMandatory === false)
        return keep(context, { ...row, profile: null, lastProblem: verdict.text });
      return { outcome: lacksProfile(context, row, verdict.text) };
    case 'orderGone':
      if (finalizedAt === null) return endOrder(context, row, verdict.text);
      if (context.clock.now().getTime() - finalizedAt.getTime() > goneMs) return endOrder(context, row, verdict.text);
      return {
        outcome: waitForOperator(
          context,
          orderUrl,
          reason('caOrderGone', { issuer: context.id, order: orderUrl ?? '' }),
          new Date(context.clock.now().getTime() + goneMs),
        ),
      };
    case 'orderHidden': {
      if (finalizedAt === null) return endOrder(context, row, verdict.text);
      const hidden = reason('caHidesOrder', { issuer: context.id, order: orderUrl ?? '', detail: verdict.text });
      const at = retryAfter(context, { since: finalizedAt, asked: verdict.notBefore });
      return { outcome: waitForOperator(context, orderUrl, hidden, at) };
    }
    case 'readOrderAgain':
    case 'alreadyDone': {
      // Only the order knows. A call that was refused at once must not be made again at once.
      await keep(context, { ...row, lastProblem: verdict.text });
      if (verdict.isFault) throw failure;
      const since = finalizedAt ?? row.respondedTo[0]?.at ?? row.placedAt ?? context.clock.now();
      const retryAt = retryAfter(context, { since, asked: verdict.notBefore });
      return { outcome: { kind: 'pending', reference: orderUrl, retryAt } };
    }
    default: {
      if (verdict.kind === 'refused') await keepWithoutProofs(context, { ...row, lastProblem: verdict.text });
      const isUntaken = row.step === 'order';
      return { outcome: outcomeOf(context, verdict, { orderUrl, isFinalized: finalizedAt !== null, isUntaken }) };
    }
  }
}
