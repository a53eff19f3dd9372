/**
 * The end of an ACME account that was deactivated (RFC 8555 §7.3.6): what its client began is given up, so that nothing is charged or
 * issued that nobody fetches. What is being signed, and what was issued, stays. Done in small transactions, each of which may be the
 * last before a crash: the job begins again, and finds nothing left of what was done.
 */
import type { AcmeOrder } from '../../domain/acme-order.ts';
import { reason } from '../../domain/errors.ts';
import { type AuthorizationId, type CredentialId, type IssuanceId, isId } from '../../domain/ids.ts';
import type { JobHandler } from '../../domain/ports/jobs.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { acmeOrderTransitions, orderTransitions, statesAccepting } from '../../domain/states.ts';
import { recordAccount } from '../accounts/account-event.ts';
import type { AppContext } from '../context.ts';
import { endIssuance, isUnderWay } from '../issuing/end-issuance.ts';
import { releaseRenewed } from './coverage.ts';
import { recordChange } from './order-event.ts';
import { lastIssued } from './reissue-order.ts';

/** Rows of one transaction. */
const atOnce = 200;
const note = 'the ACME account was deactivated';
const system = { actor: 'system', requestId: null } as const;

export function createEndAcmeAccountHandler(context: AppContext): JobHandler {
  return async ({ subject }, signal) => {
    if (!isId('credential', subject)) return { kind: 'done' };
    await endOrders(context, subject, signal);
    await endAuthorizations(context, subject, signal);
    return { kind: 'done' };
  };
}

async function endOrders(context: AppContext, credentialId: CredentialId, signal: AbortSignal): Promise<void> {
  const { database } = context;
  let last: AcmeOrder | undefined;
  do {
    signal.throwIfAborted();
    const page = { limit: atOnce, ...(last === undefined ? {} : { before: last.id }) };
    const found = await database.read.acmeOrders.listOfCredential(credentialId, page);
    await database.write(async (tx) => {
      for (const { id, state, issuanceId } of found) {
        if (state === 'ended') continue;
        if (issuanceId !== null) await endPlaced(context, tx, issuanceId);
        else await endOpen(context, tx, id);
      }
    });
    last = found.at(-1);
  } while (last !== undefined);
}

/** One that was placed since it was read is found by its issuance. */
async function endOpen(context: AppContext, tx: Stores, id: AcmeOrder['id']): Promise<void> {
  const from = statesAccepting(acmeOrderTransitions, 'place');
  const isEnded = await tx.acmeOrders.move(id, from, 'ended', { problem: reason('acmeAccountDeactivated', {}) });
  const issuanceId = isEnded ? null : ((await tx.acmeOrders.get(id))?.issuanceId ?? null);
  if (issuanceId !== null) await endPlaced(context, tx, issuanceId);
}

/** Of an order that has no certificate yet nothing is left; another stands again as its newest certificate made it. */
async function endPlaced(context: AppContext, tx: Stores, id: IssuanceId): Promise<void> {
  const before = await tx.issuances.get(id);
  if (before === undefined || !isUnderWay(before)) return;
  const order = await tx.orders.getForUpdate(before.orderId);
  const issuance = await tx.issuances.get(id);
  if (order === undefined || issuance === undefined || !isUnderWay(issuance)) return;
  if (!(await endIssuance(context, tx, { order, issuance, note }))) return;
  const now = context.clock.now();
  if (issuance.kind === 'new') {
    if (await tx.orders.move(order.id, statesAccepting(orderTransitions, 'cancel'), 'cancelled')) {
      await releaseRenewed(tx, order);
    }
    await recordChange(tx, null, 'order.cancelled', order, { now, note });
    return;
  }
  const issued = order.issuanceId === id ? await lastIssued(tx, order) : undefined;
  if (issued !== undefined) await tx.orders.updateIssuance(order.id, issued.id, 0);
  await recordChange(tx, null, 'order.reissueWithdrawn', order, { now, issuance: id, note });
}

/** Those that were not proved. The others are the account's, and serve its other clients. */
async function endAuthorizations(context: AppContext, ownerId: CredentialId, signal: AbortSignal): Promise<void> {
  const { database, clock } = context;
  let last: AuthorizationId | undefined;
  do {
    signal.throwIfAborted();
    const page = { limit: atOnce, ...(last === undefined ? {} : { before: last }) };
    const found = await database.read.authorizations.listOfOwner(ownerId, page);
    await database.write(async (tx) => {
      for (const { id, accountId, identifier, state } of found) {
        if (state !== 'pending' || !(await tx.authorizations.move(id, ['pending'], 'deactivated'))) continue;
        const data = { name: identifier.value, note };
        await recordAccount(tx, system, 'authorization.deactivated', {
          accountId,
          subject: id,
          data,
          at: clock.now(),
        });
      }
    });
    last = found.at(-1)?.id;
  } while (last !== undefined);
}
