/** The page behind the link of a confirmation mail: what it shows, and what deciding there does. */

import { hash } from 'node:crypto';
import type { Authorization } from '../../domain/authorization.ts';
import type { Origin } from '../../domain/caller.ts';
import type { Confirmation } from '../../domain/confirmation.ts';
import { reason } from '../../domain/errors.ts';
import type { Confirmations, ConfirmationView } from '../../domain/ports/confirmations.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { authorizationTransitions, confirmationTransitions, statesAccepting } from '../../domain/states.ts';
import type { AppContext } from '../context.ts';
import { failIssuance } from '../issuing/failure.ts';
import { requireMoved } from '../moved.ts';
import { queueIssuance } from './attempt.ts';
import { mailChallengeOf, storeMailCheck } from './confirmation-check.ts';
import { hashOfToken, inOrderOf, type NameToConfirm } from './confirmation-mail.ts';
import { prove } from './proof.ts';
import { type ProofPurpose, purposeOf, recordProof } from './proof-event.ts';

/** The form of a secret as `base32` writes it; anything else needs no look into the database. */
const tokenForm = /^[0-9a-hjkmnp-tv-z]{52}$/;
/** Names in the reason of an order that was rejected. */
const namedAtMost = 20;

export function createConfirmations(context: AppContext): Confirmations {
  const { database, queue } = context;

  async function show(token: string): Promise<ConfirmationView | undefined> {
    const question = await findQuestion(context, database.read, token);
    return question && viewOf(database.read, question);
  }

  return {
    show,
    async decide(token, decision, origin, digest) {
      await database.write(async (tx) => {
        const question = await findQuestion(context, tx, token);
        const open = question?.names.filter(({ state }) => state === 'open') ?? [];
        if (question === undefined || open.length === 0) return;
        if (decision === 'reject') await reject(context, tx, { ...question, open }, origin);
        else await confirm(context, tx, seen(question, open, digest), origin);
      });
      queue.wake();
      return show(token);
    },
  };
}

type State = ConfirmationView['state'];

/** The content of one mail: its names, each with what is still to be decided. */
interface Question {
  readonly lead: Confirmation;
  readonly purpose: ProofPurpose | undefined;
  readonly names: readonly (NameToConfirm & { readonly state: State })[];
}

async function findQuestion(context: AppContext, stores: Stores, token: string): Promise<Question | undefined> {
  const lead = tokenForm.test(token) ? await stores.confirmations.getByTokenHash(hashOfToken(token)) : undefined;
  if (lead === undefined) return undefined;
  const confirmations = await stores.confirmations.listOfMail(lead.id);
  const ids = confirmations.map(({ authorizationId }) => authorizationId);
  const [purpose, known] = await Promise.all([purposeOf(stores, lead), stores.authorizations.listByIds(ids)]);
  const names = confirmations.flatMap((confirmation) => {
    const authorization = known.find(({ id }) => id === confirmation.authorizationId);
    if (authorization === undefined) return [];
    return [{ confirmation, authorization, state: stateOf(context, { confirmation, authorization }, purpose) }];
  });
  return { lead, purpose, names };
}

function stateOf(
  { clock }: AppContext,
  { confirmation, authorization }: NameToConfirm,
  purpose: ProofPurpose | undefined,
): State {
  const { state, expiresAt } = confirmation;
  if (state === 'confirmed' || state === 'rejected') return state;
  const isWaiting = authorization.state === 'pending' && purpose !== undefined && isAwaited(purpose, authorization);
  if (!isWaiting || state !== 'pending') return 'over';
  return expiresAt <= clock.now() ? 'expired' : 'open';
}

/** The name may have been taken out of the order, or proved by another order. */
function isAwaited(purpose: ProofPurpose, { id }: Authorization): boolean {
  if ('domain' in purpose) return true;
  const { state, names } = purpose.issuance;
  return state === 'awaitingValidation' && names.some((name) => name.authorizationId === id);
}

/** The subject of the page: the names still to be decided, if there are any; else the decided ones. */
const statesInOrder = ['open', 'confirmed', 'rejected', 'expired', 'over'] as const satisfies readonly State[];

async function viewOf(stores: Stores, { lead, purpose, names }: Question): Promise<ConfirmationView | undefined> {
  const account = await stores.accounts.get(lead.accountId);
  const state = statesInOrder.find((one) => names.some((name) => name.state === one));
  // They exist by foreign keys; a domain may have been removed.
  if (account === undefined || state === undefined) return undefined;
  const order = purpose !== undefined && 'order' in purpose ? purpose : undefined;
  const product = order && (await stores.products.get(order.order.productId));
  const shown = names.filter((name) => name.state === state);
  const confirms = inOrderOf(purpose, shown).map(({ authorization }) => authorization.identifier.value);
  return {
    state,
    address: lead.address,
    confirms,
    digest: digestOf(shown),
    names: order?.issuance.names.map(({ identifier }) => identifier.value) ?? confirms,
    accountName: account.name,
    productName: product?.name ?? null,
    orderNumber: order?.order.number ?? null,
    requestedAt: lead.requestedAt,
    requestedFrom: lead.requestedFrom,
    expiresAt: lead.expiresAt,
  };
}

function digestOf(names: readonly NameToConfirm[]): string {
  return hash('sha256', names.map(({ confirmation }) => confirmation.id).join(' '), 'hex').slice(0, 32);
}

/** The open names that the reader has seen. */
function seen(
  { lead }: Question,
  open: readonly NameToConfirm[],
  digest: string | undefined,
): readonly NameToConfirm[] {
  if (digest !== undefined) return digest === digestOf(open) ? open : [];
  const { sentAt } = lead;
  return open.filter(({ confirmation }) => sentAt === null || confirmation.requestedAt <= sentAt);
}

/** The names are proved; the validation job, which runs at once, moves the issuance on. */
async function confirm(
  context: AppContext,
  tx: Stores,
  names: readonly NameToConfirm[],
  origin: Origin,
): Promise<void> {
  const at = context.clock.now();
  const decision = { from: origin.address, at };
  const from = statesAccepting(confirmationTransitions, 'confirm');
  for (const { confirmation, authorization } of names) {
    if (!(await tx.confirmations.move(confirmation.id, from, 'confirmed', decision))) continue;
    const { address } = confirmation;
    const answeredBy = [origin.address];
    const check = await storeMailCheck(tx, confirmation, {
      at,
      durationMs: 0,
      address,
      answeredBy,
      answer: 'confirmed',
    });
    const challenge = mailChallengeOf(authorization);
    await prove(context, tx, authorization, { check, challenge, requestId: origin.requestId });
  }
  const first = names[0]?.confirmation;
  if (first !== undefined) await queueIssuance(tx, first, at);
}

/**
 * Whoever reads the domain's mail does not want it: that ends the issuance, or these proofs of a domain, even if another method would still
 * prove the names.
 */
async function reject(
  context: AppContext,
  tx: Stores,
  { purpose, open }: Question & { readonly open: readonly NameToConfirm[] },
  origin: Origin,
): Promise<void> {
  const at = context.clock.now();
  const decision = { from: origin.address, at };
  const from = statesAccepting(confirmationTransitions, 'reject');
  const names: string[] = [];
  for (const { confirmation, authorization } of open) {
    if (!(await tx.confirmations.move(confirmation.id, from, 'rejected', decision))) continue;
    const { address } = confirmation;
    const name = authorization.identifier.value;
    names.push(name);
    const problem = reason('mailRejected', { address, name });
    const answeredBy = [origin.address];
    await storeMailCheck(tx, confirmation, { at, durationMs: 0, address, answeredBy, answer: 'rejected', problem });
    const invalidate = statesAccepting(authorizationTransitions, 'invalidate');
    const isMoved = await tx.authorizations.move(authorization.id, invalidate, 'invalid');
    requireMoved(isMoved, { what: 'validation', value: name, state: authorization.state, needed: invalidate });
  }
  const [first] = open;
  if (purpose === undefined || first === undefined || names.length === 0) return;
  const { address } = first.confirmation;
  await recordProof(tx, null, 'validation.mailRejected', purpose, { now: at, names, address, from: origin.address });
  if ('domain' in purpose) return;
  const name = names.slice(0, namedAtMost).join(', ') + (names.length > namedAtMost ? ' …' : '');
  await failIssuance(context, tx, purpose.issuance, reason('mailRejected', { address, name }));
  await tx.jobs.finish('validate', purpose.issuance.id);
}
