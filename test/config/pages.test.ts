/** What the pages say of the configuration is so: each example is one that certmux takes, and each setting that they name is there. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ConfigError, parseConfig } from '../../src/config/load.ts';

const root = join(import.meta.dirname, '..', '..');
const pages = [
  ...['README.md', 'README.zh-CN.md', 'CHANGELOG.md'],
  ...['docs', 'docs/divergences', 'docs/decisions'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  ),
];
const textOf = (page: string) => readFileSync(join(root, page), 'utf8');

/** Blocks of YAML that stand in a list are indented with it. Others than our configuration are `yml`. */
function examplesIn(text: string): readonly string[] {
  return [...text.matchAll(/^( *)```yaml\n([\s\S]*?)^ *```/gm)].map(([, indent = '', block = '']) =>
    block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
}

const settings = [...textOf('docs/configuration.md').matchAll(/^\| `([\w.<>]+)` \|/gm)].map(([, name = '']) => name);
const sections = new Set(settings.flatMap((name) => (name.includes('.') ? [name.split('.')[0] ?? ''] : [])));
/** `profiles.<name>.reuseDays` stands for one of each profile, `limits.accounts` for all below it. */
const patterns = settings.map((name) => new RegExp(`^${name.replaceAll('.', '\\.').replace('<name>', '[^.]+')}$`));
const open = ['limits.accounts', 'dialects.acme.directories', 'dialects.httpsok.issuers'];

const isThere = (name: string) =>
  patterns.some((pattern) => pattern.test(name)) ||
  settings.some((setting) => setting.startsWith(`${name}.`)) ||
  open.some((setting) => name.startsWith(`${setting}.`));

/** Kinds of events look the same, and so do files. */
const events = new Set([...textOf('src/domain/event.ts').matchAll(/'(\w+\.\w+)'/g)].map(([, name = '']) => name));

/** In backquotes, and beginning with a section: `dns.resolvers`, `dialects.racent.suffix: x`. */
function settingsIn(text: string): readonly string[] {
  return [...text.matchAll(/`([a-z]\w*(?:\.[a-z<]\w*>?)+)(?::[^`\n]*)?`/g)]
    .map(([, name = '']) => name)
    .filter((name) => sections.has(name.split('.')[0] ?? '') && !events.has(name) && !name.endsWith('.ts'));
}

describe('the configuration on the pages', () => {
  test('is found', () => {
    assert.ok(pages.flatMap((page) => examplesIn(textOf(page))).length > 15);
    assert.ok(pages.flatMap((page) => settingsIn(textOf(page))).length > 200);
  });

  test('is taken, each example of it', () => {
    const refused = pages.flatMap((page) =>
      examplesIn(textOf(page)).flatMap((example) => {
        try {
          parseConfig(example, page);
          return [];
        } catch (thrown) {
          if (!(thrown instanceof ConfigError)) throw thrown;
          return [thrown.message];
        }
      }),
    );
    assert.deepEqual(refused, []);
  });

  test('has the settings that they name', () => {
    const missing = pages.flatMap((page) =>
      settingsIn(textOf(page)).flatMap((name) => (isThere(name) ? [] : [`${page}: ${name}`])),
    );
    assert.deepEqual(missing, []);
  });

  test('a wrong one would be noticed', () => {
    assert.deepEqual(settingsIn('`dns.resolver`, `dns.resolvers: [192.0.2.53]`, `profiles.x.reuseDays`').map(isThere), [
      false,
      true,
      true,
    ]);
    assert.throws(
      () => parseConfig(examplesIn('   ```yaml\n   dns:\n     resolver: []\n   ```\n')[0] ?? '', 'x'),
      /resolver/,
    );
  });
});
