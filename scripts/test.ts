/**
 * `npm test`: the test files of each folder in a process of their own, and at the end the ten slowest tests.
 * `npm test -- --dot "test/app/**"` runs some of them, with a dot for each.
 *
 * Three things make it fast. Files of one folder share a process (`test-files.ts`), since loading the product takes longer than most
 * of them. What Node compiles is kept in `node_modules/.cache`, for the test files and for the servers that they start. And temporary
 * files lie in memory where the machine has room for them: a test does not need its databases after the machine has failed, so it
 * need not wait for the disk.
 */
import { chmodSync, existsSync, globSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { run } from 'node:test';
import { dot, spec } from 'node:test/reporters';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { endDescendants } from './process-tree.ts';
import { leftOutOn } from './test-engines.ts';
import { prepareTools } from './test-tools.ts';

const root = join(import.meta.dirname, '..');
const memory = '/dev/shm';
const memoryNeededBytes = 1 << 30;
/** One more than the small machines have: some tests wait. */
const processes = 3;
/** What takes long begins first, so that no single process runs on at the end: those that wait for others, then those of many tests. */
const longFolders = [
  'test/scenarios',
  'test/integration',
  'test/quickstart',
  'test/issuers',
  'test/dialects',
  'test/app',
];

const { values, positionals } = parseArgs({
  options: { dot: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const patterns = positionals.length > 0 ? positionals : ['test/**'];
/** `test-postgres.ts` names a server. */
const isOnServer = process.env.CERTMUX_TEST_POSTGRES !== undefined;
/** A file that takes longer hangs: on a busy machine the slowest needs three minutes, and on PostgreSQL, where each test has a database made for it, four times as long. */
const limitMs = (isOnServer ? 40 : 10) * 60_000;
const leftOut = leftOutOn(isOnServer ? 'postgres' : 'sqlite');
const isTest = (file: string) => file.endsWith('.test.ts');
const matching = patterns.flatMap((pattern) => globSync(pattern, { cwd: root })).filter(isTest);
const files = matching.filter((file) => leftOut[file] === undefined);
for (const [file, why] of Object.entries(leftOut).filter(([file]) => matching.includes(file))) {
  const other = isOnServer ? 'is of the embedded engine' : 'needs PostgreSQL (npm run test:postgres)';
  console.log(`left out: ${file} ${other}: ${why}`);
}
if (files.length === 0) throw new Error(`no test file matches ${patterns.join(' ')}`);

prepareToolsOrStop();
process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules', '.cache', 'compiled');
useMemory();
const entries = mkdtempSync(join(tmpdir(), 'certmux-test-files-'));
process.once('exit', () => rmSync(entries, { recursive: true, force: true }));

// The processes of the files would go on without this one.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void endDescendants().finally(() => process.exit(1)));
}

const slowest: { readonly name: string; readonly file: string; readonly seconds: number }[] = [];
const events = run({
  files: Object.entries(Object.groupBy(new Set(files), (file) => dirname(file)))
    .toSorted(([a], [b]) => byFolder(a, b))
    .map(([name, group = []]) => entryOf(name, group)),
  concurrency: processes,
});
events.on('test:pass', ({ name, file, nesting, details }) => {
  if (details.type === 'suite') return;
  // Hooks of its file would not run for it.
  if (nesting === 0) fail(`${file}: "${name}" was not found while its file was loaded`);
  slowest.push({ name, file: file ?? '', seconds: details.duration_ms / 1000 });
});
events.on('test:fail', () => {
  process.exitCode = 1;
});
const report = values.dot ? events.compose(dot) : events.compose(new spec());
report.pipe(process.stdout);
report.on('end', () => {
  console.log('\nThe slowest tests, in seconds:');
  for (const { name, file, seconds } of slowest.toSorted((a, b) => b.seconds - a.seconds).slice(0, 10)) {
    console.log(`${seconds.toFixed(1).padStart(6)}  ${relative(root, file)}  ${name}`);
  }
});

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}

/** One sentence instead of a hundred tests that fail. */
function prepareToolsOrStop(): void {
  try {
    prepareTools(files);
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : thrown);
    process.exit(1);
  }
}

/** Writes the main file of a process. */
function entryOf(name: string, group: readonly string[]): string {
  const path = join(entries, `${name.replaceAll('/', '-')}.mjs`);
  const runner = pathToFileURL(join(import.meta.dirname, 'test-files.ts'));
  const paths = group.toSorted().map((file) => join(root, file));
  writeFileSync(
    path,
    `import { runTestFiles } from '${runner}';\nawait runTestFiles(${JSON.stringify(paths)}, ${limitMs});\n`,
  );
  return path;
}

function byFolder(a: string, b: string): number {
  return rankOf(a) - rankOf(b) || (a < b ? -1 : 1);
}

function rankOf(file: string): number {
  const rank = longFolders.findIndex((folder) => `${file}/`.startsWith(`${folder}/`));
  return rank === -1 ? longFolders.length : rank;
}

/** A folder in memory, removed at the end; nothing changes where there is no room for one. */
function useMemory(): void {
  if (process.env.TMPDIR !== undefined || !existsSync(memory)) return;
  const { bavail, bsize } = statfsSync(memory);
  if (bavail * bsize < memoryNeededBytes) return;
  const folder = mkdtempSync(join(memory, 'certmux-test-'));
  // The PostgreSQL that a test starts runs as another user, and reads a file of it.
  chmodSync(folder, 0o711);
  process.env.TMPDIR = folder;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
}
