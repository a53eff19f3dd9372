/**
 * The JavaScript of the package: the program in parts that load when a command needs them, and each thread in one file of its own, which
 * holds only what that thread runs. Names stay as they are, so that a stack trace reads well even without its map.
 */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type OutputChunk, type Plugin, rolldown } from 'rolldown';
import { asJavaScript, findWorkers, fromRoot } from './workers.ts';

export interface BundleOptions {
  readonly root: string;
  /** The folder that is written. */
  readonly folder: string;
  /** What `certmux --version` shows. */
  readonly version: string;
}

/** Shows the lines of the sources in stack traces; loaded before anything else. */
const stackLines = 'stack-lines';

/** @returns the paths of all modules that went into it, from the root */
export async function bundle({ root, folder, version }: BundleOptions): Promise<readonly string[]> {
  const programs = [
    [stackLines, 'scripts/package/stack-lines.ts'],
    ['certmux', 'src/boot/certmux.ts'],
    ...findWorkers(root),
  ] as const;
  const modules = new Set<string>();
  for (const [name, file] of programs) {
    const build = await rolldown({
      input: { [name]: join(root, file) },
      platform: 'node',
      // Only loaded where it is installed; we use the driver that is JavaScript.
      external: ['pg-native'],
      plugins: [sources(root, version)],
      onLog(_level, log) {
        throw new Error(`${name}: ${log.message}`);
      },
    });
    const { output } = await build.write({
      dir: folder,
      format: 'esm',
      sourcemap: true,
      sourcemapExcludeSources: true,
      sourcemapPathTransform: (source, mapFile) => fromRoot(root, source, mapFile),
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
      banner: ({ isEntry }) => (isEntry && name !== stackLines ? `import './${stackLines}.js';` : ''),
    });
    await build.close();
    const chunks = output.filter((part): part is OutputChunk => part.type === 'chunk');
    for (const id of chunks.flatMap(({ moduleIds }) => moduleIds)) {
      // The rest is the bundler's own.
      if (id.startsWith(`${root}/`)) modules.add(relative(root, id));
    }
  }
  return [...modules].toSorted();
}

/** Finds the threads beside the code, and puts in what the sources read from package.json: the version, and what runs with it. */
function sources(root: string, version: string): Plugin {
  const manifest = join(root, 'package.json');
  const { dependencies } = JSON.parse(readFileSync(manifest, 'utf8'));
  return {
    name: 'certmux sources',
    load: {
      filter: { id: manifest },
      handler: () => ({ code: JSON.stringify({ version, dependencies }), moduleType: 'json' }),
    },
    // Nothing moves: the map of the file stays true.
    transform: { filter: { id: /\.ts$/ }, handler: (code) => ({ code: asJavaScript(code), map: null }) },
  };
}
