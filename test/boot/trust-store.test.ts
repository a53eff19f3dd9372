import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { openTrustStore } from '../../src/boot/trust-store.ts';

let prefix = '';
let runs: (readonly string[])[] = [];
beforeEach(async () => {
  prefix = await mkdtemp(join(tmpdir(), 'certmux-trust-'));
  runs = [];
});
afterEach(() => rm(prefix, { recursive: true, force: true }));

const roots = [
  { pem: 'one\n', sha256: 'aa'.repeat(32) },
  { pem: 'two\n', sha256: 'bb'.repeat(32) },
];

/** A machine with these folders and programs. */
async function machine(folder: string, program: string, isRoot = true) {
  await mkdir(join(prefix, folder), { recursive: true });
  await mkdir(dirname(join(prefix, program)), { recursive: true });
  await writeFile(join(prefix, program), '');
  const run = async (path: string, args: readonly string[]) => {
    runs.push([path.slice(prefix.length), ...args]);
  };
  return { isRoot, prefix, run };
}

const debian = '/usr/local/share/ca-certificates';

describe('the roots', () => {
  const systems = [
    [debian, '/usr/sbin/update-ca-certificates', '.crt', []],
    ['/etc/pki/ca-trust/source/anchors', '/usr/bin/update-ca-trust', '.pem', ['extract']],
    ['/etc/pki/trust/anchors', '/usr/sbin/update-ca-certificates', '.pem', []],
    ['/etc/ca-certificates/trust-source/anchors', '/usr/bin/trust', '.crt', ['extract-compat']],
  ] as const;
  for (const [folder, program, ending, args] of systems) {
    test(`go where the system of ${program} ${args.join(' ')} wants them in ${folder}, and out again`, async () => {
      const store = openTrustStore('en', await machine(folder, program));
      const others = join(prefix, folder, 'company.crt');
      await writeFile(others, 'theirs');
      const { changed } = await store.install(roots);
      const names = [`certmux-aaaaaaaaaaaaaaaa${ending}`, `certmux-bbbbbbbbbbbbbbbb${ending}`];
      assert.deepEqual(
        changed,
        names.map((name) => join(prefix, folder, name)),
      );
      assert.equal(await readFile(changed[0] ?? '', 'utf8'), 'one\n');
      assert.deepEqual(runs, [[program, ...args]]);
      assert.deepEqual((await store.install(roots)).changed, []);

      runs.length = 0;
      assert.equal((await store.uninstall('AA:AA:AA')).changed.length, 1);
      const fresh = folder === debian ? ['--fresh'] : [];
      assert.deepEqual(runs, [[program, ...args, ...fresh]]);
      assert.deepEqual((await readdir(join(prefix, folder))).toSorted(), [names[1], 'company.crt']);
      assert.equal((await store.uninstall(undefined)).changed.length, 1);
      assert.deepEqual((await store.uninstall(undefined)).changed, []);
      assert.equal(runs.length, 3, 'the lists are made again although nothing was left to take out');
      assert.equal(await readFile(others, 'utf8'), 'theirs');
    });
  }

  test('are put in by root only, who is named, in both languages; nothing is changed', async () => {
    const nobody = await machine(debian, '/usr/sbin/update-ca-certificates', false);
    await assert.rejects(openTrustStore('en', nobody).install(roots), {
      message: /only root may change/,
      hint: /sudo/,
    });
    await assert.rejects(openTrustStore('zh', nobody).install(roots), { message: /只有 root/, hint: /sudo/ });
    assert.deepEqual(await readdir(join(prefix, debian)), []);
    await openTrustStore('en', { ...nobody, isRoot: true }).install(roots);
    // Whoever only looks is told that they are there.
    assert.deepEqual((await openTrustStore('en', nobody).install(roots)).changed, []);
    await assert.rejects(openTrustStore('en', nobody).uninstall(undefined), { message: /only root may change/ });
    assert.equal((await readdir(join(prefix, debian))).length, 2);
  });

  test('have no place on a system that is not known', async () => {
    const run = async () => undefined;
    const store = openTrustStore('en', { isRoot: true, prefix, run });
    await assert.rejects(store.install(roots), { message: /none of the known lists/, hint: /macOS and Windows/ });
    await assert.rejects(store.uninstall(undefined), { message: /none of the known lists/ });
  });

  test('are there after a failed update, which the next run repeats', async () => {
    const good = await machine(debian, '/usr/sbin/update-ca-certificates');
    const bad = {
      ...good,
      run: async () => {
        throw new Error('disk full');
      },
    };
    await assert.rejects(openTrustStore('en', bad).install(roots), {
      message: /update-ca-certificates failed: disk full/,
    });
    assert.deepEqual((await openTrustStore('en', good).install(roots)).changed, []);
    assert.equal(runs.length, 1);
  });
});
