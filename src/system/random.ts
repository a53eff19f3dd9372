/** Randomness from the operating system. */

import { randomBytes } from 'node:crypto';
import type { Randomness } from '../domain/ports/system.ts';

/** Asking for a few bytes costs as much as asking for thousands, and an order needs a dozen small pieces. */
const poolBytes = 8192;

/** Bytes are taken from a pool, each handed out once and wiped from it. */
export function createRandomness(): Randomness {
  let pool = new Uint8Array(0);
  let used = 0;
  return {
    bytes(size) {
      if (size > poolBytes / 8) return new Uint8Array(randomBytes(size));
      if (used + size > pool.length) {
        pool = new Uint8Array(randomBytes(poolBytes));
        used = 0;
      }
      const bytes = pool.slice(used, used + size);
      pool.fill(0, used, used + size);
      used += size;
      return bytes;
    },
  };
}
