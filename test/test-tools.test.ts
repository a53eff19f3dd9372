/** The test command on a machine that lacks what the tests need: one sentence, not a hundred tests that fail. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'certmux-path-'));
after(() => rmSync(folder, { recursive: true }));

function run(path: string) {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const args = [join(root, 'scripts', 'test.ts'), 'test/domain/money.test.ts'];
  return spawnSync(process.execPath, args, { cwd: root, env: { ...env, PATH: path }, encoding: 'utf8' });
}

describe('the test command', () => {
  test('names what is missing where nothing can bring it', () => {
    const { status, stdout, stderr } = run(folder);
    assert.equal(status, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /^the tests need openssl, curl, which this machine lacks .*: install it\n$/);
  });

  test('names what is missing where apt-get fails', () => {
    for (const name of ['apt-get', 'dpkg-deb']) symlinkSync('/bin/false', join(folder, name));
    const { status, stderr } = run(folder);
    assert.equal(status, 1);
    assert.match(stderr, /^the tests need openssl, curl.*(?:apt-get update failed|install it as root).*\n$/);
  });
});
