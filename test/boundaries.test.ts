/** Who may import whom (design §6). A part that is not in the table may import nothing. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readSource, readSources, type SourceFile } from './support/source.ts';

interface Layer {
  /** A file or a folder of `src`; the longest that fits counts. `*` is one name. */
  readonly part: string;
  /** Files and folders it may import besides its own part. */
  readonly from: readonly string[];
  /** Packages of npm. */
  readonly packages: readonly string[];
  /** Modules of Node; absent where any will do that test/ambient.test.ts does not ban. */
  readonly builtins?: readonly string[];
}

const dialectFaces = (name: string) =>
  ['client.ts', 'client/', 'schema.ts', 'schema/', '*/schema.ts'].map((face) => `dialects/${name}/${face}`);
const registries = ['dialects/registry.ts', 'issuers/registry.ts'];

const layers: readonly Layer[] = [
  { part: 'domain/', from: [], packages: [], builtins: [] },
  {
    part: 'pki/',
    from: ['domain/'],
    packages: [],
    builtins: ['node:crypto', 'node:buffer', 'node:util', 'node:timers', 'node:worker_threads'],
  },
  { part: 'system/', from: ['domain/'], packages: ['tldts', 'pino', 'nodemailer'] },
  { part: 'jobs/', from: ['domain/'], packages: [] },
  { part: 'http/', from: ['domain/'], packages: ['hono', '@hono/node-server', 'prom-client'] },
  { part: 'db/', from: ['domain/'], packages: ['kysely', 'pg'] },
  { part: 'backup/', from: ['domain/', 'pki/', 'db/', 'system/'], packages: [] },
  { part: 'dcv/', from: ['domain/', 'pki/'], packages: [], builtins: [] },
  { part: 'dns/', from: ['domain/'], packages: [], builtins: [] },
  { part: 'app/', from: ['domain/', 'pki/'], packages: [] },
  { part: 'dialects/kit/', from: ['domain/'], packages: ['fflate', 'hono', 'zod'] },
  { part: 'dialects/*/', from: ['dialects/kit/', 'domain/', 'pki/'], packages: ['hono', 'zod'] },
  { part: 'dialects/registry.ts', from: ['dialects/', 'domain/'], packages: [] },
  { part: 'issuers/embedded/', from: ['domain/', 'pki/'], packages: [] },
  { part: 'issuers/evidence.ts', from: ['domain/'], packages: [] },
  { part: 'issuers/acme/', from: ['domain/', 'pki/', 'issuers/evidence.ts', ...dialectFaces('acme')], packages: [] },
  { part: 'issuers/vendor/', from: ['domain/', 'issuers/evidence.ts'], packages: [] },
  { part: 'issuers/registry.ts', from: ['issuers/', 'domain/'], packages: [] },
  { part: 'config/', from: ['domain/', ...registries], packages: ['zod', 'yaml'] },
  { part: 'cli/', from: ['domain/', ...dialectFaces('native')], packages: ['commander'] },
  {
    part: 'quickstart/',
    from: [
      'domain/',
      'pki/',
      'system/',
      ...dialectFaces('*'),
      'dialects/kit/secret.ts',
      'config/',
      'boot/data-directory.ts',
      'cli/table.ts',
      'cli/terminal.ts',
      'cli/width.ts',
      'main.ts',
    ],
    packages: ['dns-packet'],
  },
  {
    part: 'get/',
    from: [
      'domain/',
      'pki/',
      'system/',
      ...dialectFaces('native'),
      'db/engine/sqlite/lock.ts',
      'cli/failure.ts',
      'cli/get-request.ts',
      'cli/get-words.ts',
      'cli/local.ts',
    ],
    packages: [],
  },
  // The process around the server (docs/decisions/0001-boot.md); '..' is package.json, for the version.
  { part: 'boot/', from: [''], packages: ['..'] },
  { part: 'main.ts', from: [''], packages: [] },
];

/** What the file imports although the table does not allow it. */
function trespasses(file: SourceFile): string[] {
  const layer = layerOf(file.path);
  const targets = [...new Set(file.imports.map((one) => one.target))];
  return targets.filter((target) => !isAllowed(target, file.path, layer)).map((target) => `${file.path} ← ${target}`);
}

function layerOf(path: string): Layer | undefined {
  const fitting = layers.filter((layer) => covers(layer.part, path));
  return fitting.toSorted((one, other) => other.part.length - one.part.length)[0];
}

function isAllowed(target: string, path: string, layer: Layer | undefined): boolean {
  if (layer === undefined) return false;
  if (target.startsWith('node:')) return layer.builtins === undefined || layer.builtins.includes(target);
  if (!/\.(tsx?|json)$/.test(target)) return layer.packages.includes(packageName(target));
  return [ownPart(layer.part, path), ...layer.from].some((part) => covers(part, target));
}

// Seen from dialects/racent/server.ts, `dialects/*/` is dialects/racent/: a dialect never imports another.
function ownPart(part: string, path: string): string {
  const names = path.split('/');
  return part
    .split('/')
    .map((name, index) => (name === '*' ? (names[index] ?? name) : name))
    .join('/');
}

function covers(part: string, path: string): boolean {
  const pattern = part.replaceAll('.', '\\.').replaceAll('*', '[^/]+');
  return new RegExp(part === '' || part.endsWith('/') ? `^${pattern}` : `^${pattern}$`).test(path);
}

function packageName(target: string): string {
  return target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');
}

test('no part of src imports what the table does not allow', async () => {
  const files = await readSources(join(import.meta.dirname, '..', 'src'));
  assert.ok(files.length > 50, 'the sources were found');
  assert.deepEqual(files.flatMap(trespasses).toSorted(), []);
});

describe('the table', () => {
  const rows: readonly (readonly [path: string, imported: string, isAllowed: boolean])[] = [
    ['domain/order.ts', './errors.ts', true],
    ['domain/messages/orders.ts', '../errors.ts', true],
    ['domain/order.ts', 'node:crypto', false],
    ['domain/order.ts', 'zod', false],
    ['domain/order.ts', '../pki/der.ts', false],
    ['pki/csr.ts', 'node:crypto', true],
    ['pki/csr.ts', 'node:fs', false],
    ['app/orders/place-order.ts', '../../db/open.ts', false],
    ['app/orders/place-order.ts', '../../dcv/index.ts', false],
    ['db/engine/sqlite/open.ts', '../../tables.ts', true],
    ['db/engine/sqlite/open.ts', 'kysely', true],
    ['http/listen.ts', '@hono/node-server/serve-static', true],
    ['http/listen.ts', '@hono/other', false],
    ['dialects/racent/server.ts', './schema.ts', true],
    ['dialects/racent/server.ts', '../kit/server.ts', true],
    ['dialects/racent/server.ts', '../../pki/pem.ts', true],
    ['dialects/racent/server.ts', 'hono/factory', true],
    ['dialects/racent/server.ts', '../digicert/schema.ts', false], // never another dialect
    ['dialects/racent/server.ts', '../registry.ts', false],
    ['dialects/racent/server.ts', '../../app/orders/place-order.ts', false],
    ['dialects/racent/server.ts', '../../issuers/registry.ts', false],
    ['dialects/kit/server.ts', '../racent/server.ts', false],
    ['dialects/kit/server.ts', '../../pki/pem.ts', false],
    ['dialects/registry.ts', './racent/index.ts', true],
    ['issuers/acme/index.ts', '../../dialects/acme/client.ts', true],
    ['issuers/acme/index.ts', '../../dialects/acme/server.ts', false],
    ['issuers/registry.ts', './embedded/index.ts', true],
    ['issuers/registry.ts', '../dialects/registry.ts', false],
    ['config/load.ts', '../dialects/registry.ts', true],
    ['config/load.ts', '../dialects/racent/index.ts', false],
    ['cli/orders.ts', '../dialects/native/client.ts', true],
    ['cli/orders.ts', '../dialects/native/schema/orders.ts', true],
    ['cli/orders.ts', '../dialects/native/server.ts', false],
    ['quickstart/index.ts', '../dialects/racent/client.ts', true],
    ['quickstart/index.ts', '../dialects/digicert/orders/schema.ts', true],
    ['quickstart/index.ts', '../dialects/digicert/orders/operations.ts', false],
    ['quickstart/index.ts', '../main.ts', true],
    ['quickstart/index.ts', '../app/orders/place-order.ts', false],
    ['main.ts', './app/index.ts', true],
    ['main.ts', 'hono', false], // it only puts parts together
    ['unknown/index.ts', '../domain/order.ts', false], // a new part needs a row
  ];
  for (const [path, imported, isAllowed] of rows) {
    test(`${path} may ${isAllowed ? '' : 'not '}import ${imported}`, () => {
      const file = readSource(path, `import { x } from '${imported}';`);
      assert.equal(file.imports.length, 1);
      assert.equal(trespasses(file).length === 0, isAllowed);
    });
  }
});

describe('what counts as an import', () => {
  const rows: readonly (readonly [text: string, targets: readonly string[], typeOnly: boolean])[] = [
    [`import { a } from 'x';`, ['x'], false],
    [`import {\n  a,\n  type B,\n} from "x";`, ['x'], false],
    [`import type { A } from 'x';`, ['x'], true],
    [`import type { A, B } from 'x';`, ['x'], true],
    [`import 'x';`, ['x'], false],
    [`import a, * as b from 'x'; import c from 'y';`, ['x', 'y'], false],
    [`export { a } from './x.ts';`, ['dir/x.ts'], false],
    [`export * from '../x.ts';`, ['x.ts'], false],
    [`export type { A } from './x.ts';`, ['dir/x.ts'], true],
    [`const a = await import('x');`, ['x'], false],
    [`let a: import('x').A;`, ['x'], false],
    [`// import { a } from 'x';`, [], false],
    [`/* import { a } from 'x'; */`, [], false],
    [`const a = "import b from 'x'";`, [], false],
    ["const a = `import b from 'x'`;", [], false],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program
    ["const a = `${f(`${b}`)} import c from 'x'`;", [], false],
    [`const a = /'/; import { b } from 'x';`, ['x'], false],
    [`export const a = 1; const b = { from: 'x' };`, [], false],
  ];
  for (const [text, targets, typeOnly] of rows) {
    test(JSON.stringify(text), () => {
      const { imports } = readSource('dir/file.ts', text);
      assert.deepEqual(
        imports,
        targets.map((target) => ({ target, isTypeOnly: typeOnly })),
      );
    });
  }
});
