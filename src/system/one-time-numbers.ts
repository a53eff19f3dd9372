/**
 * Numbers that are good once, in memory that threads share: a counter, and one bit for each of the newest numbers. Nothing is written
 * for a number that never comes back. Where nodes share a database its table knows which came back, and the memory holds only their epoch.
 */
import type { OneTimeNumbers, Randomness } from '../domain/ports/system.ts';

const bitsOfNumbers = 24;
const capacity = 2 ** bitsOfNumbers;
/** The bits of a page are cleared together, before its numbers are handed out again. */
const pageNumbers = 2 ** 16;
const pages = capacity / pageNumbers;
const wordBits = 32;
/** Of a number, or of the epoch with which a number of nodes begins. */
const numberBytes = 4;
/** So many at random that two are hardly ever the same; a client that has one of two is refused once. */
const uniqueBytes = 8;
const keyWords = 8;
const counterAt = keyWords;
const epochAt = keyWords + 1;
const bitsAt = keyWords + 2;
/** Those of the page that is being handed out, and of the one that is being cleared. */
const goodNumbers = capacity - 2 * pageNumbers;

/** Two MiB for `openOneTimeNumbers`, in each thread. */
export function createNumberMemory(random: Randomness): SharedArrayBuffer {
  const memory = new SharedArrayBuffer((bitsAt + capacity / wordBits) * Int32Array.BYTES_PER_ELEMENT);
  keyOf(memory).set(random.bytes(keyWords * Int32Array.BYTES_PER_ELEMENT));
  return memory;
}

export function openOneTimeNumbers(memory: SharedArrayBuffer): OneTimeNumbers {
  const counted = openCountedNumbers(memory);
  return {
    key: counted.key,
    next() {
      const bytes = new Uint8Array(numberBytes);
      new DataView(bytes.buffer).setUint32(0, counted.next());
      return bytes;
    },
    take(bytes) {
      if (bytes.length !== numberBytes) return false;
      return counted.take(new DataView(bytes.buffer, bytes.byteOffset, numberBytes).getUint32(0));
    },
  };
}

export interface NodeNumbersOptions {
  readonly memory: SharedArrayBuffer;
  /** The same on every node. */
  readonly key: Uint8Array;
  readonly random: Randomness;
  take(number: Uint8Array): Promise<boolean>;
}

/** Those of nodes that share a database: the epoch, and what no other number is. */
export function openNodeNumbers({ memory, key, random, take }: NodeNumbersOptions): OneTimeNumbers {
  const words = new Int32Array(memory);
  return {
    key,
    next() {
      const bytes = new Uint8Array(numberBytes + uniqueBytes);
      new DataView(bytes.buffer).setInt32(0, Atomics.load(words, epochAt));
      bytes.set(random.bytes(uniqueBytes), numberBytes);
      return bytes;
    },
    take: async (number) => number.length === numberBytes + uniqueBytes && take(number),
  };
}

/** For all threads. */
export function setNumberEpoch(memory: SharedArrayBuffer, epoch: Uint8Array): void {
  Atomics.store(new Int32Array(memory), epochAt, new DataView(epoch.buffer, epoch.byteOffset).getInt32(0));
}

/** From 0 to 2^32 - 1, and from 0 again. */
export interface CountedNumbers {
  readonly key: Uint8Array;
  next(): number;
  take(number: number): boolean;
}

export function openCountedNumbers(memory: SharedArrayBuffer): CountedNumbers {
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
