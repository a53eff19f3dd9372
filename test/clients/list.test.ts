/** What people read of the clients that are run is what is run. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { clients } from './list.ts';
import { fromGo, fromNpm, fromPypi } from './packages.ts';
import { upstreamCas } from './upstreams.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'clients.md'), 'utf8');

test('docs/clients.md has a row for each client, with its version, registry and APIs, and no other', () => {
  const rows = page
    .split('\n')
    .filter((line) => /^\| \S+ \| \d.*( \| .*){3}/.test(line))
    .map((line) => line.split(' | ').slice(0, 4).join(' | '));
  const expected = clients.map(
    ({ name, version, registry, dialects }) => `| ${name} | ${version} | ${registry} | ${dialects.join(', ')}`,
  );
  assert.deepEqual(rows, expected);
});

test('docs/clients.md has a row for each CA in each of its manners, and no other', () => {
  const [, part = ''] = page.split('## CAs that certmux buys from');
  const rows = (part.split('\n## ')[0] ?? '').split('\n').filter((line) => /^\| (?!CA |---)/.test(line));
  const expected = upstreamCas.flatMap(({ name, version, manners }) =>
    manners.map(({ title, mode }) => `| ${name} | ${version} | ${title} | ${mode} |`),
  );
  assert.deepEqual(rows, expected);
});

test('each program belongs to a client', () => {
  const source = readFileSync(join(import.meta.dirname, 'list.ts'), 'utf8');
  const shared = ['stage.mjs', 'stage.py', 'document-client.mjs', 'acme.mjs', 'alpn.mjs', 'served.mjs'];
  const programs = readdirSync(join(import.meta.dirname, 'programs'));
  assert.deepEqual(
    programs.filter((name) => !source.includes(`'${name}'`)),
    programs.filter((name) => shared.includes(name)),
  );
  for (const name of shared) assert.ok(existsSync(join(import.meta.dirname, 'programs', name)));
});

test('a package manager that is not on the machine is named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'certmux-client-'));
  const { PATH: path = '' } = process.env;
  process.env.PATH = folder;
  try {
    const place = { folder, documentOf: async () => '{}' };
    const go = { generator: 'example.com/generator@v1.0.0', runtime: 'example.com/runtime@v1.0.0', madeOf: 'native' };
    const rows = [
      [fromNpm(['a@1.0.0'], 'swagger-client.mjs'), 'npm'],
      [fromPypi('a==1.0.0', 'stage.py'), 'python3'],
      [fromGo(go, 'oapi-codegen.go'), 'go'],
    ] as const;
    for (const [bring, manager] of rows) {
      await assert.rejects(bring(place), new Error(`${manager} is not on this machine`));
    }
  } finally {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  }
});
