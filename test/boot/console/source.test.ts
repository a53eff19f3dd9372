/** Where the console of a server comes from: what is built already, a build, a look at what somebody built by hand. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { type ConsoleIndex, cacheFolder, indexFileName } from '../../../src/boot/console/index-file.ts';
import { findConsole } from '../../../src/boot/console/place.ts';
import { runBuild } from '../../../src/boot/console/run-build.ts';
import { createConsoleSource } from '../../../src/boot/console/source.ts';
import { consoleStamp } from '../../../src/boot/console/stamp.ts';
import { createFakeClock } from '../../support/system.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'certmux-console-'));
  for (const folder of ['console/build', 'src/boot', 'src/dialects/native/schema']) {
    await mkdir(join(root, folder), { recursive: true });
  }
  await writeFile(join(root, 'console', 'build', 'build.ts'), '');
  await writeFile(join(root, 'src', 'dialects', 'native', 'schema.ts'), '');
  await writeFile(join(root, 'package-lock.json'), '{}');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const cache = () => join(root, ...cacheFolder);
const loaded = { path: 'assets/console.js', integrity: 'sha384-x' };

async function putBuild(folder: string, stamp: string): Promise<void> {
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(folder, loaded.path), 'script');
  const index: ConsoleIndex = {
    stamp,
    entry: { script: loaded, preloaded: [], texts: { en: loaded, zh: loaded }, styles: [] },
    files: [{ path: loaded.path, mediaType: 'text/javascript', tag: '"x"' }],
  };
  await writeFile(join(folder, indexFileName), JSON.stringify(index));
}

/** A build that ends when the test lets it. */
function heldBuild() {
  const { promise: failure, resolve: end } = Promise.withResolvers<string | undefined>();
  let count = 0;
  let isStopped = false;
  return {
    end,
    get count() {
      return count;
    },
    get isStopped() {
      return isStopped;
    },
    build: () => {
      count++;
      return {
        failure,
        stop() {
          isStopped = true;
        },
      };
    },
  };
}

function open(build: ReturnType<typeof heldBuild>) {
  const place = findConsole(join(root, 'src', 'boot', 'certmux.ts'));
  assert.equal(place?.kind, 'source');
  const clock = createFakeClock();
  return { source: createConsoleSource({ place, clock, build: build.build }), clock };
}

async function phaseAfter(source: ReturnType<typeof open>['source'], phase: string) {
  for (;;) {
    const state = await source.state();
    if (state.phase === phase) return state;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('the stamp', () => {
  const rows = [
    'console/page.tsx',
    'console/src/deep/page.tsx',
    'package-lock.json',
    'src/dialects/native/schema/x.ts',
  ];
  for (const path of rows) {
    test(`is another one after a change of ${path}`, async () => {
      const before = await consoleStamp(root);
      await mkdir(join(root, path, '..'), { recursive: true });
      await writeFile(join(root, path), 'changed');
      assert.notEqual(await consoleStamp(root), before);
    });
  }

  test('is the same for the same sources', async () => {
    assert.equal(await consoleStamp(root), await consoleStamp(root));
  });
});

test('what is built of these sources is shown, and nothing is built', async () => {
  await putBuild(cache(), await consoleStamp(root));
  const held = heldBuild();
  const state = await open(held).source.state();
  assert.equal(state.phase, 'ready');
  assert.equal(held.count, 0);
});

for (const [what, stamp] of [
  ['nothing is there', undefined],
  ['it is of other sources', 'another'],
] as const) {
  test(`it is built once where ${what}, while everybody is told`, async () => {
    if (stamp !== undefined) await putBuild(cache(), stamp);
    const held = heldBuild();
    const { source } = open(held);
    const states = await Promise.all([source.state(), source.state(), source.state()]);
    assert.deepEqual(
      states.map(({ phase }) => phase),
      ['building', 'building', 'building'],
    );
    await putBuild(cache(), await consoleStamp(root));
    held.end(undefined);
    await phaseAfter(source, 'ready');
    assert.equal(held.count, 1);
  });
}

test('a build that fails is shown with its reason, and one made by hand is found', async () => {
  const held = heldBuild();
  const { source, clock } = open(held);
  await source.state();
  held.end('Cannot find package "vite"');
  const failed = await phaseAfter(source, 'failed');
  assert.deepEqual(failed, { phase: 'failed', reason: 'Cannot find package "vite"' });
  await putBuild(cache(), await consoleStamp(root));
  await clock.advance(6000);
  assert.equal((await source.state()).phase, 'ready');
  assert.equal(held.count, 1, 'it is not tried again by itself');
});

test('a server that stops ends its build', async () => {
  const held = heldBuild();
  const { source } = open(held);
  await source.state();
  source.stop();
  assert.equal(held.isStopped, true);
});

test('a package has its console beside its program, whatever its sources were', async () => {
  await putBuild(join(root, 'dist', 'console'), 'of another machine');
  const place = findConsole(join(root, 'dist', 'certmux.js'));
  assert.deepEqual(place, { kind: 'built', folder: join(root, 'dist', 'console') });
  const clock = createFakeClock();
  assert.equal((await createConsoleSource({ place, clock }).state()).phase, 'ready');
});

test('a program without either has no console', () => {
  assert.equal(findConsole(join(root, 'a', 'b', 'c', 'certmux.js')), undefined);
});

describe('a build in a process of its own', () => {
  const rows: readonly (readonly [program: string, failure: RegExp | undefined])[] = [
    ['', undefined],
    ["console.error('no such package'); process.exitCode = 3;", /^no such package\n\(exit code 3\)$/],
    ["throw new Error('broken');", /broken(?:.|\n)*\(exit code 1\)$/],
  ];
  for (const [program, expected] of rows) {
    test(program === '' ? 'is good when it ends well' : `says what it wrote: ${program}`, async () => {
      const file = join(root, 'console', 'build', 'build.ts');
      await writeFile(file, program);
      const failure = await runBuild(file, root).failure;
      if (expected === undefined) assert.equal(failure, undefined);
      else assert.match(failure ?? '', expected);
    });
  }
});
