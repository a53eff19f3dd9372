/** The page behind the link of a confirmation mail: what it shows, and what deciding there does. */
import { authorizationTransitions } from '../domain/authorization.ts';
import {
  type Confirmation,
  type Confirmations,
  type ConfirmationView,
  confirmationTransitions,
} from '../domain/confirmation.ts';
import { reason } from '../domain/errors.ts';
import type { Origin } from '../domain/platform.ts';
import type { Stores } from '../domain/stores.ts';
import { statesAccepting } from '../domain/transition.ts';
import { hashOfToken, storeMailCheck } from './confirmation-mail.ts';
import type { AppContext } from './context.ts';
import { failIssuance } from './failure.ts';
import { recordChange } from './order-event.ts';
import { prove } from './validation.ts';

/** What `base32` makes of the secret; anything else needs no look into the database. */
const tokenForm = /^[0-9a-hjkmnp-tv-z]{52}$/;

export function createConfirmations(context: AppContext): Confirmations {
  const { database, queue } = context;

  async function show(token: string): Promise<ConfirmationView | undefined> {
    if (!tokenForm.test(token)) return undefined;
    const { read } = database;
    const confirmation = await read.confirmations.getByTokenHash(hashOfToken(token));
    return confirmation === undefined ? undefined : viewOf(context, read, confirmation);
  }

  return {
    show,
    async decide(token, decision, origin) {
      if (!tokenForm.test(token)) return undefined;
      await database.write(async (tx) => {
        const confirmation = await tx.confirmations.getByTokenHash(hashOfToken(token));
        if (confirmation === undefined || (await stateOf(context, tx, confirmation)) !== 'open') return;
        if (decision === 'confirm') await confirm(context, tx, confirmation, origin);
        else await reject(context, tx, confirmation, origin);
      });
      queue.wake();
      return show(token);
    },
  };
}

async function stateOf(
  { clock }: AppContext,
  stores: Stores,
  confirmation: Confirmation,
): Promise<ConfirmationView['state']> {
  const { state, expiresAt, issuanceId, authorizationId } = confirmation;
  if (state === 'confirmed' || state === 'rejected') return state;
  const issuance = await stores.issuances.get(issuanceId);
  const authorization = await stores.authorizations.get(authorizationId);
  const isWaiting =
    issuance?.state === 'awaitingValidation' &&
    authorization?.state === 'pending' &&
    // The name may have been taken out of the order, or proved by another order.
    issuance.names.some((name) => name.authorizationId === authorizationId);
  if (!isWaiting || state !== 'pending') return 'over';
  return expiresAt <= clock.now() ? 'expired' : 'open';
}

async function viewOf(
  context: AppContext,
  stores: Stores,
  confirmation: Confirmation,
): Promise<ConfirmationView | undefined> {
  const { orderId, issuanceId, authorizationId, accountId } = confirmation;
  const [order, issuance, authorization, account] = await Promise.all([
    stores.orders.get(orderId),
    stores.issuances.get(issuanceId),
    stores.authorizations.get(authorizationId),
    stores.accounts.get(accountId),
  ]);
  const product = order && (await stores.products.get(order.productId));
  // They exist by foreign keys.
  if (!order || !issuance || !authorization || !account || !product) return undefined;
  return {
    state: await stateOf(context, stores, confirmation),
    address: confirmation.address,
    name: authorization.identifier.value,
    names: issuance.names.map(({ identifier }) => identifier.value),
    accountName: account.name,
    productName: product.name,
    orderNumber: order.number,
    requestedAt: confirmation.requestedAt,
    requestedFrom: confirmation.requestedFrom,
    expiresAt: confirmation.expiresAt,
  };
}

/** The name is proved; the validation job, which runs at once, moves the issuance on. */
async function confirm(context: AppContext, tx: Stores, confirmation: Confirmation, origin: Origin): Promise<void> {
  const at = context.clock.now();
  const decision = { from: origin.address, at };
  const from = statesAccepting(confirmationTransitions, 'confirm');
  if (!(await tx.confirmations.move(confirmation.id, from, 'confirmed', decision))) return;
  const { address, issuanceId, authorizationId } = confirmation;
  const check = await storeMailCheck(tx, confirmation, {
    at,
    durationMs: 0,
    address,
    answeredBy: [origin.address],
    answer: 'confirmed',
  });
  const authorization = await tx.authorizations.get(authorizationId);
  if (authorization === undefined) return;
  await prove(context, tx, authorization, check, origin.requestId);
  await tx.jobs.enqueue({ kind: 'validate', subject: issuanceId, runAt: at });
}

/**
 * Whoever reads the domain's mail does not want the certificate: that ends the issuance, even if another method would still
 * prove the name.
 */
async function reject(context: AppContext, tx: Stores, confirmation: Confirmation, origin: Origin): Promise<void> {
  const at = context.clock.now();
  const decision = { from: origin.address, at };
  const from = statesAccepting(confirmationTransitions, 'reject');
  if (!(await tx.confirmations.move(confirmation.id, from, 'rejected', decision))) return;
  const { address, orderId, issuanceId, authorizationId } = confirmation;
  const [order, issuance, authorization] = await Promise.all([
    tx.orders.get(orderId),
    tx.issuances.get(issuanceId),
    tx.authorizations.get(authorizationId),
  ]);
  if (order === undefined || issuance === undefined || authorization === undefined) return;
  const name = authorization.identifier.value;
  const problem = reason('mailRejected', { address, name });
  const answeredBy = [origin.address];
  await storeMailCheck(tx, confirmation, { at, durationMs: 0, address, answeredBy, answer: 'rejected', problem });
  await tx.authorizations.move(authorizationId, statesAccepting(authorizationTransitions, 'invalidate'), 'invalid');
  await recordChange(tx, null, 'validation.mailRejected', order, { now: at, name, address, from: origin.address });
  await failIssuance(context, tx, issuance, problem);
  await tx.jobs.finish('validate', issuanceId);
}
