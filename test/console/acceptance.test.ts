/** What was promised of the console, and that each promise names tests which are there. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const promises = 25;

interface Row {
  readonly number: number;
  readonly shownBy: string;
}

const rows: readonly Row[] = readFileSync(join(root, 'docs', 'console-acceptance.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, number, , shownBy] = /^\| (\d+) \| (.*?) \| (.*) \|$/.exec(line) ?? [];
    return number === undefined || shownBy === undefined ? [] : [{ number: Number(number), shownBy }];
  });

/** Each file, with the names that stand after it up to the next. */
function testsOf(shownBy: string): readonly (readonly [file: string, names: readonly string[]])[] {
  const parts = shownBy.split(/`((?:test|scripts)\/[^`]+\.ts)`/).slice(1);
  return parts.flatMap((file, index) => {
    if (index % 2 === 1) return [];
    const names = [...(parts[index + 1] ?? '').matchAll(/"((?:[^"\\]|\\.)*)"/g)];
    return [[file, names.map(([, name = '']) => name.replaceAll('\\"', '"'))] as const];
  });
}

test('every promise stands there once, in its order', () =>
  assert.deepEqual(
    rows.map(({ number }) => number),
    Array.from({ length: promises }, (_, index) => index + 1),
  ));

for (const { number, shownBy } of rows) {
  describe(`${number}`, () => {
    const tests = testsOf(shownBy);
    test('names a test', () => assert.ok(tests.length > 0, shownBy));
    for (const [file, names] of tests) {
      test(`${file} is there, with ${names.length} of them`, () => {
        assert.ok(names.length > 0, `no name after ${file}`);
        assert.ok(existsSync(join(root, file)), file);
        const text = readFileSync(join(root, file), 'utf8').replaceAll("\\'", "'");
        for (const name of names) assert.ok(text.includes(name), `${file} has no "${name}"`);
      });
    }
  });
}
