/**
 * `npm run test:console`: the console in a real browser against the real server, in both languages. The browser is Debian's Chromium, which is
 * installed where it is missing, with a line that says so; elsewhere CHROMIUM names one. A file of its own: `npm run test:console -- sign-in`.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { chromiumPath } from './chromium.ts';

const root = join(import.meta.dirname, '..');
const limitMs = 45 * 60_000;

const [wanted = ''] = process.argv.slice(2);
const files = globSync('test/console/*.browser.ts', { cwd: root }).filter((file) => file.includes(wanted));
if (files.length === 0) throw new Error(`no file of test/console is called ${wanted}`);
try {
  process.env.CHROMIUM = chromiumPath();
} catch (thrown) {
  console.error(thrown instanceof Error ? thrown.message : thrown);
  process.exit(1);
}
run(join('console', 'build', 'build.ts'), '--unless-fresh');
run('--test', '--test-concurrency=1', '--test-timeout=600000', ...files.toSorted());

function run(...args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, [...args], { cwd: root, stdio: 'inherit', timeout: limitMs });
  if (status !== 0) process.exit(status ?? 1);
}
