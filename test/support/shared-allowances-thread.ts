/** A thread that takes as much as it may of 100 keys, round and round, and tells how much it got of each. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Rate } from '../../src/domain/ports/allowances.ts';
import { createClock, openSharedAllowances } from '../../src/system/index.ts';

interface Task {
  readonly memory: SharedArrayBuffer;
  readonly rate: Rate;
  readonly rounds: number;
  /** How many threads have not begun yet. */
  readonly absent: Int32Array;
}

const { memory, rate, rounds, absent }: Task = workerData;
// All at once, however long a thread takes to start.
Atomics.sub(absent, 0, 1);
Atomics.notify(absent, 0);
for (let left = Atomics.load(absent, 0); left > 0; left = Atomics.load(absent, 0)) Atomics.wait(absent, 0, left);

const allowance = openSharedAllowances(memory, createClock()).open('test', rate);
const taken = new Array<number>(100).fill(0);
for (let round = 0; round < rounds; round++) {
  for (const key of taken.keys()) if (allowance.tryTake(`key ${key}`) === 0) taken[key] = (taken[key] ?? 0) + 1;
}
parentPort?.postMessage(taken);
