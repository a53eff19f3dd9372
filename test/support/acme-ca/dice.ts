/** Random numbers of the CA: the same for the same seed, so that a run that went wrong can be repeated. */
import { createFakeRandomness } from '../system.ts';

export interface Dice {
  /** True as often as the rate says: 0 never, 1 always. */
  chance(rate: number): boolean;
  pick<T>(list: readonly T[]): T | undefined;
  bytes(size: number): Uint8Array;
  /** base64url, 128 bits by default. */
  token(sizeBytes?: number): string;
}

export function createDice(seed: number): Dice {
  const random = createFakeRandomness(seed);
  /** From 0 to just below 1. */
  const next = () => Buffer.from(random.bytes(4)).readUInt32BE() / 2 ** 32;
  return {
    chance: (rate) => next() < rate,
    pick: (list) => list[Math.floor(next() * list.length)],
    bytes: (size) => random.bytes(size),
    token: (sizeBytes = 16) => Buffer.from(random.bytes(sizeBytes)).toString('base64url'),
  };
}
