/** The pages about lint are those that `npm run docs` makes of the rules. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { lintDocument } from '../../support/lint-document.ts';

const docs = join(import.meta.dirname, '../../../docs');

test('docs/lint.md and its Chinese page are up to date: npm run docs writes them.', () => {
  assert.equal(readFileSync(join(docs, 'lint.md'), 'utf8'), lintDocument('en'));
  assert.equal(readFileSync(join(docs, 'lint.zh-CN.md'), 'utf8'), lintDocument('zh'));
});
