/** The command line as a process, with what reads its output. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { it } from 'node:test';

const program = join(import.meta.dirname, '..', '..', 'src', 'boot', 'certmux.ts');

function start(args: readonly string[]) {
  return spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

it('a command whose output is read no further ends quietly, as behind `| head -1`', async () => {
  const child = start(['--help']);
  child.stdout.destroy();
  const [complaint, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  assert.deepEqual({ code, complaint }, { code: 141, complaint: '' }); // as coreutils end by SIGPIPE
});

it('a command that fails and whose complaint nobody reads keeps its exit code', async () => {
  const child = start(['no-such-command']);
  child.stderr.destroy();
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  assert.deepEqual({ code, output }, { code: 2, output: '' });
});

it('a command that fails and whose output nobody reads keeps its exit code', async () => {
  const child = start(['config', 'check', join(import.meta.dirname, 'no-such-file.yaml')]);
  child.stdout.destroy();
  const [, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  assert.equal(code, 3);
});

it('a command whose output is read to its end ends with 0', async () => {
  const child = start(['--help']);
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  assert.equal(code, 0);
  assert.match(output, /Exit codes:/);
});
