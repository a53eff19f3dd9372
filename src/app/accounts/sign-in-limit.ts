/**
 * Slows down guessing of passwords. What strangers do must not keep a user out, so the narrow limit is that of the pair of user
 * and network. Guessing from many networks meets the limit of the user, guessing of many users that of the network; neither
 * holds up a user in a network where they have signed in before, for whom only a slow limit of the pair counts.
 *
 * Kept in memory: a restart forgives, which costs an attacker nothing he could use at a useful rate. Everything else that is
 * a secret here (keys, tokens of mails, keys for ACME clients) is at least 128 random bits: nobody guesses those, and a narrow
 * limit for them would only be a way to lock others out.
 */

import { hash } from 'node:crypto';
import { refuse } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports/system.ts';
import { createAllowance } from '../orders/allowance.ts';

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

export function createSignInLimit(clock: Clock): SignInLimit {
  const ofPair = createAllowance({ clock, burst: 5, everyMs: 3 * minuteMs, maxKeys });
  const ofKnownPair = createAllowance({ clock, burst: 5, everyMs: minuteMs, maxKeys });
  // One network may hold many honest users behind a NAT: ten times what a pair gets.
  const ofNetwork = createAllowance({ clock, burst: 50, everyMs: minuteMs * 0.3, maxKeys });
  const ofUser = createAllowance({ clock, burst: 20, everyMs: 3 * minuteMs, maxKeys });

  function limitsOf({ username, network, isKnown }: SignInTry) {
    // Hashed, so that a key has one size whatever a stranger calls a user.
    const user = hash('sha256', username, 'base64');
    const pair = { allowance: isKnown ? ofKnownPair : ofPair, key: `${user} ${network}` };
    // A failure in a known network counts for the network, though its limit holds up nobody who is known there.
    const whole = { allowance: ofNetwork, key: network };
    return {
      pair,
      counted: isKnown ? [whole] : [whole, { allowance: ofUser, key: user }],
      checked: isKnown ? [pair] : [pair, whole, { allowance: ofUser, key: user }],
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
