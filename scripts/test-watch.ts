/** The thread that watches over the test files of its process (`test-files.ts`): it still runs when the main thread does not. */
import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { commandOf, descendants, endDescendants } from './process-tree.ts';

/** What the main thread says of itself: the file that it begins, the test that it begins, what its event loop waits for. */
export interface Progress {
  readonly file?: string;
  readonly test?: string;
  readonly waitingFor?: readonly string[];
}

const limitMs: number = workerData;
const standardError = 2;

let last: Progress = {};
let timer = setTimeout(end, limitMs);
parentPort?.on('message', (progress: Progress) => {
  last = { ...last, ...progress };
  if (progress.file === undefined) return;
  clearTimeout(timer);
  timer = setTimeout(end, limitMs);
});

async function end(): Promise<void> {
  const { file = 'no file yet', test = 'none yet', waitingFor = [] } = last;
  const started = await descendants();
  const lines = [
    `${file} has not ended after ${limitMs / 60_000} minutes: this process and what it started are ended.`,
    `  The last test that began: ${test}`,
    `  Its event loop waited for: ${waitingFor.join(', ')}`,
    ...(await Promise.all(started.map(async (each) => `  It had started: ${each.pid} ${await commandOf(each)}`))),
  ];
  writeSync(standardError, `${lines.join('\n')}\n`);
  await endDescendants();
  process.kill(process.pid, 'SIGKILL');
}
