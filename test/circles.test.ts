/** No file of `src` imports one that imports it, types included: what a file needs can be read before it. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSource, readSources, type SourceFile } from './support/source.ts';

/** The files of one circle, each importing the next, the first one again at the end; undefined where there is none. */
function circleAmong(files: readonly SourceFile[]): readonly string[] | undefined {
  const targets = new Map(files.map(({ path, imports }) => [path, imports.map(({ target }) => target)]));
  const finished = new Set<string>();
  const way: string[] = [];
  const visit = (path: string): readonly string[] | undefined => {
    if (finished.has(path)) return undefined;
    const seenAt = way.indexOf(path);
    if (seenAt !== -1) return [...way.slice(seenAt), path];
    way.push(path);
    for (const target of targets.get(path) ?? []) {
      const circle = visit(target);
      if (circle !== undefined) return circle;
    }
    way.pop();
    finished.add(path);
    return undefined;
  };
  for (const path of targets.keys()) {
    const circle = visit(path);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

test('no file of src imports itself by way of others', async () => {
  const files = await readSources(join(import.meta.dirname, '..', 'src'));
  assert.ok(files.length > 50, 'the sources were found');
  assert.equal(circleAmong(files)?.join(' → '), undefined);
});

test('a circle is found, types and all', () => {
  const files = [
    readSource('a.ts', "import type { B } from './b.ts';"),
    readSource('b.ts', "import { c } from './c.ts';\nimport { d } from './d.ts';"),
    readSource('c.ts', ''),
    readSource('d.ts', "export { a } from './a.ts';"),
  ];
  assert.deepEqual(circleAmong(files), ['a.ts', 'b.ts', 'd.ts', 'a.ts']);
  assert.equal(circleAmong(files.slice(0, 3)), undefined);
});
