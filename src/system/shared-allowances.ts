/**
 * Allowances in memory that threads share. An entry is one number of 64 bits: a mark of its key, and the moment at which the key has
 * its whole burst again; it is replaced by compare and exchange, so that no thread waits for another, nor for one that died.
 *
 * An entry stands in one of the sixteen places of its key's set. Where all are taken, the one goes that has its whole burst again
 * first: keys that somebody invents push out each other, and last of all a key that is used up. Two keys with the same set and mark
 * (one in 2^33) share an allowance; hashed with a secret, so that nobody can look for such keys. Threads that enter one key at the same moment
 * choose the same place; only where a third changes another key of the set between the two can one of their counts be lost.
 */
import { hash } from 'node:crypto';
import type { Allowance, SharedAllowances } from '../domain/ports/allowances.ts';
import type { Clock, Randomness } from '../domain/ports/system.ts';

const tables = 8;
const sets = 2 ** 13;
const placesOfSet = 16;
const secretBytes = 32;
/** Names of the tables that are open, as numbers. */
const namesAt = secretBytes;
const entriesAt = namesAt + tables * Int32Array.BYTES_PER_ELEMENT;

/** A sixteenth of a millisecond: a moment of 44 bits lasts for 34 years of the machine's running. */
const unitsOfMs = 16;
const bitsOfMoment = 44n;
const momentMask = (1n << bitsOfMoment) - 1n;
const bitsOfMark = 20;

/** 8 MiB for `openSharedAllowances`, in each thread. The system provides what is used of them. */
export function createAllowanceMemory(random: Randomness): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(entriesAt + tables * sets * placesOfSet * BigUint64Array.BYTES_PER_ELEMENT);
  new Uint8Array(memory, 0, secretBytes).set(random.bytes(secretBytes));
  return memory;
}

export function openSharedAllowances(memory: SharedArrayBuffer, clock: Clock): SharedAllowances {
  const names = new Int32Array(memory, namesAt, tables);
  const entries = new BigUint64Array(memory, entriesAt);
  const secret = Buffer.from(new Uint8Array(memory, 0, secretBytes)).toString('hex');
  const digest = (text: string) => hash('sha256', `${secret} ${text}`, 'buffer');
  const nowUnits = () => Math.floor(clock.monotonicMs() * unitsOfMs);

  /** Every thread finds the same table under a name, whichever came first. */
  function tableOf(name: string): number {
    const wanted = digest(name).readInt32LE() || 1;
    for (let table = 0; table < tables; table++) {
      const found = Atomics.compareExchange(names, table, 0, wanted);
      if (found === 0 || found === wanted) return table;
    }
    throw new Error(`there is no table left for ${name}`);
  }

  return {
    open(name, { burst, everyMs }): Allowance {
      const table = tableOf(name);
      const every = Math.max(1, Math.round(everyMs * unitsOfMs));
      const waitMsOf = (at: number, now: number) => Math.max(0, at - now - (burst - 1) * every) / unitsOfMs;

      /** @param next the moment that follows the key's (0 where it has none); undefined leaves it. Called again when another thread was faster. */
      function change(key: string, next: (at: number, now: number) => number | undefined): void {
        const bytes = digest(`${name} ${key}`);
        const first = (table * sets + (bytes.readUInt16LE() % sets)) * placesOfSet;
        const mark = BigInt(bytes.readUInt32LE(2) >>> (32 - bitsOfMark));
        for (;;) {
          const place = findPlace(entries, first, mark);
          const before = Atomics.load(entries, place);
          const now = nowUnits();
          const after = next(before >> bitsOfMoment === mark ? Number(before & momentMask) : 0, now);
          if (after === undefined) return;
          const entry = after > now ? (mark << bitsOfMoment) | BigInt(after) : 0n;
          if (Atomics.compareExchange(entries, place, before, entry) === before) return;
        }
      }

      return {
        waitMs(key) {
          let waitMs = 0;
          change(key, (at, now) => {
            waitMs = waitMsOf(at, now);
            return undefined;
          });
          return waitMs;
        },
        tryTake(key) {
          let waitMs = 0;
          change(key, (at, now) => {
            waitMs = waitMsOf(at, now);
            return waitMs > 0 ? undefined : Math.max(at, now) + every;
          });
          return waitMs;
        },
        take: (key) => change(key, (at, now) => Math.max(at, now) + every),
        giveBack: (key) => change(key, (at) => (at === 0 ? undefined : at - every)),
        forget: (key) => change(key, (at) => (at === 0 ? undefined : 0)),
      };
    },
  };
}

/** The place of the key, or the one that its entry would take: of those whose burst is whole first, which free places are. */
function findPlace(entries: BigUint64Array, first: number, mark: bigint): number {
  let place = first;
  let earliest = momentMask;
  for (let one = first; one < first + placesOfSet; one++) {
    const entry = Atomics.load(entries, one);
    const moment = entry & momentMask;
    if (moment !== 0n && entry >> bitsOfMoment === mark) return one;
    if (moment < earliest) {
      place = one;
      earliest = moment;
    }
  }
  return place;
}
