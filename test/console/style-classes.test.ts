/** What a part of the console calls a class is in its style sheet: a name that is not there is no error anywhere, and nothing is styled. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../console/src', import.meta.url));
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));

const imports = /^import (\w+) from '([^']+\.module\.css)';$/gm;

/** `styles` in `import styles from './x.module.css'`, and the file. */
function sheetsOf(path: string, text: string): readonly { readonly name: string; readonly sheet: string }[] {
  return [...text.matchAll(imports)].map(([, name = '', sheet = '']) => ({
    name,
    sheet: join(dirname(path), sheet),
  }));
}

function classesIn(sheet: string): ReadonlySet<string> {
  const own = readFileSync(sheet, 'utf8').replace(/:global\([^)]*\)/g, '');
  return new Set([...own.matchAll(/\.([a-zA-Z][\w-]*)/g)].map(([, name = '']) => name));
}

/** The classes that a source names by a sheet; `*` where a value chooses: `styles[tone]`. */
function namedIn(text: string, sheet: string): readonly string[] {
  const code = text.replace(imports, '');
  const names = [...code.matchAll(new RegExp(`\\b${sheet}\\.([a-zA-Z]\\w*)`, 'g'))].map(([, name = '']) => name);
  return code.includes(`${sheet}[`) ? ['*', ...names] : names;
}

test('each class that a part of the console names is in its style sheet, and none is there in vain', () => {
  const used = new Map<string, Set<string>>();
  for (const source of sources) {
    const text = readFileSync(join(root, source), 'utf8');
    for (const { name, sheet } of sheetsOf(join(root, source), text)) {
      const there = classesIn(sheet);
      for (const named of namedIn(text, name)) {
        assert.ok(named === '*' || there.has(named), `${source}: ${name}.${named}`);
        used.set(sheet, (used.get(sheet) ?? new Set()).add(named));
      }
    }
  }
  assert.ok(used.size > 20);
  for (const [sheet, names] of used) {
    const dead = names.has('*') ? [] : [...classesIn(sheet)].filter((name) => !names.has(name));
    assert.deepEqual(dead, [], sheet);
  }
});
