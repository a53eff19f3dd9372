/** Randomness from the operating system. */
import { randomBytes } from 'node:crypto';
import type { Randomness } from '../domain/system.ts';

export function createRandomness(): Randomness {
  return { bytes: (size) => new Uint8Array(randomBytes(size)) };
}
