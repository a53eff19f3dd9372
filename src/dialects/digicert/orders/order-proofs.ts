/** State of validation of an order's names, and checks at once. */
import { type Authorization, isUsable } from '../../../domain/authorization.ts';
import { type EmailChallenge, isChecked } from '../../../domain/challenge.ts';
import { CertError, type Reason, reason, refuse, withParts } from '../../../domain/errors.ts';
import { baseName, type Identifier, isIp } from '../../../domain/identifier.ts';
import { isNewestProved } from '../../../domain/managed-domain.ts';
import { standingOf } from '../../../domain/order.ts';
import type { OrderView } from '../../../domain/ports/orders.ts';
import type { ValidationMethod } from '../../../domain/validation-method.ts';
import type { Client } from '../services.ts';
import { isRelayed, preparingOf } from './relayed-proofs.ts';

/** Once every name was proved they stay so for this issuance, even after the proofs are too old to serve another. */
export function isProved({ issuance, now }: OrderView, authorization: Authorization): boolean {
  return ['ready', 'issuing', 'issued'].includes(issuance.state) || isUsable(authorization, now);
}

export function unproved(view: OrderView): readonly Authorization[] {
  return view.authorizations.filter((authorization) => !isProved(view, authorization));
}

/** The mailboxes of a name, where this server sends mail. */
export function mailChallengeOf({ challenges }: Authorization): EmailChallenge | undefined {
  return challenges.find((challenge): challenge is EmailChallenge => !isChecked(challenge));
}

/**
 * Looks for the proofs now: those of the order itself, and those of the account's domains that its names lie in.
 * @param isMeant the names whose proofs the caller asks for
 * @throws {CertError} validationFailed while any of these, or a record that the CA needs, is missing; unavailable while an upstream makes its challenges
 */
export async function checkOrder(
  view: OrderView,
  client: Client,
  isMeant: (name: Identifier) => boolean,
): Promise<OrderView> {
  const { services, caller } = client;
  const reference = { issuanceNumber: view.issuance.number };
  const standing = standingOf(view.order, view.issuance, view.now);
  if (waitsForCustomer(view)) return checkAtCa(view, client);
  if (view.issuance.state === 'awaitingApproval') throw refuse('awaitingApproval', {});
  if (view.issuance.state !== 'awaitingValidation') {
    if (['active', 'reissuing', 'issuing', 'awaitingCsr'].includes(standing)) return view;
    const { number, state } = view.order;
    throw refuse('wrongState', { what: 'order', value: String(number), state, needed: 'a pending validation' });
  }
  await services.proving.recheck(caller, reference);
  const looked = await services.orders.settle(caller, reference, services.config.answerWithinMs);
  const missingOf = (seen: OrderView) => unproved(seen).filter(({ identifier }) => isMeant(identifier));
  if (missingOf(looked).length === 0) return looked;
  if (!looked.authorizations.some(isRelayed)) await checkDomains(looked, client);
  const after = await services.orders.settle(caller, reference, services.config.answerWithinMs);
  const missing = missingOf(after);
  if (missing.length === 0) return after;
  const preparing = preparingOf(after);
  if (preparing !== undefined) throw new CertError(preparing);
  const names = missing
    .map(({ identifier }) => identifier.value)
    .slice(0, 10)
    .join(', ');
  const byToken = missing.find(({ preferredMethod }) => preferredMethod !== 'email');
  const whole = byToken === undefined ? reason('proofsByMail', { names }) : notFound(byToken.preferredMethod, names);
  const parts = missing.map(({ identifier: { value: name }, preferredMethod }) => ({
    name,
    reason: preferredMethod === 'email' ? reason('proofsByMail', { names: name }) : notFound(preferredMethod, name),
  }));
  throw new CertError(withParts(whole, parts));
}

/** Its names are proved to us, and a record that the CA needs is missing: whoever has set it does not wait for our next look. */
async function checkAtCa({ issuance: { number } }: OrderView, { services, caller }: Client): Promise<OrderView> {
  const reference = { issuanceNumber: number };
  await services.proving.recheck(caller, reference);
  const after = await services.orders.settle(caller, reference, services.config.answerWithinMs);
  const { rest } = after.issuance;
  if (rest !== null && waitsForCustomer(after)) throw new CertError(rest.reason);
  return after;
}

function waitsForCustomer({ issuance }: OrderView): boolean {
  return issuance.state === 'issuing' && issuance.rest?.turn === 'customer';
}

function notFound(method: ValidationMethod, names: string): Reason {
  return reason('proofsNotFound', { method, names });
}

/** The tokens that a reply shows in `domains[]` are found at the domains, not at the order. */
async function checkDomains(view: OrderView, { services, caller }: Client): Promise<void> {
  const { managedDomains, publicSuffixes } = services;
  const names = unproved(view).filter(({ identifier }) => !isIp(identifier));
  const bases = new Set(
    names.map(({ identifier }) => publicSuffixes.registrableDomain(baseName(identifier)) ?? baseName(identifier)),
  );
  for (const value of bases) {
    const { items } = await managedDomains.list(caller, { text: { value, isExact: true }, limit: 1, offset: 0 });
    const [found] = items;
    if (found !== undefined && !isNewestProved(found)) {
      await managedDomains.check(caller, { id: found.domain.id });
    }
  }
}
