/** Revocation of an order's certificates or of one, requested or done, reflected in the CRL at once. */
import type { Approval, ApprovalWish } from '../../domain/approval.ts';
import type { Caller } from '../../domain/caller.ts';
import type { Certificate, RevocationReason } from '../../domain/certificate.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { newId } from '../../domain/ids.ts';
import type { Issuance } from '../../domain/issuance.ts';
import { type Order, stateAt } from '../../domain/order.ts';
import type { Revocations } from '../../domain/ports/revocations.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { orderTransitions, statesAccepting } from '../../domain/states.ts';
import type { AppContext } from '../context.ts';
import { endIssuanceFor, isUnderWay, requireEndable } from '../issuing/end-issuance.ts';
import { afterSignatures } from '../issuing/signing.ts';
import { requireMoved } from '../moved.ts';
import { releaseRenewed } from '../orders/coverage.ts';
import { endRequests } from '../orders/end-requests.ts';
import { recordChange } from '../orders/order-event.ts';
import { chainOf, viewOrder } from '../orders/order-view.ts';
import { requestedApproval } from '../orders/requested-approval.ts';
import { queueDeliveries } from '../outbound/deliveries.ts';
import { queueUserMails } from '../outbound/user-mails.ts';
import { findCertificate, findOrder, isOperator, newestIssuance } from '../scope.ts';
import { alarm } from './block-key.ts';
import {
  type Compromised,
  claimCompromiseOfCsr,
  onFullDiskToo,
  raiseReason,
  raiseReasonsOf,
  revokeCertificate,
  revokeCertificatesOf,
} from './revoke-certificate.ts';
import { createRevokePresented } from './revoke-presented.ts';

/** The target: one certificate of the order, or all of them (null). */
interface Target {
  readonly order: Order;
  readonly certificate: Certificate | null;
  /** The certificate as the caller called it: a refusal that names another number is of no use to them. */
  readonly named?: string | undefined;
}

/** Result of a request: done (null), or an approval that was given or is waited for; and the keys that it blocked. */
interface Outcome {
  readonly approval: Approval | null;
  readonly compromised: Compromised;
}

export function createRevocations(context: AppContext): Revocations {
  const { database, queue } = context;
  const { read } = database;

  async function targetOf(caller: Caller, target: Parameters<Revocations['request']>[1]): Promise<Target> {
    if ('order' in target) return { order: await findOrder(read, caller, target.order), certificate: null };
    const certificate = await findCertificate(read, caller, target.certificate);
    const order = await findOrder(read, caller, { id: certificate.orderId });
    return { order, certificate, named: target.certificate };
  }

  const revocations: Omit<Revocations, 'revokePresented' | 'revokeByKey'> = {
    async revokeOrder(caller, reference, reason) {
      const order = await findOrder(read, caller, reference);
      await afterSignatures(context, order);
      const { compromised } = await database.write(async (tx) => {
        if (!(await isFreeToRevoke(tx, caller, order))) {
          return request(context, tx, caller, { order, certificate: null, reason, wish: {} });
        }
        return { approval: null, compromised: await revokeOrder(context, tx, caller, { order, reason }) };
      }, onFullDiskToo);
      alarm(context, compromised);
      queue.wake();
      return viewOrder(context, (await read.orders.get(order.id)) ?? order);
    },

    async request(caller, target, { reason, wish }) {
      const found = await targetOf(caller, target);
      await afterSignatures(context, found.order);
      const { approval, compromised } = await database.write(
        (tx) => request(context, tx, caller, { ...found, reason, wish }),
        onFullDiskToo,
      );
      alarm(context, compromised);
      queue.wake();
      const order = (await read.orders.get(found.order.id)) ?? found.order;
      const issuanceId = found.certificate?.issuanceId ?? order.issuanceId;
      return { view: await viewOrder(context, order, issuanceId), approval };
    },

    async revokeCertificate(caller, idOrNumber, reason) {
      const found = await findCertificate(read, caller, idOrNumber);
      const { approval, compromised } = await database.write(async (tx) => {
        const order = await tx.orders.getForUpdate(found.orderId);
        if (order === undefined) throw refuse('notFound', { what: 'certificate', value: quoted(idOrNumber) });
        if (!(await isFreeToRevoke(tx, caller, order))) {
          return request(context, tx, caller, { order, certificate: found, named: idOrNumber, reason, wish: {} });
        }
        const compromised = await revokeOne(context, tx, caller, {
          order,
          certificate: found,
          named: idOrNumber,
          reason,
        });
        return { approval: null, compromised };
      }, onFullDiskToo);
      alarm(context, compromised);
      queue.wake();
      const certificate = (await read.certificates.get(found.id)) ?? found;
      return { certificate, chain: await chainOf(context, certificate), approval };
    },
  };
  return { ...revocations, ...createRevokePresented(context, revocations.revokeCertificate) };
}

/**
 * True if it needs no approval: for whoever could approve it themselves, for the operator, who must be able to revoke what
 * the CA signed (BR §4.9.1), and for an order that has no certificate yet.
 */
export async function isFreeToRevoke(tx: Stores, caller: Caller, found: Order): Promise<boolean> {
  const [order, account] = [await tx.orders.get(found.id), await tx.accounts.get(found.accountId)];
  if (order?.state !== 'active' || account === undefined || isOperator(caller)) return true;
  return requestedApproval(account, caller, { skip: true }).state === 'approved';
}

/** The approval is null when no request was wished for, and none was needed: then it is done, as where it is approved. */
async function request(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  input: Target & { readonly reason: RevocationReason; readonly wish: ApprovalWish },
): Promise<Outcome> {
  const { certificate, named, reason, wish } = input;
  const { order, issuance } = await newestIssuance(tx, input.order);
  // Nobody need approve it: what is revoked already stays so, and no approval makes a key secret again.
  const raised = reason === 'keyCompromise' ? await raise(context, tx, caller, { order, certificate }) : undefined;
  if (raised !== undefined) return { approval: null, compromised: raised };
  const now = context.clock.now();
  await requireValid(tx, { certificate, named });
  requireRevocable(order, issuance, now);
  await requireNotRequested(tx, { order, certificate });
  const account = await tx.accounts.get(order.accountId);
  if (account === undefined) throw refuse('internal', {}, { cause: new Error(`order ${order.id} is of no account`) });
  const requested = requestedApproval(account, caller, wish);
  const isApproved = requested.state === 'approved';
  const compromised = isApproved ? await revokeTarget(context, tx, caller, { order, certificate, named, reason }) : [];
  if (isApproved && wish.skip === true) return { approval: null, compromised };
  const approval = await tx.approvals.insert({
    ...requested,
    id: newId('approval', context),
    accountId: order.accountId,
    orderId: order.id,
    issuanceId: certificate?.issuanceId ?? order.issuanceId,
    asks: 'revoke',
    revocation: { certificateId: certificate?.id ?? null, reason },
    version: 1,
    decisions: [],
    createdAt: now,
  });
  if (isApproved) return { approval, compromised };
  await queueUserMails(context, tx, approval.id);
  const event = { now, request: approval.number, reason, certificate: certificate?.id ?? null };
  await recordChange(tx, caller, 'revocation.requested', order, event);
  return { approval, compromised };
}

/** Undefined where there is nothing that is revoked for a lesser reason, or the order still has something to revoke. */
async function raise(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  { order, certificate }: Target,
): Promise<Compromised | undefined> {
  if (certificate !== null) return raiseReason(context, tx, caller, certificate);
  return order.state === 'active' ? undefined : raiseReasonsOf(context, tx, caller, order);
}

/** An approver would otherwise decide about other certificates than the request named. */
function requireRevocable(order: Order, newest: Parameters<typeof isUnderWay>[0], now: Date): void {
  const state = stateAt(order, now);
  const isBusy = isUnderWay(newest);
  if (state === 'active' && !isBusy) return;
  throw refuse('wrongState', {
    what: 'order',
    value: String(order.number),
    state: state === 'active' ? newest.state : state,
    needed: 'an order with an issued certificate and no issuance under way',
  });
}

/** One request for the same is enough. @throws {CertError} wrongState */
async function requireNotRequested(tx: Stores, { order, certificate }: Target): Promise<void> {
  const waiting = (await tx.approvals.listWaitingOfOrder(order.id)).find(
    ({ revocation }) => revocation !== null && revocation.certificateId === (certificate?.id ?? null),
  );
  if (waiting === undefined) return;
  const { number, state } = waiting;
  throw refuse('wrongState', { what: 'approval', value: String(number), state, needed: ['approved', 'rejected'] });
}

function notRevocable({ number, state }: Order): Error {
  const needed = statesAccepting(orderTransitions, 'revoke');
  return refuse('wrongState', { what: 'order', value: String(number), state, needed });
}

/**
 * What `revokeOrder` refuses, whoever has to approve it; raising the reason of what is revoked already apart.
 * @throws {CertError} wrongState
 */
export async function requireOrderRevocable(
  tx: Stores,
  caller: Caller,
  { order, issuance, now }: { readonly order: Order; readonly issuance: Issuance; readonly now: Date },
): Promise<void> {
  if (!(await isFreeToRevoke(tx, caller, order))) {
    requireRevocable(order, issuance, now);
    return requireNotRequested(tx, { order, certificate: null });
  }
  if (order.state === 'open') return requireEndable({ order, issuance });
  if (!statesAccepting(orderTransitions, 'revoke').includes(order.state)) throw notRevocable(order);
}

/** The same of one certificate. @throws {CertError} wrongState */
export async function requireCertificateRevocable(
  tx: Stores,
  caller: Caller,
  input: {
    readonly order: Order;
    readonly newest: Issuance;
    readonly certificate: Certificate;
    readonly now: Date;
  },
): Promise<void> {
  const { order, newest, certificate, now } = input;
  await requireValid(tx, { certificate, named: undefined });
  if (await isFreeToRevoke(tx, caller, order)) return;
  requireRevocable(order, newest, now);
  await requireNotRequested(tx, { order, certificate });
}

async function requireValid(tx: Stores, { certificate, named }: Pick<Target, 'certificate' | 'named'>): Promise<void> {
  const state = certificate === null ? 'valid' : (await tx.certificates.get(certificate.id))?.state;
  if (certificate !== null && state !== 'valid') throw revokedAlready(certificate, named);
}

/** By an id it is named as lists and messages name it: by its number. */
function revokedAlready({ id, number }: Certificate, named: string = id) {
  const value = named === id ? String(number) : named;
  return refuse('wrongState', { what: 'certificate', value, state: 'revoked', needed: 'valid' });
}

/** The part of a decision that does it. @throws {CertError} wrongState when it cannot be done (any more) */
export async function revokeAsApproved(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  { order, approval: { id, revocation } }: { readonly order: Order; readonly approval: Approval },
): Promise<Compromised> {
  if (revocation === null) throw refuse('internal', {}, { cause: new Error(`${id} does not say what to revoke`) });
  const { certificateId, reason } = revocation;
  const certificate = certificateId === null ? null : ((await tx.certificates.get(certificateId)) ?? null);
  // It is the account that says so of its key, also where the operator decides it in the account's stead.
  const onBehalf = { ...caller, scope: order.accountId };
  return revokeTarget(context, tx, onBehalf, { order, certificate, reason });
}

function revokeTarget(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  { order, certificate, named, reason }: Target & { readonly reason: RevocationReason },
): Promise<Compromised> {
  if (certificate === null) return revokeOrder(context, tx, caller, { order, reason });
  return revokeOne(context, tx, caller, { order, certificate, named, reason });
}

/**
 * An order with a certificate is revoked with all its certificates; one without is rejected, which is what the CAs behind
 * the vendor APIs do, and refunded.
 */
async function revokeOrder(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  input: { readonly order: Order; readonly reason: RevocationReason },
): Promise<Compromised> {
  const { order, issuance } = await newestIssuance(tx, input.order);
  const { reason } = input;
  const now = context.clock.now();
  if (order.state === 'open') {
    await endIssuanceFor(context, tx, { order, issuance, note: 'rejected before it was issued' });
    const needed = statesAccepting(orderTransitions, 'reject');
    const isMoved = await tx.orders.move(order.id, needed, 'rejected');
    requireMoved(isMoved, { what: 'order', value: String(order.number), state: order.state, needed });
    await releaseRenewed(tx, order);
    await recordChange(tx, caller, 'order.rejected', order, { now, reason });
    await queueDeliveries(context, tx, { event: 'orderRejected', order, issuanceId: issuance.id });
    return reason === 'keyCompromise' ? claimCompromiseOfCsr(context, tx, caller, { order, csr: issuance.csr }) : [];
  }
  if (!(await tx.orders.move(order.id, statesAccepting(orderTransitions, 'revoke'), 'revoked'))) {
    const raised = reason === 'keyCompromise' ? await raiseReasonsOf(context, tx, caller, order) : undefined;
    if (raised !== undefined) return raised;
    throw notRevocable(order);
  }
  const compromised = await revokeCertificatesOf(context, tx, caller, { order, reason });
  // Duplicates are under way beside the newest issuance.
  for (const other of await tx.issuances.listOfOrder(order.id)) {
    if (!isUnderWay(other)) continue;
    await endIssuanceFor(context, tx, { order, issuance: other, note: 'the order was revoked' });
  }
  await endRequests(tx, { orderId: order.id, isOver: () => true, note: 'the order was revoked', at: now });
  return compromised;
}

/**
 * Revokes one certificate. The order stays what it is, also when none of its certificates is valid any more: what was paid for is
 * the coverage, in which the customer may reissue. Only revoking the order ends it (DigiCert, "revoke certificate").
 */
async function revokeOne(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  input: Target & { readonly certificate: Certificate; readonly reason: RevocationReason },
): Promise<Compromised> {
  const { order, certificate, named, reason } = input;
  const compromised = await revokeCertificate(context, tx, caller, { order, certificate, reason });
  if (compromised === undefined) throw revokedAlready(certificate, named);
  await endRequests(tx, {
    orderId: order.id,
    isOver: ({ revocation }) => revocation?.certificateId === certificate.id,
    note: 'the certificate was revoked',
    at: context.clock.now(),
  });
  return compromised;
}
