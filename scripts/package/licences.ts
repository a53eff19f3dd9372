/** The licences of what the bundle holds of others: most of them ask that their text goes along. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Bundled {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** The texts of its LICENSE, COPYING and NOTICE files. */
  readonly texts: readonly string[];
}

/** @param modules paths from the root, some of them below node_modules */
export function licencesText(root: string, modules: readonly string[]): string {
  const folders = new Set(modules.flatMap((path) => folderOf(path) ?? []));
  const parts = [...folders].toSorted().map((folder) => readBundled(join(root, folder)));
  return [
    'certmux contains these packages of others, each under its own licence.\n',
    ...parts.map(({ name, version, license, texts }) => [`${name} ${version} (${license})`, ...texts].join('\n\n')),
  ].join(`\n${'='.repeat(80)}\n\n`);
}

/** `node_modules/@hono/node-server` of a file in it; of nested ones the innermost. */
function folderOf(path: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

function readBundled(folder: string): Bundled {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (typeof license !== 'string') throw new Error(`${folder}: its package.json names no licence`);
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)(\.|-|$)/i.test(file));
  return {
    name,
    version,
    license,
    texts: files.toSorted().map((file) => readFileSync(join(folder, file), 'utf8').trim()),
  };
}
