import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { type DataDirectory, type DataDirectoryOptions, openDataDirectory } from '../../src/boot/data-directory.ts';

const wayOut = '; put back the copy of the key, or take one from openssl rand -base64 32 for a new installation';

const key = Buffer.alloc(32, 5);
const keyText = key.toString('base64');

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'certmux-data-'));
  path = join(folder, 'deep', 'data');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (change: Partial<DataDirectoryOptions> = {}) =>
  openDataDirectory({ path, masterKeyFile: undefined, masterKeyText: undefined, ...change });
/** The key that seals. */
const keyOf = async (data: DataDirectory) => Buffer.from((await data.masterKeys([])).keyring.current.bytes);
const modeOf = (...parts: string[]) => statSync(join(path, ...parts)).mode & 0o777;

test('It is made with everything in it for its owner alone.', async () => {
  const data = await open();
  await data.masterKeys([]);
  await data.keyFiles.write('server-certificate', () => Buffer.from('sealed'));
  await data.writeOperator({ url: 'http://127.0.0.1:8080', token: 'secret' });
  const modes = [
    modeOf(),
    modeOf('keys'),
    modeOf('master.key'),
    modeOf('keys', 'server-certificate'),
    modeOf('operator.json'),
  ];
  assert.deepEqual(
    modes.map((mode) => mode.toString(8)),
    ['700', '700', '600', '600', '600'],
  );
  assert.deepEqual(JSON.parse(readFileSync(join(path, 'operator.json'), 'utf8')), {
    url: 'http://127.0.0.1:8080',
    token: 'secret',
  });
  assert.equal(data.databasePath, join(path, 'certmux.db'));
  assert.deepEqual(Buffer.from((await data.keyFiles.read('server-certificate')) ?? []).toString(), 'sealed');
  assert.equal(await data.keyFiles.read('another'), undefined);
});

test('One that others may read is closed.', async () => {
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o755);
  await open();
  assert.equal(modeOf(), 0o700);
});

describe('the master key', () => {
  test('is made at the first start, and is the same at the next', async () => {
    const first = await keyOf(await open());
    assert.equal(first.length, 32);
    assert.ok(new Set(first).size > 8, 'it is random');
    assert.deepEqual(await keyOf(await open()), first);
    assert.equal(readFileSync(join(path, 'master.key'), 'utf8'), `${first.toString('base64')}\n`);
  });

  test('is read from the file that is named, which is not written', async () => {
    const masterKeyFile = join(folder, 'elsewhere.key');
    await assert.rejects((await open({ masterKeyFile })).masterKeys([]), {
      message: `masterKeyFile ${masterKeyFile} does not exist; check the path`,
    });
    assert.equal(existsSync(masterKeyFile), false);
    writeFileSync(masterKeyFile, ` ${keyText}\r\n`, { mode: 0o600 });
    assert.deepEqual(await keyOf(await open({ masterKeyFile })), key);
    assert.equal(existsSync(join(path, 'master.key')), false);
  });

  test('is what the environment says, before any file', async () => {
    const masterKeyFile = join(folder, 'elsewhere.key');
    const data = await open({ masterKeyFile, masterKeyText: keyText });
    assert.deepEqual(await keyOf(data), key);
    assert.equal(existsSync(join(path, 'master.key')), false);
  });

  test('is not made where the database names one, which it could not open', async () => {
    const data = await open();
    const file = join(path, 'master.key');
    await assert.rejects(data.masterKeys(['0123456789abcdef']), {
      message: `${file} is missing, and the database is sealed under the master key 0123456789abcdef: put it there, or into CERTMUX_MASTER_KEY or masterKeyFile (on several nodes all have the same)`,
    });
    assert.equal(existsSync(file), false);
  });

  const wrong: readonly (readonly [text: string, why: string])[] = [
    ['', 'nothing'],
    [Buffer.alloc(31, 5).toString('base64'), 'a byte too few'],
    [Buffer.alloc(33, 5).toString('base64'), 'a byte too many'],
    [key.toString('hex'), 'hexadecimal'],
    ['not base64 at all!', 'words'],
    [`${keyText}!!`, 'a key with something behind it'],
    [`${keyText}\n${keyText}`, 'two keys'],
  ];
  for (const [text, why] of wrong) {
    test(`is refused when it is ${why}`, async () => {
      await assert.rejects((await open({ masterKeyText: text })).masterKeys([]), {
        message: `CERTMUX_MASTER_KEY does not hold 32 bytes as base64${wayOut}`,
      });
      const masterKeyFile = join(folder, 'wrong.key');
      writeFileSync(masterKeyFile, text, { mode: 0o600 });
      await assert.rejects((await open({ masterKeyFile })).masterKeys([]), {
        message: `${masterKeyFile} does not hold 32 bytes as base64${wayOut}`,
      });
    });
  }
});

test('Files in it that others could read are told, each with the command that mends it.', async () => {
  const data = await open();
  await data.masterKeys([]);
  await data.keyFiles.write('server-certificate', () => Buffer.from('sealed'));
  await data.writeOperator({ url: 'http://127.0.0.1:8080', token: 'secret' });
  assert.deepEqual(await data.exposures(), []);
  const files = [join(path, 'operator.json'), join(path, 'keys', 'server-certificate')];
  for (const file of files) chmodSync(file, 0o644);
  assert.deepEqual(
    await data.exposures(),
    files.map((file) => `${file} has mode 0644, so that other users may read it: run chmod 600 ${file}`),
  );
});
