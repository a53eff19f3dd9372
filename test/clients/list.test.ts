/** What people read of the clients that are run is what is run. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { dialects } from '../../src/dialects/registry.ts';
import { clients } from './list.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'clients.md'), 'utf8');

test('docs/clients.md has a row for each client, with its version, registry and APIs, and no other', () => {
  const rows = page
    .split('\n')
    .filter((line) => /^\| \S+ \| \d/.test(line))
    .map((line) => line.split(' | ').slice(0, 4).join(' | '));
  const expected = clients.map(
    ({ name, version, registry, dialects }) => `| ${name} | ${version} | ${registry} | ${dialects.join(', ')}`,
  );
  assert.deepEqual(rows, expected);
});

test('there is a client for each API', () => {
  const tried = new Set(clients.flatMap((client) => client.dialects));
  assert.deepEqual(
    dialects.map(({ name }) => name).filter((name) => !tried.has(name)),
    [],
  );
});

test('each program belongs to a client', () => {
  const source = readFileSync(join(import.meta.dirname, 'list.ts'), 'utf8');
  const shared = ['stage.mjs', 'stage.py', 'document-client.mjs'];
  const programs = readdirSync(join(import.meta.dirname, 'programs'));
  assert.deepEqual(
    programs.filter((name) => !source.includes(`'${name}'`)),
    programs.filter((name) => shared.includes(name)),
  );
  for (const name of shared) assert.ok(existsSync(join(import.meta.dirname, 'programs', name)));
});
