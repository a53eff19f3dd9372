/** `certmux database copy` as a person and a program see it, on real files. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { copyDatabase } from '../../src/boot/copy-database.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { Language } from '../../src/domain/language.ts';
import { fillEveryTable } from '../support/every-table.ts';
import { createFakeClock, createFakeRandomness } from '../support/system.ts';
import { run } from './harness.ts';

let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'certmux-cli-copy-'));
  mkdirSync(join(folder, 'data'));
  await fillEveryTable(join(folder, 'data', 'certmux.db'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The command, with its own standard output for what it shows while it works. */
async function copy(line: string, language: Language = 'en') {
  let shown = '';
  const clock = createFakeClock();
  const terminal = {
    stdout: (text: string) => {
      shown += text;
    },
    isTty: false,
    columns: 120,
    colours: false,
    language,
    clock,
    random: createFakeRandomness(1),
  } as unknown as Terminal;
  const outcome = await run(`database copy ${line}`, {
    language,
    local: { copyDatabase: (options) => copyDatabase(options, { terminal, pathOf: (path) => join(folder, path) }) },
  });
  return { ...outcome, shown };
}

describe('database copy', () => {
  test('takes a data directory, shows each step, and says what comes next', async () => {
    const { exitCode, stdout, stderr, shown } = await copy('--from data --to new/certmux.db');
    assert.deepEqual([exitCode, stderr], [0, '']);
    assert.deepEqual(
      shown.split('\n').map((line) => line.slice(0, 26).trim()),
      [
        '✓ Check both databases',
        '✓ Copy the rows',
        '✓ Build the indexes',
        '✓ Compare every row',
        '✓ Make it usable',
        '',
      ],
    );
    assert.match(stdout, /\norders +3\n/);
    assert.match(stdout, /\nThe copy is complete\.\n.*certmux\.db was only read\. Keep it until you have a backup/);
    assert.match(stdout, /\n {2}1\. in the configuration: .*\n.*\n {2}3\. start the service: +certmux serve\n$/);
    assert.ok(existsSync(join(folder, 'new', 'certmux.db')));
  });

  test('speaks Chinese to whoever reads it', async () => {
    const { stdout, shown } = await copy('--from data --to new/certmux.db', 'zh');
    assert.match(shown, /✓ 检查两个数据库 .*共 \d+ 张表，[\d,]+ 行\n/);
    assert.match(stdout, /\n复制完成。\n.*未作任何改动/);
    assert.match(
      (await copy('--from data --to new/certmux.db', 'zh')).stderr,
      /^error: 数据库 .* 不为空（account_events）/,
    );
  });

  test('answers a program with JSON, and shows nothing else', async () => {
    const { stdout, shown } = await copy('--from data/certmux.db --to new.db --json');
    const { from, to, isOnServer, rows, tables, nextNumbers } = JSON.parse(stdout);
    assert.equal(shown, '');
    assert.deepEqual([from, to, isOnServer], [join(folder, 'data', 'certmux.db'), join(folder, 'new.db'), false]);
    assert.equal(
      rows,
      tables.reduce((sum: number, table: { rows: number }) => sum + table.rows, 0),
    );
    assert.ok(nextNumbers.orders > 0);
  });

  const refused: readonly (readonly [line: string, exitCode: number, stderr: RegExp])[] = [
    ['--from data', 2, /required option '--to <database>' not specified/],
    ['--to new.db', 2, /required option '--from <database>' not specified/],
    ['--from nothing.db --to new.db', 3, /^error: there is no database of certmux in .*nothing\.db; check --from\n$/],
    ['--from mysql://u:secret@db/x --to new.db', 7, /^error: --from is "mysql:\/\/u:…@db\/x"; it must be the path/],
    ['--from data --to postgres://u:secret@db', 7, /^error: --to is "postgres:\/\/u:…@db"; it must be the path/],
    [
      '--from data --to postgres://u:secret@127.0.0.1:1/x',
      5,
      /^error: the database postgres:\/\/u@127\.0\.0\.1:1\/x cannot/,
    ],
    [
      '--from data --to data/certmux.db',
      7,
      /^error: the databases of --from and --to are both .*certmux\.db; name an empty/,
    ],
    ['--from data --to data', 7, /^error: the databases of --from and --to are both /],
  ];
  for (const [line, code, message] of refused) {
    test(`is refused: ${line}`, async () => {
      const { exitCode, stderr, stdout } = await copy(line);
      assert.match(stderr, message);
      assert.deepEqual([exitCode, stdout], [code, '']);
      assert.doesNotMatch(stderr, /secret/);
      assert.equal(existsSync(join(folder, 'new.db')), false);
    });
  }
});
