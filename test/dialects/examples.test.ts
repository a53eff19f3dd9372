import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialects } from '../../src/dialects/registry.ts';
import { examplesOf } from '../support/examples.ts';

for (const dialect of dialects) {
  test(`src/dialects/${dialect.name}/examples.json is what its exchanges say: \`npm run docs\` writes it.`, () => {
    const expected = examplesOf(dialect);
    assert.notDeepEqual(expected, {});
    assert.deepEqual(dialect.docs.examples, expected);
  });
}
