/** What the browser gets: of the server's code nothing but types, of packages those that are meant. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { endpointTable } from '../../console/build/endpoints-plugin.ts';
import { api } from '../../src/dialects/native/schema.ts';
import { readSources } from '../support/source.ts';

const files = await readSources(join(import.meta.dirname, '..', '..', 'console', 'src'));
const imports = files.flatMap(({ path, imports: all }) => all.map((one) => ({ path, ...one })));

const packages = [
  '@mantine/core',
  '@mantine/hooks',
  '@tanstack/react-query',
  '@tanstack/react-router',
  '@tanstack/react-virtual',
  'get-nonce',
  'react',
  'react-dom/client',
  'virtual:native-endpoints',
  'virtual:native-roles',
];

test('of the server the console takes types only, and only those of the native API', () => {
  const outside = imports.filter(({ target }) => target.includes('../src/') || target.startsWith('..'));
  assert.ok(outside.length > 0, 'the imports were found');
  assert.deepEqual(
    outside.filter(({ target, isTypeOnly }) => !isTypeOnly || !target.endsWith('src/dialects/native/schema.ts')),
    [],
  );
  const types = imports.filter(({ target }) => target === 'zod');
  assert.deepEqual(
    types.filter(({ isTypeOnly }) => !isTypeOnly),
    [],
  );
});

test('nothing else goes to the browser unnoticed', () => {
  const others = imports.filter(({ target, isTypeOnly }) => !isTypeOnly && !/\.(tsx?|css)$/.test(target));
  assert.deepEqual([...new Set(others.map(({ target }) => target))].toSorted(), packages);
});

test('the table of calls has every endpoint of the native API', () => {
  const table = endpointTable();
  for (const [noun, verbs] of Object.entries(api)) {
    for (const [verb, { method, path }] of Object.entries(verbs)) assert.deepEqual(table[noun]?.[verb], [method, path]);
  }
});

test('no page writes markup by itself', () => {
  const writing = files.filter(({ code }) => /dangerouslySetInnerHTML|innerHTML|document\.write|eval\(/.test(code));
  assert.deepEqual(
    writing.map(({ path }) => path),
    [],
  );
});
