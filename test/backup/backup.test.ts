/** What a backup is, and what is refused of one that is cut, changed, of another version or of another key. */
import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it, type TestContext } from 'node:test';
import { makeBackup } from '../../src/backup/make.ts';
import { readManifest } from '../../src/backup/manifest.ts';
import { restoreBackup } from '../../src/backup/restore.ts';
import { checkNames, runCheck } from '../../src/backup/verify.ts';
import { findMasterKeys } from '../../src/boot/master-keys.ts';
import { openSqliteToCheck } from '../../src/db/engine/sqlite/checked.ts';
import { renderReason } from '../../src/domain/errors.ts';
import { createKeyring } from '../../src/pki/key-sealer.ts';
import { masterKeyOf } from '../../src/pki/seal.ts';
import { createRandomness } from '../../src/system/index.ts';
import { refused } from '../support/refused.ts';
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts';
import { databaseIn, makeInstallation } from './installation.ts';

const root = mkdtempSync(join(tmpdir(), 'certmux-backup-'));
const data = join(root, 'data');
const whole = join(root, 'whole.backup');
let names = 0;
/** A path that is not there yet. */
const fresh = (name: string) => join(root, `${++names}-${name}`);

before(async () => {
  await makeInstallation(data);
  await backup(whole);
});
after(() => rmSync(root, { recursive: true, force: true }));

type Change = Partial<Parameters<typeof makeBackup>[0]>;

function backup(to: string, change: Change = {}) {
  return makeBackup({
    from: databaseIn(data),
    to,
    replaces: false,
    version: '0.1.0',
    masterKeyValues: null,
    processId: process.pid,
    now: () => new Date('2026-06-01T12:00:00Z'),
    signal: new AbortController().signal,
    ...change,
  });
}

const keysOf = (path: string) =>
  findMasterKeys({
    path,
    masterKeyFile: undefined,
    masterKeyOldFile: undefined,
    masterKeyText: undefined,
    masterKeyOldText: undefined,
  });

async function restore(from: string, folder: string, change: Partial<Parameters<typeof restoreBackup>[0]> = {}) {
  return restoreBackup({
    from,
    folder,
    databaseName: 'certmux.db',
    keys: await keysOf(data),
    keyToWrite: null,
    signal: new AbortController().signal,
    ...change,
  });
}

/** What is wrong with a database, in English. */
async function flawsOf(path: string, keys = data): Promise<readonly string[]> {
  const [first, ...others] = (await keysOf(keys)).map(({ bytes }) => bytes);
  const keyring = first === undefined ? null : createKeyring([first, ...others], createRandomness());
  const database = openSqliteToCheck(path);
  const flaws: string[] = [];
  try {
    for (const check of checkNames) {
      const options = { database, keyring, signal: new AbortController().signal };
      const result = await runCheck(check, options, () => {});
      flaws.push(...result.flaws.map((flaw) => `${check}: ${renderReason(flaw, 'en')}`));
    }
  } finally {
    await database.close();
  }
  return flaws;
}

/** A copy of the backup with one change in it. */
function changed(sql: string): string {
  const folder = fresh('changed');
  mkdirSync(folder);
  cpSync(databaseIn(data), databaseIn(folder));
  const db = new DatabaseSync(databaseIn(folder));
  db.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
  db.close();
  return databaseIn(folder);
}

describe('a backup', () => {
  it('is one file that only its owner may read, and says what is in it', async () => {
    assert.equal(statSync(whole).mode & 0o777, 0o600);
    const manifest = await readManifest(whole);
    const { rows, certmux, madeAt, masterKeyValues } = manifest;
    assert.deepEqual([certmux, madeAt, masterKeyValues], ['0.1.0', '2026-06-01T12:00:00.000Z', null]);
    assert.deepEqual([rows.orders, rows.certificates, rows.accounts, rows.users], [2, 2, 1, 2]);
    assert.deepEqual(manifest.masterKeys, [masterKeyOf((await keysOf(data))[0]?.bytes ?? new Uint8Array()).id]);
  });

  it('opens as a database, as it is', () => {
    const db = new DatabaseSync(whole, { readOnly: true });
    assert.deepEqual(Object.values(db.prepare('SELECT count(*) FROM orders').get() ?? {}), [2]);
    assert.deepEqual(Object.values(db.prepare('PRAGMA integrity_check').get() ?? {}), ['ok']);
    db.close();
  });

  it('has everything in order', async () => {
    assert.deepEqual(await flawsOf(whole), []);
    assert.deepEqual(await flawsOf(databaseIn(data)), []);
  });

  it('takes the place of another only where that is wished', async () => {
    const path = fresh('there');
    writeFileSync(path, 'mine');
    await assert.rejects(backup(path), refused('backupExists'));
    assert.equal(readFileSync(path, 'utf8'), 'mine');
    await backup(path, { replaces: true });
    assert.equal((await readManifest(path)).rows.orders, 2);
  });

  it('is refused where there is no folder, no database, or a folder of its name', async () => {
    await assert.rejects(backup(join(root, 'gone', 'b')), refused('folderMissing'));
    await assert.rejects(backup(data), refused('backupIsFolder'));
    await assert.rejects(backup(fresh('none'), { from: join(root, 'none.db') }), refused('backupSourceMissing'));
    const text = fresh('text');
    writeFileSync(text, 'certmux');
    await assert.rejects(backup(fresh('none'), { from: text }), refused('backupSourceMissing'));
    assert.equal(readdirSync(root).filter((name) => name.includes('none')).length, 0);
  });

  it('leaves nothing when it is stopped', async () => {
    const path = fresh('stopped');
    await assert.rejects(backup(path, { signal: AbortSignal.abort() }), refused('backupStopped'));
    assert.deepEqual(
      readdirSync(root).filter((name) => name.includes('stopped')),
      [],
    );
  });

  it('takes away what a killed one has left, and nothing of one that runs', async () => {
    const path = fresh('again');
    // No process has the highest number there is.
    writeFileSync(`${path}.partial-4194305`, 'left');
    writeFileSync(`${path}.partial-${process.ppid}`, 'under way');
    await backup(path);
    assert.deepEqual(
      [existsSync(`${path}.partial-4194305`), existsSync(`${path}.partial-${process.ppid}`)],
      [false, true],
    );
  });
});

describe('on a full disk', () => {
  it('a backup and a restore are refused before they begin, with what they need', (t) =>
    onSmallDisk(t, async (disk) => {
      disk.fill();
      const to = join(disk.path, 'b.backup');
      await assert.rejects(backup(to), /needs \d+ MiB, and 0 MiB are free there/);
      await assert.rejects(restore(whole, join(disk.path, 'data')), /needs \d+ MiB, and 0 MiB are free there/);
      assert.deepEqual(readdirSync(disk.path), ['filler']);
    }));
});

async function onSmallDisk(t: TestContext, act: (disk: SmallDisk) => Promise<void>): Promise<void> {
  const disk = mountSmallDisk(4);
  if (disk === undefined) return t.skip('this process may not mount');
  try {
    await act(disk);
  } finally {
    disk.remove();
  }
}

describe('a restore', () => {
  it('into a new folder is the database again, which only its owner may read', async () => {
    const folder = fresh('new');
    await restore(whole, folder, { keyToWrite: (await keysOf(data))[0]?.bytes ?? null });
    assert.deepEqual(readdirSync(folder).toSorted(), ['certmux.db', 'master.key']);
    assert.deepEqual([statSync(folder).mode & 0o777, statSync(databaseIn(folder)).mode & 0o777], [0o700, 0o600]);
    assert.deepEqual(await flawsOf(databaseIn(folder), folder), []);
  });

  it('needs nothing else where the key is in the backup', async () => {
    const [key] = await keysOf(data);
    assert.ok(key);
    const path = fresh('with-key');
    const values = { [masterKeyOf(key.bytes).id]: Buffer.from(key.bytes).toString('base64') };
    await backup(path, { masterKeyValues: values });
    const folder = fresh('with-key');
    const { hasWrittenKeys } = await restore(path, folder, { keys: [] });
    assert.deepEqual([hasWrittenKeys, await flawsOf(databaseIn(folder), folder)], [true, []]);
  });

  it('is refused in a folder that holds anything but keys', async () => {
    const folder = fresh('used');
    mkdirSync(folder);
    writeFileSync(join(folder, 'operator.json'), '{}');
    await assert.rejects(restore(whole, folder), refused('restoreNotEmpty'));
    assert.deepEqual(readdirSync(folder), ['operator.json']);
    await assert.rejects(restore(whole, join(root, 'data', 'certmux.db')), refused('restoreNotEmpty'));
  });

  it('is refused without the master key, and with another one', async () => {
    const folder = fresh('keyless');
    await assert.rejects(restore(whole, folder, { keys: [] }), refused('masterKeyNeeded'));
    const other = { source: 'other.key', bytes: new Uint8Array(32) };
    await assert.rejects(restore(whole, folder, { keys: [other] }), refused('masterKeyOther'));
    assert.equal(existsSync(folder), false);
  });

  it('is refused of a backup that was cut anywhere', async () => {
    const { size } = statSync(whole);
    for (const length of [0, 1, 4096, Math.floor(size / 2), size - 1000, size - 92, size - 91, size - 1]) {
      const cut = fresh('cut');
      cpSync(whole, cut);
      truncateSync(cut, length);
      const folder = fresh('cut-data');
      await assert.rejects(restore(cut, folder), refused('backupCut'), String(length));
      assert.equal(existsSync(folder), false);
    }
  });

  it('is refused of a file that was never a backup', async () => {
    const letter = fresh('letter');
    for (const text of ['# Notes\n', 'PK\u0003\u0004', 'x'.repeat(5000)]) {
      writeFileSync(letter, text);
      const folder = fresh('letter-data');
      await assert.rejects(restore(letter, folder), refused('backupForeign'), text.slice(0, 8));
      assert.equal(existsSync(folder), false);
    }
  });

  it('is refused of a backup in which a byte has changed, wherever it is', async () => {
    const bytes = readFileSync(whole);
    for (const at of [0, 100, Math.floor(bytes.length / 2), bytes.length - 500, bytes.length - 20]) {
      const bad = fresh('bad');
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ 1;
      writeFileSync(bad, copy);
      const folder = fresh('bad-data');
      await assert.rejects(restore(bad, folder), /is damaged|no whole backup/, String(at));
      assert.equal(existsSync(folder), false);
    }
  });

  it('is refused of a later schema, with the version that made it', async () => {
    const from = changed("INSERT INTO migrations VALUES ('9999-later', 0)");
    const path = fresh('later');
    await backup(path, { from, version: '9.0.0' });
    await assert.rejects(restore(path, fresh('later-data')), /was made by certmux 9\.0\.0/);
  });
});

describe('verify finds', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['a balance', 'UPDATE balances SET amount_minor = amount_minor + 1', /^ledger: account 100001 has a balance of/],
    ['a line of the ledger', 'UPDATE ledger SET balance_after_minor = balance_after_minor + 1', /^ledger: line \d+ of/],
    ['a missing line', 'DELETE FROM ledger WHERE sequence = (SELECT max(sequence) FROM ledger)', /^ledger: account/],
    [
      'a serial number',
      "UPDATE certificates SET serial = x'0102' WHERE number = (SELECT max(number) FROM certificates)",
      /^certificates: certificate \d+ has the serial number/,
    ],
    [
      'a certificate',
      'UPDATE certificates SET der = CAST(substr(der, 1, length(der) - 10) || zeroblob(10) AS BLOB)',
      /^certificates: certificate \d+ (is not signed|cannot be read)/,
    ],
    ['an authority', 'UPDATE authorities SET parent_id = NULL', /^authorities: the CA certificate of .* is not signed/],
    ['a sealed value', 'UPDATE authority_keys SET sealed_key = zeroblob(80)', /^keys: authorityKey .* does not open/],
    [
      'an order',
      'DELETE FROM certificates WHERE number = (SELECT max(number) FROM certificates)',
      /is active and has no/,
    ],
    ['a reference', 'DELETE FROM accounts', /^pages: damaged: .*refers to a row/],
    ['a later schema', "INSERT INTO migrations VALUES ('9999-later', 0)", /^schema: 9999-later is of a later version/],
  ];
  for (const [what, sql, flaw] of cases) {
    it(`${what} that was changed`, async () => {
      const flaws = await flawsOf(changed(sql));
      assert.ok(
        flaws.some((one) => flaw.test(one)),
        flaws.join('\n'),
      );
    });
  }

  it('the same serial number twice', async () => {
    // Without the constraint that keeps it from happening.
    const path = changed(`
      CREATE TABLE copied AS SELECT * FROM certificates;
      DROP TABLE certificates;
      ALTER TABLE copied RENAME TO certificates;
      UPDATE certificates SET serial = (SELECT min(serial) FROM certificates),
        authority_id = (SELECT min(authority_id) FROM certificates)`);
    const flaws = await flawsOf(path);
    assert.ok(
      flaws.some((one) => /^serials: certificates \d+ and \d+ have the same issuer/.test(one)),
      flaws.join('\n'),
    );
  });

  it('that the master key is missing, or another one', async () => {
    const flaws = await flawsOf(databaseIn(data), root);
    assert.match(flaws.join(), /^keys: everything is sealed under the master key [0-9a-f]{16}, and it is not here$/);
  });

  it('a page that is damaged', async () => {
    const folder = fresh('page');
    mkdirSync(folder);
    const bytes = Buffer.from(readFileSync(databaseIn(data)));
    // In the middle, where tables are: the first pages are the schema.
    for (let at = 40 * 4096; at < 60 * 4096; at++) bytes[at] = 0x5a;
    writeFileSync(databaseIn(folder), bytes);
    assert.match((await flawsOf(databaseIn(folder))).join('\n'), /^(pages: damaged|schema: this cannot be read)/m);
  });
});
