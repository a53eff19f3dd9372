/** Reads a build of the console into memory: a megabyte, which no later build can change while this server runs. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuiltConsole, ConsoleFile } from '../../http/console/state.ts';
import { type ConsoleIndex, type IndexedFile, indexFileName } from './index-file.ts';

/** The build's own account of itself; undefined where there is none that can be read. */
export async function readIndex(folder: string): Promise<ConsoleIndex | undefined> {
  const text = await readFile(join(folder, indexFileName), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const index: ConsoleIndex = JSON.parse(text);
    return index;
  } catch {
    return undefined;
  }
}

/** @throws {Error} where a file is missing: another build has just taken the place of this one */
export async function loadConsole(folder: string, { entry, files }: ConsoleIndex): Promise<BuiltConsole> {
  const loaded = await Promise.all(files.map(async (file) => [file.path, await loadFile(folder, file)] as const));
  return { entry, files: new Map(loaded) };
}

async function loadFile(folder: string, { path, mediaType, tag, brotli, gzip }: IndexedFile): Promise<ConsoleFile> {
  const read = (name: string | undefined) => (name === undefined ? undefined : readFile(join(folder, name)));
  const [plain, smallest, small] = await Promise.all([readFile(join(folder, path)), read(brotli), read(gzip)]);
  return { mediaType, tag, plain, brotli: smallest, gzip: small };
}
