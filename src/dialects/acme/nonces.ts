/**
 * Anti-replay nonces (RFC 8555 §6.5). A nonce carries its number and its time under a MAC, so that none is stored before it comes back;
 * those that came back are remembered for as long as they would be good. Numbers and key are of the process: a nonce of an earlier one
 * is refused, and its client takes the fresh one that comes with the refusal.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock, OneTimeNumbers } from '../../domain/ports/system.ts';
import { decodeBase64url } from '../../pki/base64url.ts';

export interface Nonces {
  issue(): string;
  /** True once for each nonce that was issued and is not too old. */
  use(nonce: string): boolean;
}

const goodForMs = 3_600_000;
const numberBytes = 4;
const timeBytes = 6;
const headBytes = numberBytes + timeBytes;
const macBytes = 12;

export function createNonces({ clock, numbers }: { readonly clock: Clock; readonly numbers: OneTimeNumbers }): Nonces {
  const macOf = (head: Uint8Array) => createHmac('sha256', numbers.key).update(head).digest().subarray(0, macBytes);
  return {
    issue() {
      const head = Buffer.alloc(headBytes);
      head.writeUInt32BE(numbers.next());
      head.writeUIntBE(clock.now().getTime(), numberBytes, timeBytes);
      return Buffer.concat([head, macOf(head)]).toString('base64url');
    },

    use(nonce) {
      const bytes = decodeBase64url(nonce);
      if (bytes?.length !== headBytes + macBytes) return false;
      const head = bytes.subarray(0, headBytes);
      if (!timingSafeEqual(macOf(head), bytes.subarray(headBytes))) return false;
      // A clock that was set back makes no nonce older than it is.
      const ageMs = clock.now().getTime() - head.readUIntBE(numberBytes, timeBytes);
      return ageMs <= goodForMs && numbers.take(head.readUInt32BE());
    },
  };
}
