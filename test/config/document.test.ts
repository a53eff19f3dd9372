import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { configurationDocument } from '../../src/config/document.ts';
import { meaningsZh } from '../../src/config/document-zh.ts';
import { acmeIssuerSection, poolSection } from '../../src/config/issuers.ts';
import { parseConfig } from '../../src/config/load.ts';
import { configSchema } from '../../src/config/schema.ts';
import { vendorIssuerSection } from '../../src/config/vendor-section.ts';
import { dialects } from '../../src/dialects/registry.ts';

const document = configurationDocument('en');

for (const [language, name] of [
  ['en', 'configuration.md'],
  ['zh', 'configuration.zh-CN.md'],
] as const) {
  test(`docs/${name} is what the schema says: \`npm run docs\` writes it.`, async () => {
    const file = join(import.meta.dirname, '..', '..', 'docs', name);
    assert.equal(await readFile(file, 'utf8'), configurationDocument(language));
  });
}

test('The page in Chinese has the same settings as the one in English, each with a meaning in Chinese, and no others.', () => {
  const settingsOf = (page: string) => [...page.matchAll(/^\| `([^`]+)` \|/gm)].map(([, setting]) => setting);
  const chinese = configurationDocument('zh');
  assert.deepEqual(settingsOf(chinese), settingsOf(document));
  for (const [path, meaning] of Object.entries(meaningsZh)) {
    assert.match(meaning, /[\u4e00-\u9fff].*。$/, path);
    assert.ok(chinese.includes(meaning.replaceAll('|', '\\|')), `${path} is no setting any more`);
  }
});

test('Every setting is on the page, with a meaning.', () => {
  const paths = [...settingPaths(z.toJSONSchema(configSchema, { io: 'input' }) as Schema, '')].filter(
    (path) => !/^(issuers|(profiles|dialects)\.[^.]+)$/.test(path),
  );
  assert.ok(paths.length > 15);
  const ofIssuers = [acmeIssuerSection, poolSection].flatMap((section) => [
    ...settingPaths(z.toJSONSchema(section, { io: 'input' }) as Schema, 'issuers.<id>.'),
  ]);
  const ofVendors = settingPaths(z.toJSONSchema(vendorIssuerSection, { io: 'input' }) as Schema, 'issuers.<vendor>.');
  const own = dialects.flatMap(({ name, configSchema: schema }) => [
    ...settingPaths(schema.toJSONSchema({ io: 'input' }), `dialects.${name}.`),
  ]);
  const rows = new Map(
    [...document.matchAll(/^\| `([^`]+)` \| ([^|]+) \| [^|]* \| (.*) \|$/gm)].map((row) => [row[1], row]),
  );
  for (const path of [...paths, ...ofIssuers, ...[...ofVendors].filter((path) => !path.endsWith('.kind')), ...own]) {
    const generic = path.replace(/^profiles\.[^.]+/, 'profiles.<name>');
    const [, , kind = '', meaning = ''] = rows.get(generic) ?? [];
    assert.ok(kind.trim().length > 2, `${generic} is not on the page`);
    assert.match(meaning, /^.{10,}[.]/, `${generic} is not explained`);
  }
});

test("The page's own example is a configuration.", () => {
  const [, example] = /```yaml\n([^`]+)```/.exec(document) ?? [];
  assert.ok(example !== undefined);
  assert.equal(parseConfig(example, 'example').listen.length, 2);
});

test('Tables are tables: each row has as many cells as its head.', () => {
  const tables = document.split('\n\n').filter((part) => part.startsWith('|'));
  assert.ok(tables.length > 8);
  for (const table of tables) {
    const widths = table.split('\n').map((line) => line.replaceAll('\\|', '').split('|').length);
    assert.equal(new Set(widths).size, 1, table);
  }
});

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
}

/** The paths of all settings that hold a value, from JSON Schema. */
function* settingPaths(schema: Schema, prefix: string): Generator<string> {
  for (const { properties = {} } of [schema, ...(schema.anyOf ?? [])]) {
    for (const [name, child] of Object.entries(properties)) {
      const inner = [...settingPaths(child, `${prefix}${name}.`)];
      if (inner.length === 0) yield `${prefix}${name}`;
      yield* inner;
    }
  }
}
