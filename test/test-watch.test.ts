/** A test file that does not end: the run says so, and goes on. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { it } from 'node:test';
import { pathToFileURL } from 'node:url';

const runner = pathToFileURL(join(import.meta.dirname, '../scripts/test-files.ts'));

/** Its child holds the output of the process open, as a server would that was left running. */
const hanging = `
import { spawn } from 'node:child_process';
import { after, it } from 'node:test';
it('starts a program', () => { spawn('sleep', ['1000'], { stdio: 'inherit' }); });
after(() => new Promise(() => { setInterval(() => undefined, 1000); }));
`;
/** Not even a signal gets through to it. */
const busy = `
import { it } from 'node:test';
it('is busy', () => { for (;;); });
`;

async function outputOf(file: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'certmux-hanging-'));
  try {
    const path = join(folder, 'hanging.test.mjs');
    await writeFile(path, file);
    const main = `import { runTestFiles } from '${runner}'; await runTestFiles(['${path}'], 500);`;
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', main], { env, timeout: 60_000 });
    const [output] = await Promise.all([text(child.stderr), text(child.stdout), once(child, 'exit')]);
    assert.equal(child.signalCode, 'SIGKILL');
    return output;
  } finally {
    await rm(folder, { recursive: true });
  }
}

it('is ended with what it started, and named with the test that began last', async () => {
  const output = await outputOf(hanging);
  assert.match(output, /hanging\.test\.mjs has not ended after .* minutes/);
  assert.match(output, /The last test that began: .* > starts a program\n/);
  assert.match(output, /It had started: \d+ sleep 1000/);
});

it('is ended also where it keeps its process busy', async () => {
  assert.match(await outputOf(busy), /The last test that began: .* > is busy\n/);
});
