/**
 * Withdrawing what was requested and is not done yet: a new order, a reissue, a duplicate, or the request for a revocation. What was issued
 * stays as it is.
 */
import type { Approval } from '../../domain/approval.ts';
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import type { WithdrawableKind } from '../../domain/ports/approvals.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { approvalTransitions, statesAccepting } from '../../domain/states.ts';
import { countsAs } from '../accounts/people.ts';
import type { AppContext } from '../context.ts';
import { endIssuanceFor, isUnderWay, requireEndable } from '../issuing/end-issuance.ts';
import { requireMoved } from '../moved.ts';
import { isOperator, newestIssuance } from '../scope.ts';
import { cancelInTransaction, requireCancellable } from './cancel-order.ts';
import { recordChange } from './order-event.ts';
import { withdrawReissueOf } from './reissue-order.ts';
import { approvingRoles } from './requested-approval.ts';

/** What waits, with when it was requested. */
type Waiting = { readonly createdAt: Date } & (
  | { readonly kind: Exclude<WithdrawableKind, 'revocation'>; readonly issuance: Issuance }
  | { readonly kind: 'revocation'; readonly approval: Approval }
);

/** Withdraws the newest that waits, or the newest of one kind. @throws {CertError} wrongState, forbidden */
export async function withdrawNewest(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  { found, kind }: { readonly found: Order; readonly kind?: WithdrawableKind | undefined },
): Promise<void> {
  const { order } = await newestIssuance(tx, found);
  await withdraw(context, tx, caller, order, await newestWaiting(tx, order, kind));
}

/** @throws {CertError} wrongState */
async function newestWaiting(tx: Stores, order: Order, kind?: WithdrawableKind): Promise<Waiting> {
  const waiting = (await waitingOf(tx, order)).filter((one) => kind === undefined || one.kind === kind);
  const newest = waiting.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())[0];
  if (newest === undefined) throw nothingWaits(order);
  return newest;
}

/** What `withdrawNewest` refuses. @throws {CertError} wrongState, forbidden */
export async function requireWithdrawable(
  tx: Stores,
  caller: Caller,
  { order, now }: { readonly order: Order; readonly now: Date },
): Promise<void> {
  await requireEndOf(tx, caller, { order, waiting: await newestWaiting(tx, order), now });
}

async function requireEndOf(
  tx: Stores,
  caller: Caller,
  { order, waiting, now }: { readonly order: Order; readonly waiting: Waiting; readonly now: Date },
): Promise<void> {
  if (waiting.kind === 'revocation') return requireRequesterOrApprover(tx, caller, waiting.approval);
  if (waiting.kind === 'new') requireCancellable(order, { issuedWithinDays: undefined, now });
  requireEndable({ order, issuance: waiting.issuance });
}

/** What `withdrawRequest` refuses. @throws {CertError} wrongState, forbidden */
export async function requireRequestWithdrawable(
  tx: Stores,
  caller: Caller,
  { order, approval, now }: { readonly order: Order; readonly approval: Approval; readonly now: Date },
): Promise<void> {
  const waiting = (await waitingOf(tx, order)).find((one) => isAbout(one, approval));
  if (waiting === undefined) throw nothingWaits(order);
  await requireEndOf(tx, caller, { order, waiting, now });
}

function isAbout(one: Waiting, { id, asks, issuanceId }: Approval): boolean {
  return one.kind === 'revocation' ? one.approval.id === id : asks !== 'revoke' && one.issuance.id === issuanceId;
}

/** Withdraws what the request is about. @throws {CertError} wrongState once it is decided and done, forbidden */
export async function withdrawRequest(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  { found, approval }: { readonly found: Order; readonly approval: Approval },
): Promise<void> {
  const { order } = await newestIssuance(tx, found);
  const wanted = (await waitingOf(tx, order)).find((one) => isAbout(one, approval));
  if (wanted === undefined) throw nothingWaits(order);
  await withdraw(context, tx, caller, order, wanted);
}

async function waitingOf(tx: Stores, order: Order): Promise<readonly Waiting[]> {
  const underWay = (await tx.issuances.listOfOrder(order.id)).filter(isUnderWay);
  const requests = (await tx.approvals.listWaitingOfOrder(order.id)).filter(({ asks }) => asks === 'revoke');
  return [
    ...underWay.map((issuance) => ({ kind: issuance.kind, issuance, createdAt: issuance.createdAt })),
    ...requests.map((approval) => ({ kind: 'revocation' as const, approval, createdAt: approval.createdAt })),
  ];
}

async function withdraw(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  order: Order,
  waiting: Waiting,
): Promise<void> {
  if (waiting.kind === 'revocation') return withdrawRevocation(context, tx, caller, { order, ...waiting });
  const { kind, issuance } = waiting;
  if (kind === 'new') return cancelInTransaction(context, tx, caller, { found: order, note: 'request withdrawn' });
  if (kind === 'reissue') return withdrawReissueOf(context, tx, caller, { order, issuance });
  await endIssuanceFor(context, tx, { order, issuance, note: 'duplicate withdrawn' });
  const now = context.clock.now();
  await recordChange(tx, caller, 'order.duplicateWithdrawn', order, { now, issuance: issuance.id });
}

async function withdrawRevocation(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  { order, approval }: { readonly order: Order; readonly approval: Approval },
): Promise<void> {
  await requireRequesterOrApprover(tx, caller, approval);
  const at = context.clock.now();
  const from = statesAccepting(approvalTransitions, 'reject');
  const decision = { approve: false, by: caller.actor, note: 'request withdrawn', at };
  const isMoved = await tx.approvals.move(approval.id, from, 'rejected', decision);
  const { number, state } = approval;
  requireMoved(isMoved, { what: 'approval', value: String(number), state, needed: from });
  await recordChange(tx, caller, 'revocation.withdrawn', order, { now: at, request: number });
}

/**
 * A revocation may be requested because a key has leaked: whoever has no part in the request must not make it go away.
 * @throws {CertError} forbidden
 */
async function requireRequesterOrApprover(
  tx: Stores,
  caller: Caller,
  { accountId, requestedBy }: Approval,
): Promise<void> {
  if (isOperator(caller) || approvingRoles.some((role) => caller.roles.includes(role))) return;
  const account = await tx.accounts.get(accountId);
  if (account === undefined) throw refuse('internal', {}, { cause: new Error(`no account ${accountId}`) });
  const isSame =
    requestedBy !== null && (await countsAs(tx, account, requestedBy)) === (await countsAs(tx, account, caller.actor));
  if (!isSame) throw refuse('roleMissing', { role: approvingRoles });
}

function nothingWaits({ number, state }: Order): Error {
  const needed = 'an order with a request that waits' as const;
  return refuse('wrongState', { what: 'order', value: String(number), state, needed });
}
