/** A thread that draws numbers until 10,000 are drawn by all together, tries to take every one, and tells which it got. */
import { parentPort, workerData } from 'node:worker_threads';
import { openCountedNumbers } from '../../src/system/index.ts';

const numbers = openCountedNumbers(workerData);
const taken: number[] = [];
while (numbers.next() < 10_000) {
  // Drawing is what moves on.
}
for (let number = 0; number < 10_000; number++) if (numbers.take(number)) taken.push(number);
parentPort?.postMessage(taken);
