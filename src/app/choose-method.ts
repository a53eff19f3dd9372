/** Saying how a name will be proved. */
import type { Authorization } from '../domain/authorization.ts';
import type { Challenge, EmailChallenge, MethodChoice } from '../domain/challenge.ts';
import { quoted, refuse } from '../domain/errors.ts';
import type { Identifier } from '../domain/identifier.ts';
import type { Issuance } from '../domain/issuance.ts';
import type { Order } from '../domain/order.ts';
import type { Caller } from '../domain/platform.ts';
import type { Stores } from '../domain/stores.ts';
import { requestMail } from './confirmation-mail.ts';
import type { AppContext } from './context.ts';
import { newestIssuance } from './newest-issuance.ts';
import { proofsOf } from './order-view.ts';
import { type ProofPurpose, recordProof } from './proof-event.ts';
import type { FoundOrder } from './scope.ts';

export async function chooseMethod(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  input: FoundOrder & { readonly name: Identifier; readonly choice: MethodChoice },
): Promise<void> {
  const { name, choice } = input;
  const { order, issuance } = await newestIssuance(tx, input.order, input.issuanceId);
  const found = (await proofsOf(tx, issuance)).find(({ identifier }) => identifier.value === name.value);
  const authorization = found?.authorization;
  if (authorization === undefined) throw refuse('notFound', { what: 'name', value: quoted(name.value) });
  if (issuance.state !== 'awaitingValidation') {
    const state = authorization.state === 'pending' ? issuance.state : authorization.state;
    throw refuse('wrongState', { what: 'name', value: quoted(name.value), state, needed: 'a pending validation' });
  }
  await applyChoice(context, tx, caller, { purpose: { order, issuance }, authorization, choice });
}

/**
 * Keeps the choice. E-mail sends a mail; for another method an issuance looks again.
 * @throws {CertError} wrongState when it is proved already, methodNotAllowed, mailNotConfigured, rateLimited
 */
export async function applyChoice(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  input: { readonly purpose: ProofPurpose; readonly authorization: Authorization; readonly choice: MethodChoice },
): Promise<void> {
  const { purpose, authorization, choice } = input;
  const name = authorization.identifier;
  if (authorization.state !== 'pending') {
    const { state } = authorization;
    throw refuse('wrongState', { what: 'name', value: quoted(name.value), state, needed: 'a pending validation' });
  }
  const chosen = chosenProof(context, { name, challenges: authorization.challenges, choice });
  const address = chosenAddress(chosen);
  const now = context.clock.now();
  await tx.authorizations.updateChallenges(authorization.id, chosen);
  if (address !== undefined) {
    await requestMail(context, tx, caller, { purpose, authorization, address });
    return;
  }
  const method = chosen.preferredMethod;
  await recordProof(tx, caller, 'validation.methodChanged', purpose, { now, name: name.value, method });
  if ('issuance' in purpose) {
    await tx.jobs.enqueue({ kind: 'validate', subject: purpose.issuance.id, runAt: now });
  }
}

/**
 * The choice, as the authorization keeps it: any offered method is still accepted.
 * @throws {CertError} mailNotConfigured, methodNotAllowed, or for an address that does not speak for the name
 */
export function chosenProof(
  context: AppContext,
  input: { readonly name: Identifier; readonly challenges: readonly Challenge[]; readonly choice: MethodChoice },
): Pick<Authorization, 'challenges' | 'preferredMethod'> {
  const { name, challenges, choice } = input;
  const method = typeof choice === 'string' ? choice : choice.method;
  if (method === 'email' && context.mailer === null) throw refuse('mailNotConfigured', {});
  const challenge = challenges.find((candidate) => candidate.method === method);
  if (challenge === undefined) throw refuse('methodNotAllowed', { method, name: name.value });
  if (challenge.method !== 'email') return { challenges, preferredMethod: method };
  const chosen = addressOf(choice, name, challenge);
  return {
    challenges: challenges.map((one) => (one === challenge ? { ...one, chosen } : one)),
    preferredMethod: method,
  };
}

/** Where the mail goes of somebody who chose e-mail. */
function chosenAddress({ challenges, preferredMethod }: Pick<Authorization, 'challenges' | 'preferredMethod'>) {
  const challenge = challenges.find(({ method }) => method === 'email' && preferredMethod === 'email');
  return challenge?.method === 'email' ? challenge.chosen : undefined;
}

/**
 * Queues the mails that were chosen while ordering: when validation begins. Says whether there were any.
 * @param created the authorizations that the issuance asked for itself; read unless they are known
 */
export async function sendChosenMails(
  context: AppContext,
  tx: Stores,
  caller: Caller | null,
  input: { readonly order: Order; readonly issuance: Issuance; readonly created?: readonly Authorization[] },
): Promise<boolean> {
  const { order, issuance } = input;
  let hasMail = false;
  const asked = input.created ?? new Set((await proofsOf(tx, issuance)).map((proof) => proof.authorization));
  for (const authorization of asked) {
    const address = authorization.state === 'pending' ? chosenAddress(authorization) : undefined;
    if (address === undefined) continue;
    hasMail = true;
    await requestMail(context, tx, caller, { purpose: { order, issuance }, authorization, address });
  }
  return hasMail;
}

/** @throws {CertError} invalidField for an address that does not speak for the name */
function addressOf(choice: MethodChoice, name: Identifier, { addresses }: EmailChallenge): string {
  if (typeof choice === 'string') throw refuse('mailAddressMissing', { name: name.value });
  const address = choice.address.trim().toLowerCase();
  if (addresses.includes(address)) return address;
  const allowed = addresses.join(', ');
  throw refuse('mailAddressNotAllowed', { address: quoted(choice.address), name: name.value, allowed });
}
