/**
 * `ca import`, `ca install` and `ca root export --remove`, killed with SIGKILL after each of their steps: nothing is half done,
 * no key is in no place, and the command repeated ends as if nothing had happened.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Command, prepare, runCommand, stateOf } from './killed-commands.ts';

const child = join(import.meta.dirname, 'kill-child.ts');

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certmux-kill-ca-'));
});
after(() => rm(folder, { recursive: true, force: true }));

async function copyOf(command: Command, name: string): Promise<string> {
  const copy = join(folder, `${command}-${name}`);
  await cp(join(folder, command), copy, { recursive: true });
  return copy;
}

async function killedAt(command: Command, at: number): Promise<string> {
  const copy = await copyOf(command, String(at));
  const running = spawn(process.execPath, [child, copy, command, String(at)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [, signal] = await once(running, 'exit');
  assert.equal(signal, 'SIGKILL', `it was killed at the moment ${at}`);
  return copy;
}

describe('killed after each step', () => {
  for (const command of ['import', 'install', 'remove'] as const) {
    test(`ca ${command === 'remove' ? 'root export --remove' : command}: nothing is half done, and it is done once repeated`, async () => {
      await mkdir(join(folder, command));
      await prepare(join(folder, command), command);
      const whole = await copyOf(command, 'whole');
      let moments = 0;
      await runCommand(whole, command, () => moments++, 3);
      const wanted = await stateOf(whole, command);
      assert.ok(moments >= 1);
      const copies = await Promise.all(Array.from({ length: moments }, (_, at) => killedAt(command, at)));
      for (const [at, copy] of copies.entries()) {
        // On another copy: what is looked at makes lists.
        const looked = `${copy}-looked`;
        await cp(copy, looked, { recursive: true });
        const { authorities, isInFile } = await stateOf(looked, command);
        for (const { subject, keyPlace, hasKey } of authorities)
          assert.equal(hasKey, keyPlace === 'here', `${subject} at ${at}`);
        const isHere = authorities.some(
          ({ role, hasKey, subject }) => role === 'root' && hasKey && /E1$/.test(subject),
        );
        if (command === 'remove') assert.ok(isHere || isInFile, `the key is nowhere at ${at}`);
        await runCommand(copy, command, () => {}, 4);
        assert.deepEqual(await stateOf(copy, command), wanted, `repeated after ${at}`);
      }
    });
  }
});
