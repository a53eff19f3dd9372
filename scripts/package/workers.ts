/** The files that `src` starts as threads: each becomes a program of its own in the package. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** How the sources name the file of a thread. It lies beside them, as in the bundle, which has all files in one folder. */
const threadFile = /new URL\('\.\/([a-z-]+)\.ts', import\.meta\.url\)/g;

/** Paths of the files from the root, by the names of their programs. */
export function findWorkers(root: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const path of globSync('src/**/*.ts', { cwd: root }).toSorted()) {
    for (const [, target = ''] of readFileSync(join(root, path), 'utf8').matchAll(threadFile)) {
      const file = join(dirname(path), `${target}.ts`);
      const other = found.get(target);
      if (other !== undefined && other !== file) throw new Error(`${other} and ${file} would be one file`);
      found.set(target, file);
    }
  }
  return found;
}

/** The same code with the threads' files as the bundle names them. The text is as long as before, so that a source map stays right. */
export function asJavaScript(code: string): string {
  return code.replace(threadFile, "new URL('./$1.js', import.meta.url)");
}

/** Files that are read beside the code by another way, which the package would not have. */
export function otherFiles(root: string): readonly string[] {
  return globSync('src/**/*.ts', { cwd: root }).filter((path) => {
    const code = readFileSync(join(root, path), 'utf8').replace(threadFile, '');
    return /import\.meta\.(url|dirname|filename|resolve)|__dirname|createRequire/.test(code);
  });
}

/** The path from the root, `src/main.ts`, of a source that a map names. */
export function fromRoot(root: string, source: string, mapFile: string): string {
  return relative(root, join(dirname(mapFile), source));
}
