/**
 * `npm run build:console`: builds the console beside the packages, where the server finds it. Runs when the packages are installed, and by
 * the server when the sources are newer. With `--unless-fresh` it does nothing where the build is of these sources, and is silent.
 */
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder } from '../../src/boot/console/index-file.ts';
import { readIndex } from '../../src/boot/console/load.ts';
import { consoleStamp } from '../../src/boot/console/stamp.ts';
import { buildConsole } from './build-console.ts';

const root = join(import.meta.dirname, '..', '..');
const target = join(root, ...cacheFolder);

const { values } = parseArgs({ options: { 'unless-fresh': { type: 'boolean', default: false } } });
const stamp = await consoleStamp(root);
const isFresh = values['unless-fresh'] && (await readIndex(target))?.stamp === stamp;
if (!isFresh) await build();

/** Two builds at once do not disturb each other: each has its folder, and the last that is done stays. */
async function build(): Promise<void> {
  const startedMs = performance.now();
  await mkdir(dirname(target), { recursive: true });
  const folder = await mkdtemp(`${target}-`);
  try {
    const { firstLoadBytes } = await buildConsole({ root, folder, stamp });
    await rm(target, { recursive: true, force: true });
    await rename(folder, target);
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    console.log(
      `The console is built in ${seconds} s; its first page loads ${Math.ceil(firstLoadBytes / 1000)} kB (gzip).`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
