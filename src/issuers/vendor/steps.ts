/**
 * An issuance at a vendor, step by step: it is bought, searched for where the reply was lost, and looked at until it is issued. Each step is
 * stored before the request that could buy anything.
 */
import { CertError, type Reason, reason } from '../../domain/errors.ts';
import type { RelayOutcome, UpstreamOutcome, UpstreamRequest } from '../../domain/ports/issuer.ts';
import type { VendorAnswer } from '../../domain/ports/upstream.ts';
import { UpstreamFailure } from '../../domain/upstream-failure.ts';
import type { VendorOrder, VendorReference } from '../../domain/vendor-order.ts';
import type { VendorIssuerContext } from './context.ts';
import { boughtRow, keepBought, move, owes, RowMoved } from './kept-row.ts';
import { nextLook, operatorWaits, outcomeOf, waitsFor } from './outcome.ts';
import { purchaseOf } from './purchase.ts';
import { addressOf, objectionToAsking } from './whereabouts.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** What is given up, and cannot be cancelled, is looked at for so long: nobody proves its names any more. */
const givenUpDays = 30;

export interface Step {
  readonly request: UpstreamRequest;
  readonly row: VendorOrder;
  /** The core asks for proofs, and is told once they are accepted. */
  readonly isRelaying: boolean;
  /** Why nothing may be bought before the operator has decided. */
  readonly objection?: Reason;
}

/** The row of an issuance, which is made where there is none. @param isNew a pool has chosen the issuer */
export type StepFor = (request: UpstreamRequest, isRelaying: boolean, isNew?: boolean) => Promise<Step>;

/** Where the row is at another step by now, such as by the operator's word, nothing further is sent: it is looked at again at once. */
export async function driveOrder(context: VendorIssuerContext, step: Step, signal: AbortSignal): Promise<RelayOutcome> {
  try {
    return await nextStep(context, step, signal);
  } catch (thrown) {
    if (!(thrown instanceof RowMoved)) throw thrown;
    return { kind: 'pending', reference: step.row.reference?.order ?? null, retryAt: context.clock.now() };
  }
}

async function nextStep(context: VendorIssuerContext, step: Step, signal: AbortSignal): Promise<RelayOutcome> {
  const { request, row } = step;
  const isWanted = request.isGivenUp !== true;
  const objection = (isWanted ? step.objection : undefined) ?? objectionToAsking(context, row);
  if (objection !== undefined) return operatorWaits(context, row, objection);
  switch (row.step) {
    case 'waiting':
      return begin(context, step, signal);
    case 'sent':
      return search(context, step, signal);
    case 'bought':
      return look(context, step, signal);
    case 'over': {
      const detail = row.words ?? 'over';
      return { kind: 'refused', reason: reason('issuerRefused', { issuer: context.id, detail }) };
    }
    default:
      throw new Error(`the order of issuance ${request.issuanceId} is ${String(row.step satisfies never)}`);
  }
}

/** The vendor that looks for the proofs first is asked before anything is bought. */
async function begin(context: VendorIssuerContext, step: Step, signal: AbortSignal): Promise<RelayOutcome> {
  const { request, row } = step;
  const { id: issuer, upstream, clock } = context;
  if (request.isGivenUp === true) return givenUp(context, row);
  if (!upstream.manners.provesFirst || upstream.proofs === undefined) return buy(context, step, signal);
  try {
    const names = await upstream.proofs(request.names, signal);
    if (names.every(({ isProved }) => isProved === true)) return await buy(context, step, signal);
    const expiresAt = new Date(clock.now().getTime() + givenUpDays * dayMs);
    return { kind: 'proofs', reference: null, names, expiresAt, retryAt: nextLook(context, row) };
  } catch (thrown) {
    if (!(thrown instanceof UpstreamFailure)) throw thrown;
    if (thrown.kind === 'refused' || thrown.kind === 'absent' || thrown.kind === 'wrongState') {
      await move(context, row, { ...row, step: 'over', words: thrown.message });
      return { kind: 'refused', reason: reason('issuerRefused', { issuer, detail: thrown.message }), isUntaken: true };
    }
    return afterFailure(context, row, thrown);
  }
}

async function givenUp(context: VendorIssuerContext, row: VendorOrder): Promise<UpstreamOutcome> {
  await move(context, row, { ...row, step: 'over' });
  return { kind: 'refused', reason: reason('caGivenUp', { issuer: context.id }), isUntaken: true };
}

async function buy(context: VendorIssuerContext, step: Step, signal: AbortSignal): Promise<RelayOutcome> {
  const { request, row } = step;
  const purchase = purchaseOf(context, request, row);
  if ('lacking' in purchase) return operatorWaits(context, row, purchase.lacking);
  const sentAt = context.clock.now();
  const sent: VendorOrder = { ...row, ...addressOf(context), step: 'sent', product: purchase.product, sentAt };
  await move(context, row, sent);
  try {
    return await keep(context, { ...step, row: sent }, await context.upstream.place(purchase, signal));
  } catch (thrown) {
    if (!(thrown instanceof UpstreamFailure)) throw thrown;
    return afterPlacing(context, { sent, failure: thrown }, signal);
  }
}

/** It was not bought, unless nobody knows. */
async function afterPlacing(
  context: VendorIssuerContext,
  { sent, failure }: { readonly sent: VendorOrder; readonly failure: UpstreamFailure },
  signal: AbortSignal,
): Promise<UpstreamOutcome> {
  const { id: issuer, mode, clock } = context;
  const { kind, message: detail } = failure;
  if (kind === 'away' && failure.isSent) throw failure;
  const waiting: VendorOrder = { ...sent, step: 'waiting', sentAt: null, words: detail };
  await move(context, sent, waiting);
  if (kind === 'refused' || kind === 'absent' || kind === 'wrongState') {
    const isOver = sent.of !== null && (kind === 'absent' || !(await serves(context, sent.of, signal)));
    if (isOver) {
      await move(context, waiting, { ...waiting, kind: 'new', of: null, coverageUntil: null });
      return { kind: 'pending', reference: null, retryAt: clock.now() };
    }
  }
  if (kind === 'refused') {
    await move(context, waiting, { ...waiting, step: 'over' });
    const why = reason('issuerRefused', { issuer, detail });
    return { kind: 'refused', reason: why, isBeforeFinalize: true, isUntaken: true };
  }
  if (kind === 'absent' || kind === 'wrongState') {
    const turn = mode === 'signfile' ? 'customer' : 'operator';
    const retryAt = new Date(clock.now().getTime() + 10 * minuteMs);
    return waitsFor(context, waiting, { turn, reason: reason('issuerRefused', { issuer, detail }) }, retryAt);
  }
  return afterFailure(context, waiting, failure);
}

/** Whether the order that this was to be part of, or to follow, is of use yet: what was revoked, refunded or is over there is bought anew. */
async function serves({ upstream }: VendorIssuerContext, of: VendorReference, signal: AbortSignal): Promise<boolean> {
  try {
    return (await upstream.serves?.(of, signal)) ?? true;
  } catch (thrown) {
    if (!(thrown instanceof UpstreamFailure) || thrown.kind === 'away') throw thrown;
    return thrown.kind !== 'absent';
  }
}

/** For failures that say nothing of the order. A pool may go on where nothing was taken. */
export function afterFailure(
  context: VendorIssuerContext,
  row: VendorOrder,
  failure: UpstreamFailure,
): UpstreamOutcome {
  const { kind, message: words, retryAt: named } = failure;
  const { id: issuer, mode, clock } = context;
  const retryAt = named ?? new Date(clock.now().getTime() + hourMs);
  const isFree = mode !== 'relay' && row.step === 'waiting';
  switch (kind) {
    case 'limited': {
      const until = named ?? new Date(clock.now().getTime() + minuteMs);
      if (!isFree) return { kind: 'pending', reference: row.reference?.order ?? null, retryAt: until };
      const limit = reason('upstreamLimit', { issuer, until: until.toISOString(), detail: words });
      return { kind: 'notTaken', reason: limit, retryAt: until, isLimit: true };
    }
    case 'credentials':
    case 'balance': {
      const key = kind === 'balance' ? 'vendorBalanceEmpty' : 'vendorRefusesUs';
      const why = reason(key, { issuer, words });
      return isFree ? { kind: 'notTaken', reason: why, retryAt } : operatorWaits(context, row, why, retryAt);
    }
    default:
      throw failure;
  }
}

/** A purchase whose reply was lost. */
async function search(context: VendorIssuerContext, step: Step, signal: AbortSignal): Promise<RelayOutcome> {
  const { request, row } = step;
  const { id: issuer, upstream, clock } = context;
  const { find, manners } = upstream;
  const { lostPurchases, settlesSeconds } = manners;
  const sentAt = row.sentAt ?? clock.now();
  if (lostPurchases === 'never' || find === undefined) {
    const why = { issuer, sentAt: sentAt.toISOString(), issuance: request.issuanceId };
    const wait = operatorWaits(context, row, reason('vendorReplyLost', why));
    if (request.isGivenUp !== true) return wait;
    // Only the operator can tell, who wakes it.
    const retryAt = new Date(clock.now().getTime() + dayMs);
    return { kind: 'unclear', detail: 'its reply was lost', reference: null, retryAt };
  }
  const purchase = purchaseOf(context, request, row);
  if ('lacking' in purchase) return operatorWaits(context, row, purchase.lacking);
  const found = await calling(context, row, () => find({ ...purchase, sentAt }, signal));
  if (isOutcome(found)) return found;
  if (found !== 'absent') return keep(context, step, found);
  const settledAt = new Date(sentAt.getTime() + settlesSeconds * 1000);
  if (clock.now() < settledAt) return { kind: 'pending', reference: null, retryAt: settledAt };
  if (request.isGivenUp === true) return givenUp(context, row);
  const waiting: VendorOrder = { ...row, step: 'waiting', sentAt: null };
  await move(context, row, waiting);
  return begin(context, { ...step, row: waiting }, signal);
}

async function look(context: VendorIssuerContext, step: Step, signal: AbortSignal): Promise<RelayOutcome> {
  const { request, row } = step;
  const { id: issuer, upstream, clock } = context;
  const { reference } = row;
  if (reference === null) throw new Error(`the order of issuance ${request.issuanceId} has no number at the vendor`);
  const purchase = purchaseOf(context, request, row);
  if ('lacking' in purchase) return operatorWaits(context, row, purchase.lacking);
  const answer = await calling(context, row, () => upstream.state(reference, purchase, signal));
  const isLongAgo = clock.now().getTime() - (row.sentAt?.getTime() ?? 0) >= givenUpDays * dayMs;
  if (isOutcome(answer)) {
    const isGone = answer.kind === 'pending' && answer.waits?.reason.key === 'vendorOrderGone';
    if (request.isGivenUp !== true || !isGone || !isLongAgo) return answer;
    await move(context, row, { ...row, step: 'over' });
    return { kind: 'refused', reason: reason('caGivenUp', { issuer }) };
  }
  const outcome = await keep(context, step, answer);
  if (request.isGivenUp !== true || (outcome.kind !== 'proofs' && outcome.kind !== 'pending')) return outcome;
  if (!isLongAgo) return { kind: 'pending', reference: reference.order, retryAt: nextLook(context, row) };
  await move(context, row, { ...row, step: 'over', words: answer.words });
  return { kind: 'refused', reason: reason('caGivenUp', { issuer }) };
}

/** A call about an order that is there, or may be. */
async function calling<T>(
  context: VendorIssuerContext,
  row: VendorOrder,
  call: () => Promise<T>,
): Promise<T | UpstreamOutcome> {
  const { id: issuer } = context;
  try {
    return await call();
  } catch (thrown) {
    if (!(thrown instanceof UpstreamFailure)) throw thrown;
    const { kind, message: words } = thrown;
    if (kind === 'limited' || kind === 'credentials' || kind === 'balance' || kind === 'away') {
      return afterFailure(context, row, thrown);
    }
    const order = row.reference?.order ?? '–';
    return operatorWaits(context, row, reason('vendorOrderGone', { issuer, order, words }));
  }
}

function isOutcome(found: object | string): found is UpstreamOutcome {
  return typeof found === 'object' && 'kind' in found;
}

/** Keeps how the vendor names it and what it costs, before anything follows from its answer. */
export async function keep(context: VendorIssuerContext, step: Step, answer: VendorAnswer): Promise<RelayOutcome> {
  const { row, isRelaying } = step;
  const bought = boughtRow(context, row, answer);
  if (JSON.stringify(bought) !== JSON.stringify(row)) {
    const isOwed = owes(context, row, answer);
    const taken = await context.rows
      .write((tx) => keepBought(context, tx, step, { bought, isOwed }))
      .catch((thrown: unknown) => {
        if (!(thrown instanceof CertError)) throw thrown;
        return thrown.reason;
      });
    // Two issuances must not share an order: to cancel one would be to cancel the other.
    if (taken !== undefined) return operatorWaits(context, row, taken);
  }
  const outcome = outcomeOf(context, { answer, row: bought, isRelaying });
  if (outcome.kind !== 'issued' || !(await isOfBefore(context, step, outcome.der))) return outcome;
  return { kind: 'pending', reference: outcome.reference, retryAt: nextLook(context, bought) };
}

/** An order that is reissued may show its last certificate until there is the new one: with the CSR of before nothing else tells them apart. */
async function isOfBefore(
  { rows: { read } }: VendorIssuerContext,
  { request: { ordered }, row }: Step,
  der: Uint8Array,
): Promise<boolean> {
  if (row.kind === 'new') return false;
  for (const id of [...ordered.earlier, ...ordered.renewed]) {
    const certificateId = (await read.issuances.get(id))?.certificateId ?? null;
    const before = certificateId === null ? undefined : await read.certificates.get(certificateId);
    if (before !== undefined && Buffer.compare(before.der, der) === 0) return true;
  }
  return false;
}
