/**
 * Challenges of an upstream in this vendor's fields: its value is the random value, or the token. There are none until the upstream
 * has made them.
 */
import type { Authorization } from '../../../domain/authorization.ts';
import type { Challenge } from '../../../domain/challenge.ts';
import { type Reason, reason } from '../../../domain/errors.ts';
import { baseName, type Identifier } from '../../../domain/identifier.ts';
import type { OrderView } from '../../../domain/ports/orders.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { labelOf } from '../relay-door.ts';
import { timestamp } from '../wire/wire-time.ts';

export function isRelayed({ checkedBy }: Authorization): boolean {
  return checkedBy !== null;
}

/** What the customer places for the name, and where, as far as the vendor's fields say. */
export interface RelayedToken {
  readonly token: string;
  readonly verification_value?: string;
  readonly http_token_url?: string;
  readonly expiration_date: string;
}

/** Undefined for mail, and until there is a challenge. */
export function relayedTokenOf(
  { identifier, challenges, preferredMethod }: Authorization,
  { proofsUntil }: OrderView,
): RelayedToken | undefined {
  const challenge = challenges.find(({ method }) => method === preferredMethod) ?? challenges[0];
  const value = challenge && placedValueOf(challenge, identifier);
  if (value === undefined || proofsUntil === undefined) return undefined;
  const { token, ...place } = value;
  return { token, expiration_date: timestamp(proofsUntil), ...place };
}

function placedValueOf(challenge: Challenge, name: Identifier): Omit<RelayedToken, 'expiration_date'> | undefined {
  switch (challenge.method) {
    case 'email':
    case 'httpsFile':
    case 'tlsAlpn':
    case 'dnsPersist':
      return undefined;
    case 'dnsTxt':
      return { token: challenge.value };
    case 'dnsCname': {
      const label = labelOf(challenge, name);
      return label === undefined ? undefined : { token: label, verification_value: challenge.target };
    }
    case 'httpFile': {
      const host = name.kind === 'ipv6' ? `[${name.value}]` : baseName(name);
      return { token: challenge.content, http_token_url: `http://${host}${challenge.path}` };
    }
    default:
      return challenge satisfies never;
  }
}

/** The value that replies show for the whole order: that of its first name that is still to be proved by one. */
export function firstTokenOf(view: OrderView): RelayedToken | undefined {
  for (const authorization of view.authorizations) {
    const token = authorization.state === 'pending' ? relayedTokenOf(authorization, view) : undefined;
    if (token !== undefined) return token;
  }
  return undefined;
}

/** The challenges that an upstream still has to make for the order, in words; undefined where it has none to make. */
export function preparingOf({ issuance, authorizations }: OrderView): Reason | undefined {
  if (issuance.state !== 'awaitingValidation') return undefined;
  const waiting = authorizations.find(({ state, challenges }) => state === 'pending' && challenges.length === 0);
  return waiting?.checkedBy == null ? undefined : reason('beingPrepared', { issuer: waiting.checkedBy });
}

/** Says why there is no value to place: it is not made yet, its names are proved by mail, or there is nothing left to prove. */
export function reasonWithoutValue(view: OrderView): Reason {
  const { order, issuance, authorizations } = view;
  const preparing = preparingOf(view);
  if (preparing !== undefined) return preparing;
  const waiting = authorizations.filter(({ state }) => state === 'pending');
  if (issuance.state === 'awaitingValidation' && waiting.length > 0) {
    return reason('proofsByMail', { names: waiting.map(({ identifier }) => identifier.value).join(', ') });
  }
  const { number } = order;
  const needed = 'a pending validation';
  return reason('wrongState', { what: 'order', value: String(number), state: issuance.state, needed });
}

/** The same as the replies for random values have it. */
export function relayedRandomValue(view: OrderView) {
  const found = firstTokenOf(view);
  if (found === undefined) return undefined;
  const { token, expiration_date, ...place } = found;
  return { dcv_random_value: token, expiration_date, ...withDefined(place) };
}
