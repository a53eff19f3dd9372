/** The configurations that the pages show can be pasted: nothing in them is unknown, refused at the first start, or out of the command line's reach. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { commandUrlOf } from '../../src/boot/command-url.ts';
import { parseConfig, parseFirstConfig } from '../../src/config/load.ts';

const root = join(import.meta.dirname, '..', '..');
const pages = [
  'README.md',
  'README.zh-CN.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

interface Shown {
  readonly page: string;
  readonly text: string;
}

const shown: readonly Shown[] = pages.flatMap((page) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^( *)```yaml\n([\s\S]*?)^ *```$/gm)].map(
    ([, indent = '', text = '']) => ({ page, text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), '') }),
  ),
);

describe('a configuration on a page', () => {
  test('is there', () => assert.ok(shown.length > 8));

  for (const [index, { page, text }] of shown.entries()) {
    test(`${page}, ${index}: is understood${/^listen:/m.test(text) ? ', and starts' : ''}`, () => {
      const config = parseConfig(text, page);
      if (!/^listen:/m.test(text)) return;
      parseFirstConfig(text, page);
      assert.match(commandUrlOf(config.listen) ?? '', /^http:/);
    });
  }
});
