/**
 * What a build of the console was made from, as one hash: its sources, the native API that it calls, the packages. A build with another
 * stamp is an old one, however new its files are.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** Files and folders, from the root of the project. */
const sources = ['console', 'src/dialects/native/schema', 'src/dialects/native/schema.ts', 'package-lock.json'];

/** @param root the folder of the project */
export async function consoleStamp(root: string): Promise<string> {
  const paths = (await Promise.all(sources.map((path) => filesBelow(join(root, path))))).flat().toSorted();
  const contents = await Promise.all(paths.map((path) => readFile(path)));
  const hash = createHash('sha256');
  for (const [index, content] of contents.entries()) {
    const name = relative(root, paths[index] ?? '').replaceAll(sep, '/');
    hash.update(`${name}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

async function filesBelow(path: string): Promise<readonly string[]> {
  if (/\.\w+$/.test(path)) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}
