/** Keeps what an upstream answered, and what follows from it for the issuance. Decides on the rows as they are by then. */
import { type Reason, reason, renderReason } from '../../domain/errors.ts';
import { type IssuanceId, nextId } from '../../domain/ids.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import type { UpstreamIssuer } from '../../domain/ports/issuer.ts';
import type { JobOutcome } from '../../domain/ports/jobs.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { statesAccepting, upstreamOrderTransitions } from '../../domain/states.ts';
import type { UpstreamOrder } from '../../domain/upstream-order.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { keyHashOf } from '../../pki/csr.ts';
import type { AppContext } from '../context.ts';
import { earlierOf } from '../orders/coverage.ts';
import { recordChange } from '../orders/order-event.ts';
import { arrivedKeyOf, noteMadeKey, storedKey } from '../orders/subscriber-key.ts';
import { failIssuance } from './failure.ts';
import { forgetWish, hasWish, keepAccepted, keepMethodRefusal, keepProofs } from './relay-answer.ts';
import { keepRemoval, keepRemovalRefusal } from './relay-removal.ts';
import { restIssuance } from './rest.ts';
import { type IssuedContent, storeCertificate, storeWithheld } from './store-certificate.ts';
import { giveBack, spendOnFailures } from './upstream-budgets.ts';
import { passOver } from './upstream-choice.ts';
import { deferDeadline } from './upstream-deadline.ts';
import { loseIfOverdue } from './upstream-end.ts';
import { type Examination, examine } from './upstream-examination.ts';
import { noteAnswer, noteLimit } from './upstream-gate.ts';
import type { UpstreamAnswer, UpstreamCall } from './upstream-request.ts';

interface Rows {
  readonly order: Order;
  readonly issuance: Issuance;
  readonly upstreamOrder: UpstreamOrder;
}

/** An upstream that names a time in the past, or none soon, is polled after these at the earliest and latest. */
const soonestMs = 1000;
const latestMs = 8 * 86_400_000;
const overdueMs = 3_600_000;

export async function keepAnswer(
  context: AppContext,
  issuer: UpstreamIssuer,
  id: IssuanceId,
  { answer, step }: Answered,
): Promise<JobOutcome> {
  const { database, queue } = context;
  // Neither key nor names change while an upstream has the order.
  const issuance = answer.kind === 'issued' ? await database.read.issuances.get(id) : undefined;
  const examined =
    answer.kind === 'issued' && issuance !== undefined
      ? await examineWithKey(context, issuer, issuance, answer)
      : undefined;
  const outcome = await database.write(async (tx): Promise<JobOutcome> => {
    if (answer.kind !== 'notTaken' || answer.isLimit !== true) await noteAnswer(context, tx, issuer.upstream);
    const rows = await rowsOf(tx, id);
    if (rows === undefined) return { kind: 'done' };
    const reference = 'reference' in answer ? answer.reference : null;
    if (reference !== rows.upstreamOrder.reference || rows.upstreamOrder.faults > 0) {
      await tx.upstreamOrders.updateReference(id, reference);
    }
    return follow(context, tx, rows, { issuer, answer, step, examined });
  });
  queue.wake();
  if (examined !== undefined) await countIssued(context, id);
  return outcome;
}

/** What came, with the key that came with it, where the upstream makes keys. Verifies signatures: not inside a transaction. */
interface Examined {
  readonly examination: Examination;
  readonly key: Awaited<ReturnType<typeof arrivedKeyOf>> | undefined;
}

async function examineWithKey(
  context: AppContext,
  { id: issuerId, makesKeys }: UpstreamIssuer,
  issuance: Issuance,
  answer: Extract<UpstreamAnswer, { readonly kind: 'issued' }>,
): Promise<Examined> {
  const now = context.clock.now();
  const { privateKey } = answer;
  if (makesKeys !== true) return { examination: await examine(issuance, answer, now), key: undefined };
  const key = privateKey && (await arrivedKeyOf(context, privateKey, issuance));
  const examination = await examine({ ...issuance, csr: key?.csr ?? null }, answer, now);
  if (examination.content === undefined) return { examination, key: undefined };
  const isFit = key !== undefined && keyHashOf(key.csr) === examination.content.keyHash;
  if (isFit) return { examination, key };
  const detail = { fault: key === undefined ? 'noKeyCame' : 'anotherKeyCame' } as const;
  const misfit = reason('certificateUnfit', { issuer: issuerId, detail });
  return { examination: { ...examination, misfit }, key: undefined };
}

/** By what is stored: the transaction may have run more than once, and may have refused or withheld it. */
async function countIssued({ database: { read }, clock, meter }: AppContext, id: IssuanceId): Promise<void> {
  const order = await read.upstreamOrders.get(id);
  if (order?.state === 'issued') meter.issued(order.issuerId, clock.now().getTime() - order.begunAt.getTime());
}

/** An answer, and the call that it is to. */
interface Answered {
  readonly answer: UpstreamAnswer;
  readonly step: Pick<UpstreamCall, 'call' | 'passedOn' | 'isHeld'>;
}

async function rowsOf(tx: Stores, id: IssuanceId): Promise<Rows | undefined> {
  const issuance = await tx.issuances.get(id);
  const upstreamOrder = await tx.upstreamOrders.get(id);
  const order = issuance && (await tx.orders.get(issuance.orderId));
  return issuance && order && upstreamOrder && { order, issuance, upstreamOrder };
}

async function follow(
  context: AppContext,
  tx: Stores,
  rows: Rows,
  {
    issuer,
    answer,
    step,
    examined,
  }: Answered & {
    readonly issuer: UpstreamIssuer;
    readonly examined: Examined | undefined;
  },
): Promise<JobOutcome> {
  const { order, issuance, upstreamOrder } = rows;
  const endedAt = context.clock.now();
  switch (answer.kind) {
    case 'pending': {
      const { rest } = issuance;
      // One that is given up waits for nobody.
      if (answer.waits !== undefined && upstreamOrder.state !== 'cancelling') {
        const { turn, reason: why, limitedUntil } = answer.waits;
        const waiting =
          limitedUntil === undefined ? upstreamOrder : await defer(context, tx, rows, { issuer, until: limitedUntil });
        const at = await restIssuance(context, tx, { order, issuance, turn, reason: why });
        return at === undefined
          ? { kind: 'done' }
          : again(context, { ...rows, upstreamOrder: waiting }, answer.retryAt, limitedUntil);
      }
      // It rests for nobody, and the operator sees why it is not over.
      if (answer.waits !== undefined) await noteWait(tx, upstreamOrder, renderReason(answer.waits.reason, 'en'));
      // The operator still sees that it is late.
      const isOver = rest !== null && rest.reason.key !== 'upstreamOverdue' && step.isHeld !== true;
      if (isOver) await tx.issuances.updateRest(issuance.id, null);
      // It has the order. What it wants to find may be known by now.
      const isPrepared = step.call === 'begin' && upstreamOrder.state === 'preparing';
      if (step.passedOn !== undefined) await forgetWish(tx, upstreamOrder, step.passedOn, endedAt);
      return isPrepared
        ? { kind: 'again', at: endedAt }
        : again(context, rows, answer.retryAt, answer.waits?.limitedUntil);
    }
    case 'proofs': {
      await keepProofs(context, tx, rows, { wanted: answer, ...step });
      const { expiresAt, retryAt } = answer;
      // New ones are fetched when these run out, at the latest.
      const isNext = step.isHeld !== true && (await hasWish(tx, issuance));
      return isNext ? { kind: 'again', at: endedAt } : again(context, rows, earlierOf(expiresAt, retryAt));
    }
    case 'accepted': {
      const isKept = await keepAccepted(context, tx, rows, issuer);
      return isKept ? again(context, rows, answer.retryAt) : { kind: 'again', at: endedAt };
    }
    case 'methodRefused':
      await keepMethodRefusal(context, tx, rows, { refused: answer, passedOn: step.passedOn });
      return { kind: 'again', at: endedAt };
    case 'nameRemoved':
      await keepRemoval(context, tx, rows, step.passedOn);
      return { kind: 'again', at: endedAt };
    case 'nameKept':
      await keepRemovalRefusal(context, tx, rows, { refused: answer, passedOn: step.passedOn });
      return { kind: 'again', at: endedAt };
    case 'notPassedOn':
      return again(context, rows, answer.retryAt, answer.retryAt);
    case 'unclear': {
      if (upstreamOrder.state === 'cancelling') await noteWait(tx, upstreamOrder, answer.detail);
      if (await loseIfOverdue(context, tx, { ...upstreamOrder, lastFault: answer.detail })) return { kind: 'done' };
      const { issuerId } = issuance;
      const unclear = reason('upstreamUnclear', { issuer: issuerId, detail: answer.detail });
      if (issuance.state === 'issuing' || issuance.state === 'awaitingValidation') {
        await restIssuance(context, tx, { order, issuance, turn: 'operator', reason: unclear });
      }
      return again(context, rows, answer.retryAt);
    }
    case 'notTaken': {
      const { reason: why, retryAt, isLimit } = answer;
      const limit = { limit: renderReason(why, 'en'), until: retryAt };
      if (isLimit === true) await noteLimit(context, tx, issuer.upstream, limit);
      if (await passOver(context, tx, { issuance, upstreamOrder }, { reason: why, until: retryAt })) {
        await giveBack(tx, issuer.upstream, issuance.id, ['order', 'certificate']);
        return { kind: 'done' };
      }
      // The same one is asked again, and stays counted.
      const waiting = isLimit === true ? await defer(context, tx, rows, { issuer, until: retryAt }) : upstreamOrder;
      if (issuance.state === 'issuing') {
        await restIssuance(context, tx, { order, issuance, turn: 'operator', reason: why });
      }
      return again(context, { ...rows, upstreamOrder: waiting }, retryAt, isLimit === true ? retryAt : undefined);
    }
    case 'refused': {
      const failed = issuance.names.flatMap(({ identifier }) =>
        answer.failedValidations?.includes(identifier.value) === true ? [identifier] : [],
      );
      await spendOnFailures(context, tx, issuer.upstream, { issuanceId: issuance.id, names: failed });
      const unused = answer.isUntaken === true ? (['order', 'certificate'] as const) : (['certificate'] as const);
      await giveBack(tx, issuer.upstream, issuance.id, unused);
      const isLeft =
        answer.isBeforeFinalize === true &&
        (await passOver(context, tx, { issuance, upstreamOrder }, { reason: answer.reason, until: null }));
      if (isLeft) return { kind: 'done' };
      const from = statesAccepting(upstreamOrderTransitions, 'refuse');
      if (!(await tx.upstreamOrders.move(issuance.id, from, 'refused', { endedAt }))) return { kind: 'done' };
      await failIssuance(context, tx, issuance, answer.reason);
      return { kind: 'done' };
    }
    case 'cancelled': {
      const from = statesAccepting(upstreamOrderTransitions, 'cancel');
      const isNoted = await tx.upstreamOrders.move(issuance.id, from, 'cancelled', { endedAt });
      if (isNoted) await recordChange(tx, null, 'upstream.cancelled', order, { now: endedAt, issuance: issuance.id });
      return { kind: 'done' };
    }
    case 'issued':
      if (examined !== undefined) await keepCertificate(context, tx, { ...rows, issuer }, examined);
      return { kind: 'done' };
  }
}

async function noteWait(tx: Stores, { issuanceId, lastFault }: UpstreamOrder, words: string): Promise<void> {
  if (words !== lastFault) await tx.upstreamOrders.updateFault(issuanceId, words);
}

function defer(
  context: AppContext,
  tx: Stores,
  rows: Rows,
  { issuer, until }: { readonly issuer: UpstreamIssuer; readonly until: Date },
): Promise<UpstreamOrder> {
  return deferDeadline(context, tx, rows, { until, deadlineHours: issuer.upstream.deadlineHours });
}

/**
 * Not before its time, and not so late that a deadline would be missed.
 * @param limitedUntil the end of a limit, as the upstream named it: who asks sooner is limited for longer
 */
function again({ clock }: AppContext, { upstreamOrder }: Rows, retryAt: Date, limitedUntil?: Date): JobOutcome {
  const nowMs = clock.now().getTime();
  const deadlineMs = upstreamOrder.deadline.getTime();
  const isLate = deadlineMs <= nowMs;
  const soonest = nowMs + (isLate ? overdueMs : soonestMs);
  const furthestMs = Math.max(nowMs + latestMs, limitedUntil?.getTime() ?? 0);
  const latest = isLate || upstreamOrder.state === 'cancelling' ? furthestMs : Math.min(deadlineMs, furthestMs);
  return { kind: 'again', at: new Date(Math.max(soonest, Math.min(retryAt.getTime(), latest))) };
}

/** Delivered, withheld, or refused and kept as evidence. */
async function keepCertificate(
  context: AppContext,
  tx: Stores,
  { issuer, ...rows }: Rows & { readonly issuer: UpstreamIssuer },
  { examination: examined, key }: Examined,
): Promise<void> {
  const { order, issuance } = rows;
  const now = context.clock.now();
  if (examined.content === undefined) {
    await refuseCertificate(context, tx, rows, examined);
    return;
  }
  const { content } = examined;
  const misfit = examined.misfit ?? (await objectionToHolder(tx, issuance, content));
  if (misfit !== undefined) {
    await refuseCertificate(context, tx, rows, { der: examined.der, chain: examined.chain, misfit });
    return;
  }
  const account = await tx.accounts.get(order.accountId);
  if (account?.state !== 'active') await failIssuance(context, tx, issuance, reason('accountSuspended', {}));
  // It was issued before we learned that its proofs were accepted.
  if (rows.upstreamOrder.relay !== null) await keepAccepted(context, tx, rows, issuer);
  if (key !== undefined) await takeKey(context, tx, key);
  const certificateId = await nextId('certificate', context);
  // Whether its key is blocked is asked of the key that came, and not of the one that gave way.
  const certified = key === undefined ? issuance : { ...issuance, csr: key.csr, sealedKey: key.sealedKey };
  const stored = await storeCertificate(context, tx, { order, issuance: certified, certificateId, content });
  const isLate = stored === undefined;
  const event = isLate ? 'withhold' : 'issue';
  const to = isLate ? 'withheld' : 'issued';
  const from = statesAccepting(upstreamOrderTransitions, event);
  const isNoted = await tx.upstreamOrders.move(issuance.id, from, to, { endedAt: now });
  if (!isLate && !isNoted) throw new Error(`issuance ${issuance.id} is issuing without its upstream order`);
  // Also the second certificate of an order that has its first: the upstream answered twice, with another serial.
  if (isLate) await storeWithheld(context, tx, { order, issuance, content });
}

/** From now on the key of the issuance: whoever ordered it is handed this one. */
async function takeKey(context: AppContext, tx: Stores, key: NonNullable<Examined['key']>): Promise<void> {
  const sealedKey = storedKey(context, key);
  if (sealedKey === null) throw new Error(`the key of issuance ${key.issuanceId} was not sealed`);
  const isTaken = await tx.issuances.replaceKey(key.issuanceId, { csr: key.csr, sealedKey });
  if (!isTaken) throw new Error(`a key came for issuance ${key.issuanceId}, whose key is with the customer`);
  await noteMadeKey(tx, key);
}

/** Unique by issuer DN and serial (RFC 5280 §4.1.2.2), against our own authorities' as well, whose rows have no hash. */
async function objectionToHolder(tx: Stores, { id, issuerId }: Issuance, { serial, der }: IssuedContent) {
  const issuerDn = parseCertificate(der).issuer.der;
  for (const other of await tx.certificates.listBySerial(serial)) {
    if (!parseCertificate(other.der).issuer.der.equals(issuerDn)) continue;
    const fault = other.issuanceId === id ? 'storedAlready' : 'ofAnotherIssuance';
    return reason('certificateUnfit', { issuer: issuerId, detail: { fault, certificate: other.number } });
  }
  return undefined;
}

async function refuseCertificate(
  context: AppContext,
  tx: Stores,
  { order, issuance }: Rows,
  { der, chain, misfit: unfit }: Pick<Examination, 'der' | 'chain'> & { readonly misfit: Reason },
): Promise<void> {
  const now = context.clock.now();
  const from = statesAccepting(upstreamOrderTransitions, 'misfit');
  const evidence = { der, chain, reason: unfit, at: now };
  if (!(await tx.upstreamOrders.move(issuance.id, from, 'unfit', { endedAt: now, evidence }))) return;
  await recordChange(tx, null, 'certificate.unfit', order, { now, issuance: issuance.id, reason: unfit });
  await failIssuance(context, tx, issuance, unfit);
}
