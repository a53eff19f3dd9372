/**
 * Slows down guessing of passwords: after a few failures for a user name or from an address, further tries are refused
 * for a while. Kept in memory: a restart forgives, which costs an attacker nothing he could use at a useful rate.
 */
import { isInRanges } from '../domain/address-range.ts';
import { refuse } from '../domain/errors.ts';
import { ipBytes, parseIdentifier } from '../domain/identifier.ts';
import type { Clock } from '../domain/system.ts';

const freeFailures = 5;
const windowMs = 15 * 60_000;
/** More entries than this are never kept, so that invented user names cannot fill the memory. */
const maxEntries = 10_000;

interface Failures {
  readonly count: number;
  readonly until: number;
}

export interface SignInLimit {
  /** @throws {CertError} rateLimited, with the seconds to wait */
  check(username: string, address: string): void;
  failed(username: string, address: string): void;
  succeeded(username: string, address: string): void;
}

export function createSignInLimit(clock: Clock): SignInLimit {
  const failures = new Map<string, Failures>();
  // One address may serve many honest users behind a NAT: it gets ten times the failures that one user name gets.
  const keys = (username: string, address: string) =>
    [
      { key: `user ${username}`, free: freeFailures },
      { key: `address ${networkOf(address)}`, free: freeFailures * 10 },
    ] as const;

  return {
    check(username, address) {
      const now = clock.now().getTime();
      for (const { key, free } of keys(username, address)) {
        const entry = failures.get(key);
        if (entry !== undefined && entry.until > now && entry.count >= free) {
          throw refuse('loginRateLimited', { retryAfterSeconds: Math.ceil((entry.until - now) / 1000) });
        }
      }
    },
    failed(username, address) {
      const now = clock.now().getTime();
      for (const { key } of keys(username, address)) {
        const entry = failures.get(key);
        const count = entry !== undefined && entry.until > now ? entry.count + 1 : 1;
        failures.delete(key);
        failures.set(key, { count, until: now + windowMs });
      }
      for (const key of failures.keys()) {
        if (failures.size <= maxEntries) break;
        failures.delete(key);
      }
    },
    succeeded(username) {
      failures.delete(`user ${username}`);
    },
  };
}

/** An IPv6 address counts as its /64, which one customer has for themselves: they could use another one for each try. */
export function networkOf(address: string): string {
  if (!isInRanges(address, ['::/0'])) return address;
  return Buffer.from(ipBytes(parseIdentifier(address, 'address')).subarray(0, 8)).toString('hex');
}
