/**
 * Anti-replay nonces (RFC 8555 §6.5). A nonce carries its number and its time under a MAC, so that none is stored before it comes back;
 * those that came back are remembered for as long as they would be good. Numbers and key are of the process, or of all nodes that share a
 * database: a nonce of an earlier process is refused then, and its client takes the fresh one that comes with the refusal.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock, OneTimeNumbers } from '../../domain/ports/system.ts';
import { decodeBase64url } from '../../pki/base64url.ts';

export interface Nonces {
  issue(): string;
  /** True once for each nonce that was issued and is not too old. */
  use(nonce: string): boolean | Promise<boolean>;
}

const goodForMs = 3_600_000;
const timeBytes = 6;
const macBytes = 12;

export function createNonces({ clock, numbers }: { readonly clock: Clock; readonly numbers: OneTimeNumbers }): Nonces {
  const macOf = (head: Uint8Array) => createHmac('sha256', numbers.key).update(head).digest().subarray(0, macBytes);
  return {
    issue() {
      const time = Buffer.alloc(timeBytes);
      time.writeUIntBE(clock.now().getTime(), 0, timeBytes);
      const head = Buffer.concat([numbers.next(), time]);
      return Buffer.concat([head, macOf(head)]).toString('base64url');
    },

    use(nonce) {
      const bytes = decodeBase64url(nonce);
      if (bytes === undefined || bytes.length <= timeBytes + macBytes) return false;
      const head = bytes.subarray(0, -macBytes);
      if (!timingSafeEqual(macOf(head), bytes.subarray(-macBytes))) return false;
      const number = head.subarray(0, -timeBytes);
      // A clock that was set back makes no nonce older than it is.
      const ageMs = clock.now().getTime() - head.readUIntBE(number.length, timeBytes);
      return ageMs <= goodForMs && numbers.take(number);
    },
  };
}
