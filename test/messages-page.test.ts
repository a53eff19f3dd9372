/** docs/messages.md shows every text of the catalogue, and is current. */

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { renderReason } from '../src/domain/errors.ts';
import type { Language } from '../src/domain/language.ts';
import { type ReasonKey, reasons } from '../src/domain/messages/index.ts';
import { reasonSamples } from './support/message-samples.ts';
import { messagesDocument, reasonSections } from './support/messages-document.ts';

const root = join(import.meta.dirname, '..');
const document = messagesDocument();

test('docs/messages.md is what the catalogue says: `npm run docs` writes it.', async () => {
  assert.equal(await readFile(join(root, 'docs', 'messages.md'), 'utf8'), document);
});

test('Every reason is on the page once, in the section of its file.', () => {
  const listed = reasonSections.flatMap(({ rows }) => Object.keys(rows));
  assert.deepEqual(listed.toSorted(), Object.keys(reasons).toSorted());
  for (const key of listed) assert.equal(document.split(`| \`${key}\`<br>`).length, 2, key);
});

test('Every file of reasons has a section.', () => {
  const words = [
    'alarms.ts',
    'check-advice.ts',
    'expectations.ts',
    'faults.ts',
    'index.ts',
    'row.ts',
    'upstreams.ts',
    'words.ts',
  ];
  const files = readdirSync(join(root, 'src', 'domain', 'messages')).filter((name) => name.endsWith('.ts'));
  const sections = reasonSections.map(({ file }) => file);
  assert.deepEqual([...sections, ...words].toSorted(), files.toSorted());
});

test('A sample has every value that its message reads.', () => {
  for (const key of Object.keys(reasons) as ReasonKey[]) {
    for (const params of reasonSamples[key]) {
      for (const language of ['en', 'zh'] satisfies Language[]) {
        const text = renderReason({ key, params } as Parameters<typeof renderReason>[0], language);
        assert.doesNotMatch(text, /undefined|null|NaN|\[object/, key);
      }
    }
  }
});

test('Tables are tables: each row has as many cells as its head.', () => {
  const tables = document
    .trimEnd()
    .split('\n\n')
    .filter((part) => part.startsWith('|'));
  assert.ok(tables.length > 15);
  for (const table of tables) {
    const widths = table.split('\n').map((line) => line.replaceAll('\\|', '').split('|').length);
    assert.equal(new Set(widths).size, 1, table);
  }
});
