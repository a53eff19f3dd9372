/** Saying how a name will be proved. */
import type { Authorization } from '../../domain/authorization.ts';
import type { Caller } from '../../domain/caller.ts';
import {
  type Challenge,
  type EmailChallenge,
  type MethodChoice,
  methodOfChoice,
  type NameChoice,
} from '../../domain/challenge.ts';
import { forEachName, quoted, refuse } from '../../domain/errors.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';
import { isRelayed } from '../issuing/relay.ts';
import { proofsOf } from '../orders/order-view.ts';
import { type FoundOrder, newestIssuance } from '../scope.ts';
import { chosenAddress, requestMails, type WantedMail } from './confirmation-request.ts';
import { refusalBesideDelegation } from './delegation.ts';
import { type ProofPurpose, recordProof } from './proof-event.ts';
import { queueValidation } from './queue-validation.ts';
import { chooseRelayed } from './relayed-choice.ts';

/** @returns the number of a wish that is passed on to an upstream (`afterWish`) */
export async function chooseMethods(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  input: FoundOrder & { readonly choices: readonly NameChoice[] },
): Promise<number | undefined> {
  const { order, issuance } = await newestIssuance(tx, input.order, input.issuanceId);
  const proofs = await proofsOf(tx, issuance);
  const chosen = forEachName(
    input.choices,
    ({ name }) => name.value,
    ({ name, choice }) => {
      const authorization = proofs.find(({ identifier }) => identifier.value === name.value)?.authorization;
      if (authorization === undefined) throw refuse('notFound', { what: 'name', value: quoted(name.value) });
      requireAwaited(name, issuance, authorization);
      return { authorization, choice };
    },
  );
  const purpose = { order, issuance };
  if (!isRelayed(proofs)) {
    await applyChoices(context, tx, caller, { purpose, chosen });
    return undefined;
  }
  forEachName(
    chosen,
    ({ authorization }) => authorization.identifier.value,
    ({ authorization }) => requirePending(authorization),
  );
  const wish = await chooseRelayed(context, tx, { issuance, dialect: caller.dialect, chosen });
  for (const { authorization, choice } of chosen) {
    const data = { now: context.clock.now(), name: authorization.identifier.value, method: methodOfChoice(choice) };
    await recordProof(tx, caller, 'validation.methodChanged', purpose, data);
  }
  return wish;
}

/** @throws {CertError} wrongState where the issuance waits for no proof */
function requireAwaited({ value }: Identifier, issuance: Pick<Issuance, 'state'>, { state: own }: Authorization): void {
  if (issuance.state === 'awaitingValidation') return;
  const state = own === 'pending' ? issuance.state : own;
  throw refuse('wrongState', { what: 'name', value: quoted(value), state, needed: 'a pending validation' });
}

/** What `chooseMethods` refuses of a name, whatever is chosen. @throws {CertError} wrongState */
export function requireChoosable(
  name: Identifier,
  issuance: Pick<Issuance, 'state'>,
  authorization: Authorization,
): void {
  requireAwaited(name, issuance, authorization);
  requirePending(authorization);
}

/** @throws {CertError} wrongState when it is proved already */
export function requirePending({ identifier, state }: Authorization): void {
  if (state === 'pending') return;
  throw refuse('wrongState', { what: 'name', value: quoted(identifier.value), state, needed: 'a pending validation' });
}

/**
 * Keeps the choices. E-mail sends one mail to each address, for all its names; for another method an issuance looks again.
 * @throws {CertError} wrongState when one is proved already, methodNotAllowed, mailNotConfigured, rateLimited, mailboxStopped
 */
export async function applyChoices(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  input: {
    readonly purpose: ProofPurpose;
    readonly chosen: readonly { readonly authorization: Authorization; readonly choice: MethodChoice }[];
  },
): Promise<void> {
  const { purpose } = input;
  const now = context.clock.now();
  const wanted: WantedMail[] = [];
  let isLookedFor = false;
  const choices = forEachName(
    input.chosen,
    ({ authorization }) => authorization.identifier.value,
    ({ authorization, choice }) => {
      const { identifier: name, challenges } = authorization;
      requirePending(authorization);
      return { authorization, name, kept: chosenProof(context, { name, challenges, choice }) };
    },
  );
  for (const { authorization, name, kept } of choices) {
    const address = chosenAddress(kept);
    await tx.authorizations.updateChallenges(authorization.id, kept);
    if (address !== undefined) {
      wanted.push({ authorization, address });
      continue;
    }
    isLookedFor = true;
    const method = kept.preferredMethod;
    await recordProof(tx, caller, 'validation.methodChanged', purpose, { now, name: name.value, method });
  }
  await requestMails(context, tx, caller, { purpose, wanted });
  if (isLookedFor && 'issuance' in purpose) {
    await queueValidation(context, tx, purpose.issuance, now);
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
  const method = methodOfChoice(choice);
  const refusal = refusalBesideDelegation(name, challenges, choice);
  if (refusal !== undefined) throw refusal;
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

/** @throws {CertError} invalidField for an address that does not speak for the name */
function addressOf(choice: MethodChoice, name: Identifier, { addresses }: EmailChallenge): string {
  if (typeof choice === 'string') throw refuse('mailAddressMissing', { name: name.value });
  const address = choice.address.trim().toLowerCase();
  if (addresses.includes(address)) return address;
  const allowed = addresses.join(', ');
  throw refuse('mailAddressNotAllowed', { address: quoted(choice.address), name: name.value, allowed });
}
