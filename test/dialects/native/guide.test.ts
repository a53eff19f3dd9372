/** docs/native-api.md says "All calls": every operation stands in its table. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { operations } from '../../../src/dialects/native/operations.ts';

const guide = await readFile(join(import.meta.dirname, '..', '..', '..', 'docs', 'native-api.md'), 'utf8');
const calls = guide.slice(guide.indexOf('## All calls')).match(/^\| `[^|]+\|/gm) ?? [];

describe('in the table of docs/native-api.md', () => {
  for (const { id, method, path } of operations) {
    test(`${id}: ${method} ${path}`, () => {
      const [noun = '', ...rest] = path.split('/').slice(path.startsWith('/api/v1/') ? 3 : 2);
      const rows = calls.filter((row) => row.includes(`/${noun}`)).join('\n');
      assert.match(rows, new RegExp(`\\b${method}\\b`));
      for (const part of rest) assert.ok(rows.includes(part.startsWith(':') ? '/{' : `/${part}`), part);
    });
  }
});
