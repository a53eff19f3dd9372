/** A text that one language lacks, or has too many, does not compile: the console cannot be built with half a sentence. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
/** The only file that the texts need of others, for its type alone. */
const language = 'preferences/spoken-language.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certmux-texts-'));
  const sources = join(root, 'console', 'src');
  await cp(join(sources, 'messages'), join(folder, 'messages'), { recursive: true });
  await cp(join(sources, language), join(folder, language));
  const { compilerOptions } = JSON.parse(await readFile(join(root, 'tsconfig.json'), 'utf8')) as {
    readonly compilerOptions: object;
  };
  const options = {
    ...compilerOptions,
    module: 'esnext',
    moduleResolution: 'bundler',
    lib: ['esnext', 'dom'],
    types: [],
    incremental: false,
    tsBuildInfoFile: null,
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['messages'] }));
});
after(() => rm(folder, { recursive: true, force: true }));

function compile(): { readonly status: number | null; readonly output: string } {
  const { status, stdout } = spawnSync(process.execPath, [compiler, '--project', folder], { encoding: 'utf8' });
  return { status, output: stdout };
}

/** Compiles with one file changed, and puts it back. */
async function compileWith(file: string, change: (text: string) => string) {
  const path = join(folder, 'messages', file);
  const text = await readFile(path, 'utf8');
  const changed = change(text);
  assert.notEqual(changed, text, 'the change is one');
  await writeFile(path, changed);
  const result = compile();
  await writeFile(path, text);
  return result;
}

test('as they are they compile', () => assert.deepEqual(compile(), { status: 0, output: '' }));

test('a text that Chinese lacks is named', async () => {
  const { status, output } = await compileWith('zh/sign-in.ts', (text) => text.replace(/^ {2}username: .*\n/m, ''));
  assert.notEqual(status, 0);
  assert.match(output, /zh\/sign-in\.ts.*'username' is missing/);
});

test('a text that English no longer has is named', async () => {
  const { status, output } = await compileWith('en/sign-in.ts', (text) => text.replace(/^ {2}username: .*\n/m, ''));
  assert.notEqual(status, 0);
  assert.match(output, /zh\/sign-in\.ts.*'username' does not exist/);
});

test('a text that leaves out what it should say does not take the place of one with a name in it', async () => {
  const { status, output } = await compileWith('en/confirm.ts', (text) =>
    text.replace(/^ {2}back: .*\n/m, '  back: (what: string) => what,\n'),
  );
  assert.notEqual(status, 0);
  assert.match(output, /zh\/confirm\.ts/);
});
