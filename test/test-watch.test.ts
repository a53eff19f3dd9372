/** Test files that do not end, or leave something open that keeps their process alive: the run says so, and goes on. */
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
const leaving = `
import { it } from 'node:test';
it('forgets a timer', () => { setInterval(() => undefined, 1000); });
`;
/** Not even a signal gets through to it. */
const busy = `
import { it } from 'node:test';
it('is busy', () => { for (;;); });
`;

async function run(file: string, limits: string) {
  const folder = await mkdtemp(join(tmpdir(), 'certmux-hanging-'));
  try {
    const path = join(folder, 'hanging.test.mjs');
    await writeFile(path, file);
    const main = `import { runTestFiles } from '${runner}'; await runTestFiles(['${path}'], ${limits});`;
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', main], { env, timeout: 60_000 });
    const [errors] = await Promise.all([text(child.stderr), text(child.stdout), once(child, 'exit')]);
    return { errors, code: child.exitCode, signal: child.signalCode };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const hung = '500';

it('is ended with what it started, and named with the test that began last', async () => {
  const { errors, signal } = await run(hanging, hung);
  assert.equal(signal, 'SIGKILL');
  assert.match(errors, /hanging\.test\.mjs has not ended after .* minutes/);
  assert.match(errors, /The last test that began: .* > starts a program\n/);
  assert.match(errors, /It had started: \d+ sleep 1000/);
});

it('is ended also where it keeps its process busy', async () => {
  const { errors, signal } = await run(busy, hung);
  assert.equal(signal, 'SIGKILL');
  assert.match(errors, /The last test that began: .* > is busy\n/);
});

it('ends well where all its tests have, and what was left open is named', async () => {
  const { errors, code } = await run(leaving, '60_000, 100');
  assert.equal(code, 0);
  assert.match(errors, /^After the last test of .* something is still open: .*Timeout/);
});
