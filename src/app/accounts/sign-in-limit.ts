/**
 * Slows down guessing of passwords. What strangers do must not keep a user out, so the narrow limit is that of the pair of user
 * and network. Guessing from many networks meets the limit of the user, guessing of many users that of the network; neither
 * holds up a user in a network where they have signed in before, for whom only a slow limit of the pair counts.
 *
 * Kept in the memory of each node, which hears what the others count: a restart forgives, which costs an attacker nothing he could use at a useful rate. Everything else that is
 * a secret here (keys, tokens of mails, keys for ACME clients) is at least 128 random bits: nobody guesses those, and a narrow
 * limit for them would only be a way to lock others out.
 */

import { refuse } from '../../domain/errors.ts';
import { createCommonAllowance, type LimitNode } from '../common-allowance.ts';

const minuteMs = 60_000;
/** More than can be tried in the time after which they are forgotten: each try is a hash that takes a fifth of a second. */
const maxKeys = 50_000;

export interface SignInTry {
  readonly username: string;
  /** `networkOf` the address. */
  readonly network: string;
  /** The user has signed in from this network before. */
  readonly isKnown: boolean;
}

export interface SignInLimit {
  /** Counts nothing: for those who still have to wait in a queue. @throws {CertError} rateLimited, with the seconds to wait */
  check(one: SignInTry): void;
  /** Counts as failed until it has succeeded, so that many at once are not all let in. @throws {CertError} rateLimited */
  begin(one: SignInTry): { succeeded(): void };
}

export function createSignInLimit(node: LimitNode): SignInLimit {
  const ofPair = createCommonAllowance(node, 'signInsOfPair', { burst: 5, everyMs: 3 * minuteMs, maxKeys });
  const ofKnownPair = createCommonAllowance(node, 'signInsOfKnownPair', { burst: 5, everyMs: minuteMs, maxKeys });
  // One network may hold many honest users behind a NAT: ten times what a pair gets.
  const ofNetwork = createCommonAllowance(node, 'signInsOfNetwork', { burst: 50, everyMs: minuteMs * 0.3, maxKeys });
  const ofUser = createCommonAllowance(node, 'signInsOfUser', { burst: 20, everyMs: 3 * minuteMs, maxKeys });

  function limitsOf({ username, network, isKnown }: SignInTry) {
    const pair = { allowance: isKnown ? ofKnownPair : ofPair, key: `${network} ${username}` };
    // A failure in a known network counts for the network, though its limit holds up nobody who is known there.
    const whole = { allowance: ofNetwork, key: network };
    return {
      pair,
      counted: isKnown ? [whole] : [whole, { allowance: ofUser, key: username }],
      checked: isKnown ? [pair] : [pair, whole, { allowance: ofUser, key: username }],
    };
  }

  function check(one: SignInTry): void {
    const waitMs = Math.max(...limitsOf(one).checked.map(({ allowance, key }) => allowance.waitMs(key)));
    if (waitMs > 0) throw refuse('loginRateLimited', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  }

  return {
    check,
    begin(one) {
      check(one);
      const { pair, counted } = limitsOf(one);
      for (const { allowance, key } of [pair, ...counted]) allowance.take(key);
      return {
        succeeded() {
          pair.allowance.forget(pair.key);
          for (const { allowance, key } of counted) allowance.giveBack(key);
        },
      };
    },
  };
}
