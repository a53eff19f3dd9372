/**
 * What is left for the end of a test file, for modules that are loaded once for several files (`scripts/test-files.ts`): an `after` at
 * their top would belong to the first of the files only.
 */
import { after } from 'node:test';

const works: (() => Promise<void>)[] = [];

/** Runs the work when the last test of the running file is over. */
export function afterFile(work: () => Promise<void>): void {
  works.push(work);
}

export async function endFile(): Promise<void> {
  for (const work of works.splice(0)) await work();
}

// Where the file runs by itself.
after(endFile);
