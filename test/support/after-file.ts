/**
 * What is left for the end of a test file, for modules that are loaded once for several files (`scripts/test-files.ts`): an `after` at
 * their top would belong to the first of the files only.
 */
import { after, getTestContext } from 'node:test';

const works: (() => Promise<void>)[] = [];

/** Runs the work when the last test of the running file is over. */
function afterFile(work: () => Promise<void>): void {
  works.push(work);
}

/** Runs the work when the test that began it is over, or the suite whose hook did; each open core on a server holds connections of it. */
export function afterTest(work: () => Promise<void>): void {
  const context = getTestContext();
  if (context !== undefined && 'after' in context) context.after(work);
  else afterFile(work);
}

export async function endFile(): Promise<void> {
  for (const work of works.splice(0)) await work();
}

// Where the file runs by itself.
after(endFile);
