/**
 * Test files one after the other in this process, each as a suite of its name: its hooks are for its own tests, as in a process of
 * its own, and what the files import is loaded once. A file that does not end is said to hang, with what it was at, and its process
 * ends with those that it started; what is left open after the last one is named, and ends. Otherwise either would hold up the whole
 * run for good: the time limit of Node's runner does not end such a process.
 */
import { dirname, join, relative } from 'node:path';
import { after, beforeEach, describe } from 'node:test';
import { Worker } from 'node:worker_threads';
import { endFile } from '../test/support/after-file.ts';
import { endDescendants } from './process-tree.ts';
import type { Progress } from './test-watch.ts';

const root = join(import.meta.dirname, '..');
const tellEveryMs = 5000;

/**
 * @param limitMs for one file
 * @param patienceMs for what ends by itself after the last test: connections that time out, programs that are on their way to end
 */
export async function runTestFiles(files: readonly string[], limitMs: number, patienceMs = 30_000): Promise<void> {
  const watch = new Worker(new URL('./test-watch.ts', import.meta.url), { workerData: limitMs, execArgv: [] });
  watch.unref();
  const tell = (progress: Progress) => watch.postMessage(progress);
  // What keeps the process busy, as far as it can still say so.
  setInterval(() => tell({ waitingFor: process.getActiveResourcesInfo() }), tellEveryMs).unref();
  // A suite ends before the next file is loaded, so that no file runs in the middle of another.
  for (const file of files) {
    const name = relative(root, file);
    await describe(name, async () => {
      tell({ file: name });
      beforeEach((test) => {
        if ('fullName' in test) tell({ test: test.fullName });
      });
      after(endFile);
      await import(file);
    });
  }
  setTimeout(async () => {
    const left = process.getActiveResourcesInfo().join(', ');
    console.error(
      `After the last test of ${dirname(relative(root, files.at(-1) ?? ''))} something is still open: ${left}`,
    );
    // Those of them that hold the output of this process would be waited for.
    await endDescendants();
    process.exit();
  }, patienceMs).unref();
}
