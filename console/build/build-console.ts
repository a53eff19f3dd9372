/** Builds the console into a folder: its files, each in the encodings that browsers take, and the index by which the server knows them. */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { type ConsoleIndex, type IndexedFile, indexFileName } from '../../src/boot/console/index-file.ts';
import type { ConsoleEntry, LoadedFile } from '../../src/http/console/state.ts';
import { nativeEndpoints } from './endpoints-plugin.ts';

export interface BuildOptions {
  /** The folder of the project. */
  readonly root: string;
  /** Empty; the build goes there. */
  readonly folder: string;
  readonly stamp: string;
}

export interface BuildResult {
  /** Modules that went into it, as paths from the root. */
  readonly modules: readonly string[];
  /** What a browser loads before it shows anything, compressed by gzip; of the languages the larger one. */
  readonly firstLoadBytes: number;
}

const languages = ['en', 'zh'] as const;

export async function buildConsole({ root, folder, stamp }: BuildOptions): Promise<BuildResult> {
  const source = join(root, 'console');
  const before = process.env.NODE_ENV;
  const built = await build({
    configFile: false,
    root: source,
    base: '/console/',
    publicDir: join(source, 'public'),
    logLevel: 'warn',
    clearScreen: false,
    plugins: [nativeEndpoints()],
    worker: { format: 'es' },
    build: {
      outDir: folder,
      emptyOutDir: true,
      // One style for all pages: small, and in one order whichever page is opened first.
      cssCodeSplit: false,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rolldownOptions: {
        input: { console: join(source, 'src', 'main.tsx') },
        onLog(level, log, handle) {
          // `'use client'` of libraries speaks to servers that draw pages, which there are none of here.
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
        },
      },
    },
  });
  // Vite leaves `production` there: npm, run by this process later, would install no development packages.
  if (before === undefined) delete process.env.NODE_ENV;
  else process.env.NODE_ENV = before;
  const { output } = outputOf(built);
  const chunks = output.filter((part): part is Rolldown.OutputChunk => part.type === 'chunk');
  const entry = await entryOf(folder, chunks, output);
  const files = await encodeAll(folder);
  const index: ConsoleIndex = { stamp, entry, files };
  await writeFile(join(folder, indexFileName), JSON.stringify(index));
  const modules = chunks.flatMap(({ moduleIds }) => moduleIds).filter((id) => id.startsWith(`${root}/`));
  return {
    modules: [...new Set(modules.map((id) => relative(root, id.replace(/\?.*$/, ''))))].toSorted(),
    firstLoadBytes: await firstLoadOf(folder, entry, files),
  };
}

function outputOf(built: Awaited<ReturnType<typeof build>>): Rolldown.RolldownOutput {
  const [only] = [built].flat();
  if (only === undefined || !('output' in only)) throw new Error('the build made no files');
  return only;
}

type Output = Rolldown.RolldownOutput['output'][number];

async function entryOf(
  folder: string,
  chunks: readonly Rolldown.OutputChunk[],
  output: readonly Output[],
): Promise<ConsoleEntry> {
  const script = chunks.find(({ isEntry }) => isEntry);
  if (script === undefined) throw new Error('the build has no entry');
  const textsOf = (language: string) => {
    const chunk = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(`/messages/${language}.ts`));
    if (chunk === undefined) throw new Error(`the texts in "${language}" are no chunk of their own`);
    return chunk.fileName;
  };
  const loaded = async (path: string): Promise<LoadedFile> => {
    const hash = createHash('sha384').update(await readFile(join(folder, path)));
    return { path, integrity: `sha384-${hash.digest('base64')}` };
  };
  const styles = output.map(({ fileName }) => fileName).filter((name) => name.endsWith('.css'));
  const [en, zh] = await Promise.all(languages.map((language) => loaded(textsOf(language))));
  if (en === undefined || zh === undefined) throw new Error('texts are missing');
  return {
    script: await loaded(script.fileName),
    preloaded: await Promise.all(script.imports.map(loaded)),
    texts: { en, zh },
    styles: await Promise.all(styles.map(loaded)),
  };
}

const mediaTypes: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
};

async function encodeAll(folder: string): Promise<readonly IndexedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Promise.all(paths.toSorted().map((path) => encodeFile(folder, path)));
}

const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

async function encodeFile(folder: string, path: string): Promise<IndexedFile> {
  const ending = /\.(\w+)$/.exec(path)?.[1] ?? '';
  const mediaType = mediaTypes[ending];
  if (mediaType === undefined) throw new Error(`nobody knows the media type of ${path}`);
  const plain = await readFile(path);
  const file = {
    path: relative(folder, path),
    mediaType,
    tag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
  };
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  const [br, gz] = await Promise.all([toBrotli(plain, { params: quality }), toGzip(plain, { level: 9 })]);
  const keep = async (bytes: Uint8Array, name: string) => {
    if (bytes.length >= plain.length) return undefined;
    await writeFile(`${path}.${name}`, bytes);
    return `${file.path}.${name}`;
  };
  const [brotli, gzipped] = await Promise.all([keep(br, 'br'), keep(gz, 'gz')]);
  return {
    ...file,
    ...(brotli === undefined ? {} : { brotli }),
    ...(gzipped === undefined ? {} : { gzip: gzipped }),
  };
}

async function firstLoadOf(folder: string, entry: ConsoleEntry, files: readonly IndexedFile[]): Promise<number> {
  const sizeOf = async ({ path }: LoadedFile) => {
    const file = files.find((one) => one.path === path);
    return (await readFile(join(folder, file?.gzip ?? path))).length;
  };
  const always = [entry.script, ...entry.preloaded, ...entry.styles];
  const sizes = await Promise.all(always.map(sizeOf));
  const texts = await Promise.all(languages.map((language) => sizeOf(entry.texts[language])));
  return sizes.reduce((sum, size) => sum + size, 0) + Math.max(...texts);
}
