/** The page behind the link of a confirmation mail: what it shows, and what deciding there does. */
import { authorizationTransitions } from '../domain/authorization.ts';
import {
  type Confirmation,
  type Confirmations,
  type ConfirmationView,
  confirmationTransitions,
} from '../domain/confirmation.ts';
import { reason } from '../domain/errors.ts';
import type { AuthorizationId } from '../domain/ids.ts';
import type { Origin } from '../domain/platform.ts';
import type { Stores } from '../domain/stores.ts';
import { statesAccepting } from '../domain/transition.ts';
import { hashOfToken, storeMailCheck } from './confirmation-mail.ts';
import type { AppContext } from './context.ts';
import { failIssuance } from './failure.ts';
import { prove } from './proof.ts';
import { type ProofPurpose, purposeOf, recordProof } from './proof-event.ts';

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
  const { state, expiresAt, authorizationId } = confirmation;
  if (state === 'confirmed' || state === 'rejected') return state;
  const purpose = await purposeOf(stores, confirmation);
  const authorization = await stores.authorizations.get(authorizationId);
  const isWaiting = authorization?.state === 'pending' && purpose !== undefined && isAwaited(purpose, authorizationId);
  if (!isWaiting || state !== 'pending') return 'over';
  return expiresAt <= clock.now() ? 'expired' : 'open';
}

/** The name may have been taken out of the order, or proved by another order. */
function isAwaited(purpose: ProofPurpose, authorizationId: AuthorizationId): boolean {
  if ('domain' in purpose) return true;
  const { state, names } = purpose.issuance;
  return state === 'awaitingValidation' && names.some((name) => name.authorizationId === authorizationId);
}

async function viewOf(
  context: AppContext,
  stores: Stores,
  confirmation: Confirmation,
): Promise<ConfirmationView | undefined> {
  const { authorizationId, accountId } = confirmation;
  const [purpose, authorization, account] = await Promise.all([
    purposeOf(stores, confirmation),
    stores.authorizations.get(authorizationId),
    stores.accounts.get(accountId),
  ]);
  // They exist by foreign keys; a domain may have been removed.
  if (!authorization || !account) return undefined;
  const order = purpose !== undefined && 'order' in purpose ? purpose : undefined;
  const product = order && (await stores.products.get(order.order.productId));
  const name = authorization.identifier.value;
  return {
    state: await stateOf(context, stores, confirmation),
    address: confirmation.address,
    name,
    names: order?.issuance.names.map(({ identifier }) => identifier.value) ?? [name],
    accountName: account.name,
    productName: product?.name ?? null,
    orderNumber: order?.order.number ?? null,
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
  if (issuanceId !== null) await tx.jobs.enqueue({ kind: 'validate', subject: issuanceId, runAt: at });
}

/**
 * Whoever reads the domain's mail does not want it: that ends the issuance, or these proofs of a domain, even if another method would still
 * prove the name.
 */
async function reject(context: AppContext, tx: Stores, confirmation: Confirmation, origin: Origin): Promise<void> {
  const at = context.clock.now();
  const decision = { from: origin.address, at };
  const from = statesAccepting(confirmationTransitions, 'reject');
  if (!(await tx.confirmations.move(confirmation.id, from, 'rejected', decision))) return;
  const { address, authorizationId } = confirmation;
  const purpose = await purposeOf(tx, confirmation);
  const authorization = await tx.authorizations.get(authorizationId);
  if (purpose === undefined || authorization === undefined) return;
  const name = authorization.identifier.value;
  const problem = reason('mailRejected', { address, name });
  const answeredBy = [origin.address];
  await storeMailCheck(tx, confirmation, { at, durationMs: 0, address, answeredBy, answer: 'rejected', problem });
  await tx.authorizations.move(authorizationId, statesAccepting(authorizationTransitions, 'invalidate'), 'invalid');
  await recordProof(tx, null, 'validation.mailRejected', purpose, { now: at, name, address, from: origin.address });
  if ('domain' in purpose) return;
  await failIssuance(context, tx, purpose.issuance, problem);
  await tx.jobs.finish('validate', purpose.issuance.id);
}
