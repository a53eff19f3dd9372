/** The corpus and the findings: one file for each input, in a folder for each target. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const corpusFolder = join(import.meta.dirname, 'corpus');
export const findingsFolder = join(import.meta.dirname, 'findings');

export interface Sample {
  readonly file: string;
  readonly input: Buffer;
}

/** Every input of one target, in the order of their names. */
export async function readSamples(folder: string, target: string): Promise<readonly Sample[]> {
  const path = join(folder, target);
  if (!existsSync(path)) return [];
  const files = (await readdir(path)).filter((file) => !file.startsWith('.')).toSorted();
  return Promise.all(files.map(async (file) => ({ file, input: await readFile(join(path, file)) })));
}

/** @returns the path of the new file */
export async function writeFinding(folder: string, target: string, file: string, input: Buffer): Promise<string> {
  await mkdir(join(folder, target), { recursive: true });
  const path = join(folder, target, file);
  await writeFile(path, input);
  return path;
}
