/** Completion as bash does it: the script in a real bash, which is handed the words of a command line. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { run } from './harness.ts';

const execute = promisify(execFile);
let script = '';
let folder = '';

before(async () => {
  const { exitCode, stdout } = await run('completion bash');
  assert.equal(exitCode, 0);
  script = stdout;
  folder = await mkdtemp(join(tmpdir(), 'certmux-completion-'));
  for (const name of ['www.csr', 'other file']) await writeFile(join(folder, name), '');
});
after(() => rm(folder, { recursive: true }));

/** What is offered for the last of the words, each of several command lines. */
async function offered(...lines: readonly (readonly string[])[]): Promise<readonly (readonly string[])[]> {
  const calls = lines.map(
    (words) =>
      `COMP_WORDS=(certmux ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; COMPREPLY=(); ` +
      `_certmux; printf '%s\\n' "\${COMPREPLY[@]}"; echo ---`,
  );
  // As strict as a user's shell may be.
  const { stdout } = await execute('bash', ['--norc', '-uc', `${script}\n${calls.join('\n')}`], { cwd: folder });
  return stdout
    .split('---\n')
    .slice(0, -1)
    .map((text) => text.split('\n').filter((line) => line !== ''));
}

describe('what bash offers for', () => {
  const rows: readonly (readonly [words: readonly string[], offers: readonly string[]])[] = [
    [['ord'], ['order']],
    [['cont'], ['container']],
    [['acme', 'key', 're'], ['revoke']],
    [
      ['order', 'list', '--st'],
      ['--state', '--standing'],
    ],
    [['order', 'list', '--state', 'a'], ['active']],
    [
      ['order', 'list', '--state', '='],
      ['open', 'active', 'ended', 'revoked', 'rejected', 'cancelled', 'failed'],
    ],
    [['order', 'list', '--state', '=', 'o'], ['open']],
    [
      ['order', 'list', '--ends'],
      ['--ends-within', '--ends-from', '--ends-to'],
    ],
    [
      ['order', 'list', '--fai'],
      ['--failing', '--failing-code'],
    ],
    [['certificate', 'list', '--state', 'r'], ['revoked']],
    [['certificate', 'list', '--iss'], ['--issuer']],
    [['order', 'list', '--state', 'open', '--li'], ['--limit']],
    [['order', 'list', '--state', '=', 'open', '--li'], ['--limit']],
    [['order', '--json', 'li'], ['list']],
    [
      ['completion', ''],
      ['bash', 'zsh'],
    ],
    [['config', 'check', 'w'], ['www.csr']],
    [['config', 'check', 'other'], ['other file']],
    [['order', 'place', 'x', '--csr', 'w'], ['www.csr']],
    [['certificate', 'download', '17', '-o', 'w'], ['www.csr']],
    [['no', 'such', '--x'], []],
    [['order', 'show', ''], []], // only the server knows the orders
  ];
  for (const [words, offers] of rows) {
    test(`certmux ${words.join(' ')}`, async () => assert.deepEqual(await offered(words), [offers]));
  }
});

test('certmux completion --json has the script for programs, and another shell is refused', async () => {
  assert.equal(JSON.parse((await run('completion bash --json')).stdout).script, script);
  const { exitCode, stderr } = await run('completion powershell');
  assert.equal(exitCode, 2);
  assert.match(stderr, /bash, zsh/);
});

test('the script for zsh is the one for bash, with what makes zsh understand it before', async () => {
  const { stdout } = await run('completion zsh');
  assert.ok(stdout.endsWith(script));
  assert.match(stdout, /^autoload .*compinit\n/);
});
