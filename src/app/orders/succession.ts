/**
 * Automatic successors: certificates follow each other as long as an order's coverage lasts, and an order that renews
 * itself is followed by the next. Decision 0010. Both jobs look at what is there when they run, and may run at any time.
 */

import type { Authorization } from '../../domain/authorization.ts';
import type { NameChoice } from '../../domain/challenge.ts';
import { CertError, refuse, renderReason } from '../../domain/errors.ts';
import type { Identifier } from '../../domain/identifier.ts';
import { isId } from '../../domain/ids.ts';
import type { Issuance } from '../../domain/issuance.ts';
import { type Order, reissueDue, renewalDue, stateAt } from '../../domain/order.ts';
import type { RelayingIssuer } from '../../domain/ports/issuer.ts';
import type { JobHandler, JobOutcome } from '../../domain/ports/jobs.ts';
import type { OrderView, Proofs } from '../../domain/ports/orders.ts';
import type { ProofMaker } from '../../domain/ports/proof-maker.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { periodsOf } from '../../domain/product.ts';
import { productCodeOf } from '../../domain/product-code.ts';
import type { AppContext } from '../context.ts';
import { isUnderWay } from '../issuing/end-issuance.ts';
import { orderedFrom } from '../issuing/ordered-from.ts';
import { relayingIssuerOf } from '../issuing/relay.ts';
import { renewalAt } from '../issuing/renewal-info.ts';
import { chosenAddress } from '../proving/confirmation-request.ts';
import { offersDelegation } from '../proving/delegation.ts';
import { newestIssuance } from '../scope.ts';
import { noteRefusedRenewal } from '../watching/refused-renewals.ts';
import { dayMs, earlierOf, laterOf } from './coverage.ts';
import { completedValues } from './custom-values.ts';
import { earliestReissue } from './early-reissue.ts';
import { recordChange } from './order-event.ts';
import { checkNames } from './order-request.ts';
import { viewOrder } from './order-view.ts';
import { chargesOf, createNewWork, type OrderToPlace, place } from './place-order.ts';
import { insertReissue, lastIssued, termsOf } from './reissue-order.ts';
import { keyOfNewOrder, sameKeyAs, subscriberKeyOf } from './subscriber-key.ts';

const hourMs = 3_600_000;

/** The context of a job of an order; undefined where the order is over. */
async function lookAt(context: AppContext, subject: string) {
  const { read } = context.database;
  const order = isId('order', subject) ? await read.orders.get(subject) : undefined;
  if (order === undefined || !['open', 'active'].includes(stateAt(order, context.clock.now()))) return undefined;
  const last = await lastIssued(read, order);
  const terms = await termsOf(context, read, order, null);
  const proofMaker = context.proofMakers.get(order.dialect);
  // A suspended account orders nothing, and a dialect that is not open can say nothing: both may change.
  const isPossible = order.state === 'active' && terms.account.state === 'active';
  return {
    order,
    last,
    terms,
    proofMaker: isPossible && proofMaker?.nextProofs !== undefined ? proofMaker : undefined,
  };
}

/** Begins a reissue with the same names and key, when it is time for it. Costs nothing: the coverage was paid for. */
export function createReissueHandler(context: AppContext): JobHandler {
  const { database, clock, clockGuard } = context;
  return async ({ subject }): Promise<JobOutcome> => {
    const now = clock.now();
    const again = (ms: number): JobOutcome => ({ kind: 'again', at: new Date(now.getTime() + ms) });
    // By a clock that is wrong nothing begins, and nothing is over.
    if (clockGuard.fault() !== undefined) return again(hourMs);
    const found = await lookAt(context, subject);
    if (found === undefined) return { kind: 'done' };
    const { order, last, terms, proofMaker } = found;
    const certificate = last?.certificateId ? await database.read.certificates.get(last.certificateId) : undefined;
    const newest = await database.read.issuances.get(order.issuanceId);
    // A certificate that somebody revoked is not made again behind their back; a reissue by hand queues this again.
    if (last === undefined || newest === undefined || certificate?.state !== 'valid') return { kind: 'done' };
    const { coverageUntil } = order;
    const planned = coverageUntil && reissueDue(certificate, { coverageUntil, validity: last.validity });
    if (!planned) return { kind: 'done' };
    const { due: suggested, lookAt: nextLook } = await renewalAt(context, { certificate, planned });
    const isEarly = suggested < planned && suggested <= now;
    const due = isEarly
      ? laterOf(suggested, await earliestReissue(database.read, { last, certificate, coverageUntil }))
      : suggested;
    // One that failed is tried again a day later.
    const earliestMs =
      newest.id === last.id ? due.getTime() : Math.max(due.getTime(), newest.createdAt.getTime() + dayMs);
    if (earliestMs > now.getTime()) return { kind: 'again', at: earlierOf(new Date(earliestMs), nextLook) };
    if (isUnderWay(newest)) return again(hourMs);
    if (proofMaker === undefined) return again(hourMs);

    const names = last.names.map(({ identifier }) => identifier);
    const refusal = await refusalOf(async () => {
      checkNames(context, terms, names);
      const key = await subscriberKeyOf(context, sameKeyAs(last), { names, profile: terms.profile });
      const proofs = await proofsOf(context, { order, last, csr: key.csr, proofMaker });
      await database.write(async (tx) => {
        const current = await newestIssuance(tx, order);
        // Somebody was faster, or ended it.
        if (current.issuance.id !== newest.id || stateAt(current.order, now) !== 'active') return undefined;
        if ((await tx.certificates.get(certificate.id))?.state !== 'valid') return undefined;
        const request = { ...proofs, names, validity: last.validity };
        return insertReissue(context, tx, null, {
          ...terms,
          order: current.order,
          before: last,
          request,
          key,
          chargedMinor: 0,
        });
      }, createNewWork(context).options);
    });
    if (refusal !== undefined) await recordRefusal(context, order, 'order.reissueFailed', refusal);
    return again(dayMs);
  };
}

/** Places the order that renews this one, when it is time for it: paid for as any other. */
export function createRenewHandler(context: AppContext): JobHandler {
  const { database, clock, clockGuard } = context;
  return async ({ subject }): Promise<JobOutcome> => {
    const now = clock.now();
    const again: JobOutcome = { kind: 'again', at: new Date(now.getTime() + dayMs) };
    if (clockGuard.fault() !== undefined) return { kind: 'again', at: new Date(now.getTime() + hourMs) };
    const found = await lookAt(context, subject);
    if (found === undefined) return { kind: 'done' };
    const { order, last, terms, proofMaker } = found;
    if (order.state === 'open') return again;
    const due = renewalDue(order);
    if (due === undefined || last === undefined) return { kind: 'done' };
    if (due > now) return { kind: 'again', at: due };
    // Nor is an order renewed whose certificate somebody revoked; a reissue by hand makes it one that is.
    if (!(await isLastValid(database.read, order))) return again;
    if (proofMaker === undefined) return again;

    const refusal = await refusalOf(async () => {
      const draft = await draftRenewal(context, { order, last, terms, proofMaker });
      await database.write(
        async (tx) => {
          const current = await tx.orders.getForUpdate(order.id);
          if (current === undefined || stateAt(current, now) !== 'active' || renewalDue(current) === undefined)
            return undefined;
          if (!(await isLastValid(tx, current))) return undefined;
          return place(context, tx, null, draft);
        },
        { ...chargesOf(draft), ...createNewWork(context).options },
      );
    });
    if (refusal === undefined) return { kind: 'done' };
    await recordRefusal(context, order, 'order.renewalFailed', refusal);
    return again;
  };
}

/** Reports whether the newest certificate of the order, duplicates aside, has not been revoked. */
async function isLastValid(stores: Stores, order: Order): Promise<boolean> {
  const certificateId = (await lastIssued(stores, order))?.certificateId;
  return certificateId != null && (await stores.certificates.get(certificateId))?.state === 'valid';
}

type Renewed = Pick<NonNullable<Awaited<ReturnType<typeof lookAt>>>, 'order' | 'terms'> & {
  readonly last: Issuance;
  readonly proofMaker: ProofMaker;
};

/** The same order again: product, names, periods, and the customer's data of the order. */
async function draftRenewal(context: AppContext, { order, last, terms, proofMaker }: Renewed): Promise<OrderToPlace> {
  const { product, profile } = terms;
  if (!product.isForSale) {
    throw refuse('unknownProduct', { field: 'product', value: productCodeOf(product) });
  }
  const names = last.names.map(({ identifier }) => identifier);
  checkNames(context, terms, names);
  const { orderId, key } = await keyOfNewOrder(context, sameKeyAs(last), { names, profile });
  const proofs = await proofsOf(context, { order, last, csr: key.csr, proofMaker });
  const { validity } = last;
  return {
    ...terms,
    orderId,
    key,
    dialect: order.dialect,
    credentialId: order.credentialId,
    issuerId: await orderedFrom(context, context.database.read, last),
    periods: periodsOf(order.coverage, product.coverage),
    renewed: order,
    container:
      order.containerId === null ? null : ((await context.database.read.containers.get(order.containerId)) ?? null),
    customValues: await completedValues(context.database.read, order),
    request: {
      ...proofs,
      productCode: product.code,
      names,
      csr: key.csr,
      validity: validity !== null && 'days' in validity ? validity : null,
      renewalOf: { id: order.id },
      organization: null,
      contact: order.contact,
      alternativeReference: order.alternativeReference,
      isAutoRenewed: true,
      reminders: order.reminders,
      ...(order.notifyUrl === null ? {} : { notifyUrl: order.notifyUrl }),
      dialectData: order.dialectData,
      idempotency: null,
    },
  };
}

/** The dialect's new challenges. A name that was confirmed by mail gets a new mail, to the same address. */
async function proofsOf(
  context: AppContext,
  input: {
    readonly order: Order;
    readonly last: Issuance;
    readonly csr: Uint8Array | null;
    readonly proofMaker: ProofMaker;
  },
): Promise<Proofs> {
  const { order, last, csr, proofMaker } = input;
  if (csr === null) throw refuse('internal', {}, { cause: new Error(`issuance ${last.id} was issued without a CSR`) });
  const view = await viewOrder(context, order, last.id);
  const proofs = proofMaker.nextProofs?.(view, { now: view.now, random: context.random });
  if (proofs === undefined) throw refuse('internal', {}, { cause: new Error(`${order.dialect} makes no proofs`) });
  const relaying = relayingIssuerOf(context, last.issuerId);
  if (relaying !== undefined) return { ...proofs, choices: relayedAgain(view, relaying) };
  // Whatever proved the names before: now the delegation does, and stands for good.
  if (offersDelegation(context, { dialect: order.dialect, issuerId: last.issuerId })) {
    return { ...proofs, preferredMethod: 'dnsCname', choices: [] };
  }
  if (context.mailer === null) return proofs;
  const { choices = [], proofReference } = proofs;
  const { accountId, credentialId, dialectData } = order;
  const challengesFor = proofMaker.challengesOf({ accountId, credentialId, dialectData, csr, proofReference });
  const byMail = view.authorizations.flatMap(({ identifier: name }): NameChoice[] => {
    const address = confirmedAddress(view.authorizations, name);
    if (address === undefined || choices.some((chosen) => chosen.name.value === name.value)) return [];
    const offered = challengesFor(name).find(({ method }) => method === 'email');
    const isOffered = offered?.method === 'email' && offered.addresses.includes(address);
    return isOffered ? [{ name, choice: { method: 'email', address } }] : [];
  });
  return { ...proofs, choices: [...choices, ...byMail] };
}

/** By the methods that the customer chose, as far as the upstream still offers them. */
function relayedAgain({ authorizations }: OrderView, { relayedMethods }: RelayingIssuer): readonly NameChoice[] {
  return authorizations.flatMap((authorization): NameChoice[] => {
    const { identifier: name, preferredMethod: method } = authorization;
    if (authorization.checkedBy === null || !relayedMethods.includes(method)) return [];
    const address = chosenAddress(authorization);
    if (method !== 'email') return [{ name, choice: method }];
    return address === undefined ? [] : [{ name, choice: { method, address } }];
  });
}

function confirmedAddress(authorizations: readonly Authorization[], name: Identifier): string | undefined {
  const authorization = authorizations.find(({ identifier }) => identifier.value === name.value);
  const challenge = authorization?.challenges.find(({ method }) => method === 'email');
  return authorization?.provedBy === 'email' && challenge?.method === 'email' ? challenge.chosen : undefined;
}

/** Temporary faults are left to the queue; a refusal is recorded, and tried again tomorrow. */
async function refusalOf(work: () => Promise<void>): Promise<CertError | undefined> {
  try {
    await work();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof CertError && thrown.code !== 'internal') return thrown;
    throw thrown;
  }
}

async function recordRefusal(
  context: AppContext,
  order: Order,
  kind: 'order.reissueFailed' | 'order.renewalFailed',
  { reason }: CertError,
): Promise<void> {
  const now = context.clock.now();
  await context.database.write(async (tx) => {
    await recordChange(tx, null, kind, order, { now, reason, message: renderReason(reason, 'en') });
    if (kind === 'order.renewalFailed') await noteRefusedRenewal(tx, order.id, reason);
  });
}
