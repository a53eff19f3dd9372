/**
 * Anti-replay nonces (RFC 8555 §6.5). A nonce carries its number and its time under a MAC, so that none is stored before it comes back;
 * those that came back are remembered for as long as they would be good. The key lives as long as the process: a nonce of an earlier one
 * is refused, and its client takes the fresh one that comes with the refusal.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock, Randomness } from '../../domain/ports/system.ts';
import { decodeBase64url } from '../../pki/base64url.ts';

export interface Nonces {
  issue(): string;
  /** True once for each nonce that was issued and is not too old. */
  use(nonce: string): boolean;
}

/** The nonces that came back, by their numbers. */
export interface UsedNonces {
  /** False if it was there already. */
  add(number: number, at: Date): boolean;
}

const goodForMs = 3_600_000;
const numberBytes = 4;
const timeBytes = 6;
const headBytes = numberBytes + timeBytes;
const macBytes = 12;

export function createNonces({
  clock,
  random,
  used = createUsedNonces(),
}: {
  readonly clock: Clock;
  readonly random: Randomness;
  readonly used?: UsedNonces;
}): Nonces {
  const key = random.bytes(32);
  const macOf = (head: Uint8Array) => createHmac('sha256', key).update(head).digest().subarray(0, macBytes);
  let next = 0;
  return {
    issue() {
      const head = Buffer.alloc(headBytes);
      head.writeUInt32BE(next);
      head.writeUIntBE(clock.now().getTime(), numberBytes, timeBytes);
      next = (next + 1) % 2 ** 32;
      return Buffer.concat([head, macOf(head)]).toString('base64url');
    },

    use(nonce) {
      const bytes = decodeBase64url(nonce);
      if (bytes?.length !== headBytes + macBytes) return false;
      const head = bytes.subarray(0, headBytes);
      if (!timingSafeEqual(macOf(head), bytes.subarray(headBytes))) return false;
      const now = clock.now();
      const ageMs = now.getTime() - head.readUIntBE(numberBytes, timeBytes);
      // A clock that was set back makes no nonce older than it is.
      return ageMs <= goodForMs && used.add(head.readUInt32BE(), now);
    },
  };
}

const numbersOfPage = 2 ** 16;

/** One bit for each nonce, in pages of numbers that follow each other. A page is forgotten when all of it is too old to be good. */
export function createUsedNonces(): UsedNonces {
  const pages = new Map<number, { readonly bits: Uint8Array; lastMs: number }>();
  return {
    add(number, at) {
      const name = Math.floor(number / numbersOfPage);
      let page = pages.get(name);
      if (page === undefined) {
        for (const [other, { lastMs }] of pages) if (at.getTime() - lastMs > 2 * goodForMs) pages.delete(other);
        page = { bits: new Uint8Array(numbersOfPage / 8), lastMs: 0 };
        pages.set(name, page);
      }
      const index = number % numbersOfPage;
      const mask = 1 << (index & 7);
      const byte = page.bits[index >> 3] ?? 0;
      if ((byte & mask) !== 0) return false;
      page.bits[index >> 3] = byte | mask;
      page.lastMs = at.getTime();
      return true;
    },
  };
}
