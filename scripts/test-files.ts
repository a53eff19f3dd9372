/**
 * Test files one after the other in this process, each as a suite of its name: its hooks are for its own tests, as in a process of
 * its own, and what the files import is loaded once.
 */
import { join, relative } from 'node:path';
import { after, describe } from 'node:test';
import { endFile } from '../test/support/after-file.ts';

const root = join(import.meta.dirname, '..');

export async function runTestFiles(files: readonly string[]): Promise<void> {
  // A suite ends before the next file is loaded, so that no file runs in the middle of another.
  for (const file of files) {
    await describe(relative(root, file), async () => {
      after(endFile);
      await import(file);
    });
  }
}
