import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ensureDirectory, readFileIfPresent, writeFileAtomically } from '../../src/system/files.ts';

let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'certmux-files-'));
});
after(() => rm(directory, { recursive: true }));

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

test('a file is written with its mode and nothing is left beside it', async () => {
  const path = join(directory, 'plain', 'secret.key');
  await ensureDirectory(join(directory, 'plain'));
  await writeFileAtomically(path, 'one');
  await writeFileAtomically(path, new TextEncoder().encode('two'), { mode: 0o644 });
  assert.equal(new TextDecoder().decode(await readFileIfPresent(path)), 'two');
  assert.equal(await modeOf(path), 0o644);
  assert.deepEqual(await readdir(join(directory, 'plain')), ['secret.key']);
});

test('a file is private unless told otherwise', async () => {
  await writeFileAtomically(join(directory, 'private'), 'x');
  assert.equal(await modeOf(join(directory, 'private')), 0o600);
});

test('a write that fails leaves the old content and no temporary file', async () => {
  const path = join(directory, 'target');
  await ensureDirectory(join(path, 'child')); // a directory that is not empty cannot be replaced
  await assert.rejects(writeFileAtomically(path, 'x'));
  assert.deepEqual(
    (await readdir(directory)).filter((name) => name.endsWith('.tmp')),
    [],
  );
});

test('a missing file is undefined, and an unreadable one is an error', async () => {
  assert.equal(await readFileIfPresent(join(directory, 'missing')), undefined);
  await assert.rejects(readFileIfPresent(directory), { code: 'EISDIR' });
});

test('a directory gets its mode even when it was there', async () => {
  const path = join(directory, 'a', 'b');
  await ensureDirectory(path, 0o755);
  await ensureDirectory(path, 0o700);
  assert.equal(await modeOf(path), 0o700);
});
