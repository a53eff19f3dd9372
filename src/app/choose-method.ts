/** Saying how a name will be proved. */
import type { EmailChallenge, MethodChoice } from '../domain/challenge.ts';
import { quoted, refuse } from '../domain/errors.ts';
import type { Identifier } from '../domain/identifier.ts';
import type { Caller } from '../domain/platform.ts';
import type { Stores } from '../domain/stores.ts';
import { requestMail } from './confirmation-mail.ts';
import type { AppContext } from './context.ts';
import { newestIssuance } from './newest-issuance.ts';
import { recordChange } from './order-event.ts';
import { authorizationsOf } from './order-view.ts';
import type { FoundOrder } from './scope.ts';

export async function chooseMethod(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  input: FoundOrder & { readonly name: Identifier; readonly choice: MethodChoice },
): Promise<void> {
  const { name, choice } = input;
  const method = typeof choice === 'string' ? choice : choice.method;
  if (method === 'email' && context.mailer === null) throw refuse('mailNotConfigured', {});
  const { order, issuance } = await newestIssuance(tx, input.order, input.issuanceId);
  const authorizations = await authorizationsOf(tx, issuance);
  const authorization = authorizations.find((item) => item.identifier.value === name.value);
  if (authorization === undefined) throw refuse('notFound', { what: 'name', value: quoted(name.value) });
  if (issuance.state !== 'awaitingValidation' || authorization.state !== 'pending') {
    const state = authorization.state === 'pending' ? issuance.state : authorization.state;
    throw refuse('wrongState', { what: 'name', value: quoted(name.value), state, needed: 'a pending validation' });
  }
  const challenge = authorization.challenges.find((candidate) => candidate.method === method);
  if (challenge === undefined) throw refuse('methodNotAllowed', { method, name: name.value });
  const now = context.clock.now();
  if (challenge.method === 'email') {
    const address = addressOf(choice, name, challenge);
    const challenges = authorization.challenges.map((one) => (one === challenge ? { ...one, chosen: address } : one));
    await tx.authorizations.updateChallenges(authorization.id, { challenges, preferredMethod: method });
    await requestMail(context, tx, caller, { order, issuance, authorization, address });
    return;
  }
  await tx.authorizations.updateChallenges(authorization.id, { preferredMethod: method });
  await recordChange(tx, caller, 'validation.methodChanged', order, { now, name: name.value, method });
  await tx.jobs.enqueue({ kind: 'validate', subject: issuance.id, runAt: now });
}

/** @throws {CertError} invalidField for an address that does not speak for the name */
function addressOf(choice: MethodChoice, name: Identifier, { addresses }: EmailChallenge): string {
  if (typeof choice === 'string') throw refuse('mailAddressMissing', { name: name.value });
  const address = choice.address.trim().toLowerCase();
  if (addresses.includes(address)) return address;
  const allowed = addresses.join(', ');
  throw refuse('mailAddressNotAllowed', { address: quoted(choice.address), name: name.value, allowed });
}
