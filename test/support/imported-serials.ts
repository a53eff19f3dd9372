/** Serials drawn by randomness that repeats itself. */
import { newSerial } from '../../src/issuers/embedded/new-serial.ts';
import { createFakeRandomness } from './system.ts';

export function createNewSerial(seed: number) {
  const random = createFakeRandomness(seed);
  return (
    stores: Parameters<typeof newSerial>[0]['stores'],
    authority: Parameters<typeof newSerial>[1],
  ): Promise<string> => newSerial({ random, stores }, authority);
}
