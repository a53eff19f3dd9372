/**
 * Numbers that are good once, in memory that threads share: a counter, and one bit for each of the newest numbers. Nothing is written
 * for a number that never comes back.
 */
import type { OneTimeNumbers, Randomness } from '../domain/ports/system.ts';

const bitsOfNumbers = 24;
const capacity = 2 ** bitsOfNumbers;
/** The bits of a page are cleared together, before its numbers are handed out again. */
const pageNumbers = 2 ** 16;
const pages = capacity / pageNumbers;
const wordBits = 32;
const keyWords = 8;
const counterAt = keyWords;
const bitsAt = keyWords + 1;
/** Those of the page that is being handed out, and of the one that is being cleared. */
const goodNumbers = capacity - 2 * pageNumbers;

/** Two MiB for `openOneTimeNumbers`, in each thread. */
export function createNumberMemory(random: Randomness): SharedArrayBuffer {
  const memory = new SharedArrayBuffer((bitsAt + capacity / wordBits) * Int32Array.BYTES_PER_ELEMENT);
  keyOf(memory).set(random.bytes(keyWords * Int32Array.BYTES_PER_ELEMENT));
  return memory;
}

export function openOneTimeNumbers(memory: SharedArrayBuffer): OneTimeNumbers {
  const words = new Int32Array(memory);
  return {
    key: Uint8Array.from(keyOf(memory)),
    next() {
      const number = Atomics.add(words, counterAt, 1) >>> 0;
      if (number % pageNumbers === 0) clear(words, number / pageNumbers + 1);
      return number;
    },
    take(number) {
      const age = (Atomics.load(words, counterAt) - number) >>> 0;
      if (age === 0 || age > goodNumbers) return false;
      const bit = number % capacity;
      const mask = 1 << (bit % wordBits);
      return (Atomics.or(words, bitsAt + Math.floor(bit / wordBits), mask) & mask) === 0;
    },
  };
}

function keyOf(memory: SharedArrayBuffer): Uint8Array {
  return new Uint8Array(memory, 0, keyWords * Int32Array.BYTES_PER_ELEMENT);
}

function clear(words: Int32Array, page: number): void {
  const from = bitsAt + ((page % pages) * pageNumbers) / wordBits;
  words.fill(0, from, from + pageNumbers / wordBits);
}
