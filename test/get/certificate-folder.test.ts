import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openCertificateFolder } from '../../src/get/certificate-folder.ts';
import { until } from '../support/system.ts';

let parent = '';
before(async () => {
  parent = await mkdtemp(join(tmpdir(), 'certmux-folder-'));
});
after(() => rm(parent, { recursive: true }));

async function opened(name: string) {
  const folder = await openCertificateFolder(parent, name);
  if (folder === 'locked') throw new Error('locked');
  return folder;
}

describe('the folder of a certificate', () => {
  test('is of one process at a time', async () => {
    const folder = await opened('locked.example');
    assert.equal(await openCertificateFolder(parent, 'locked.example'), 'locked');
    folder.unlock();
    (await opened('locked.example')).unlock();
  });

  test('holds a key with its own certificate, wherever its writer is killed', async () => {
    const child = join(import.meta.dirname, 'store-for-ever.ts');
    let versions = 0;
    for (let round = 0; round < 3; round++) {
      const writer = spawn(process.execPath, [child, parent], { stdio: ['ignore', 'pipe', 'inherit'] });
      let stored = 0;
      writer.stdout.on('data', (chunk: Buffer) => {
        stored += chunk.length;
      });
      const exited = new Promise((resolve) => writer.once('exit', resolve));
      // Another moment each time.
      await until(() => stored >= 1 + round, 'the writer has stored some');
      writer.kill('SIGKILL');
      await exited;
      const current = await realpath(join(parent, 'killed.example', 'current'));
      const number = (text: string) => /\d+/.exec(text)?.[0];
      const [key, certificate] = await Promise.all(
        ['key.pem', 'cert.pem'].map((name) => readFile(join(current, name), 'utf8')),
      );
      assert.equal(number(key ?? ''), number(certificate ?? 'none'));
      const folder = await opened('killed.example');
      const held = await folder.current();
      assert.equal(String(held?.about.certificate), number(certificate ?? ''));
      folder.unlock();
      // What was half made is gone.
      const left = await readdir(join(parent, 'killed.example'), { recursive: true });
      assert.deepEqual(
        left.filter((name) => name.includes('.new-')),
        [],
      );
      versions += stored;
    }
    assert.ok(versions >= 6);
  });
});
