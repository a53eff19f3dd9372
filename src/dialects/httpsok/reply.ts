/** Envelope of every reply. */
import type { Randomness } from '../../domain/ports/system.ts';

export function success<Data>(data: Data, random: Randomness) {
  return { code: 0, msg: 'success', data, traceId: newTraceId(random) };
}

export function newTraceId(random: Randomness): string {
  return Buffer.from(random.bytes(16)).toString('hex');
}
