/** What of the master keys lies in files: who may read them, and the steps from one key to the next. */

import assert from 'node:assert/strict';
import {
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type LoadedMasterKeys, loadMasterKeys, type MasterKeyOptions } from '../../src/boot/master-keys.ts';
import { CertError, renderReason } from '../../src/domain/errors.ts';
import { masterKeyOf } from '../../src/pki/seal.ts';
import { foreignOwner } from '../../src/system/index.ts';

const wayOut = '; put back the copy of the key, or take one from openssl rand -base64 32 for a new installation';

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'certmux-keys-'));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

const load = (change: Partial<MasterKeyOptions> = {}): Promise<LoadedMasterKeys> =>
  loadMasterKeys({
    path,
    masterKeyFile: undefined,
    masterKeyOldFile: undefined,
    masterKeyText: undefined,
    masterKeyOldText: undefined,
    inUse: [],
    ...change,
  });
const file = (name: string) => join(path, name);
const textOf = (value: number) => Buffer.alloc(32, value).toString('base64');
const idOf = (value: number) => masterKeyOf(Buffer.alloc(32, value)).id;
const put = (name: string, value: number) => writeFileSync(file(name), textOf(value), { mode: 0o600 });
const keyFiles = () => readdirSync(path).toSorted();
const idsOf = ({ masterKeys }: LoadedMasterKeys) => [masterKeys.current, ...masterKeys.others];

describe('a master key that others can get at is refused, in a sentence that says how to mend it', () => {
  for (const [mode, shown, abilities] of [
    [0o640, '0640', 'read'],
    [0o604, '0604', 'read'],
    [0o666, '0666', 'read and change'],
    [0o620, '0620', 'change'],
    [0o601, '0601', 'run'],
  ] as const) {
    it(`with mode ${shown}, wherever it lies`, async () => {
      for (const name of ['master.key', 'master.key.old', 'elsewhere.key']) {
        put('master.key', 1);
        put(name, 1);
        chmodSync(file(name), mode);
        const change = name === 'elsewhere.key' ? { masterKeyFile: file(name) } : {};
        await assert.rejects(load(change), {
          message: `${file(name)} has mode ${shown}, so that other users may ${abilities} it: run chmod 600 ${file(name)}`,
        });
        rmSync(file(name));
      }
    });
  }

  it('in a folder where others may put another in its place', async () => {
    const folder = file('open');
    mkdirSync(folder);
    const masterKeyFile = join(folder, 'elsewhere.key');
    writeFileSync(masterKeyFile, textOf(1), { mode: 0o600 });
    chmodSync(folder, 0o777);
    await assert.rejects(load({ masterKeyFile }), {
      message: `${folder} has mode 0777, so that other users may replace the files in it: run chmod go-w ${folder}`,
    });
    // As /tmp: only the owner of a file may replace it.
    chmodSync(folder, 0o1777);
    assert.ok(await load({ masterKeyFile }));
  });

  it('that is no regular file', async () => {
    mkdirSync(file('master.key'), { mode: 0o700 });
    await assert.rejects(load(), {
      message: `${file('master.key')} is not a regular file; name one, or take away what is there`,
    });
  });

  it('that belongs to somebody else', () => {
    const own = process.geteuid?.() ?? 0;
    const objection = foreignOwner('/etc/certmux/master.key', { uid: own + 1 });
    assert.equal(
      objection && renderReason(objection, 'en'),
      `/etc/certmux/master.key belongs to another user (id ${own + 1}), who may read and replace it: run chown ${own} /etc/certmux/master.key`,
    );
    assert.equal(foreignOwner('/etc/certmux/master.key', { uid: own }), undefined);
    assert.equal(foreignOwner('/etc/certmux/master.key', { uid: 0 }), undefined, 'root may do everything anyway');
  });

  it('but not one that is reached by a link, as secrets are mounted', async () => {
    put('mounted', 3);
    symlinkSync(file('mounted'), file('link'));
    assert.deepEqual(idsOf(await load({ masterKeyFile: file('link') })), [idOf(3)]);
  });
});

describe('the next master key', () => {
  it('takes the place of the present one, which stays beside it until it is retired', async () => {
    put('master.key', 1);
    const loaded = await load();
    const { masterKeys, keyring } = loaded;
    const next = await masterKeys.prepareNext();
    assert.equal(await masterKeys.prepareNext(), next, 'asking again makes no other');
    assert.equal(masterKeys.current, idOf(1), 'it does not seal yet');
    assert.deepEqual(keyFiles(), ['master.key', 'master.key.old']);
    for (const name of keyFiles()) assert.equal(statSync(file(name)).mode & 0o777, 0o600, name);
    assert.equal(readFileSync(file('master.key.old'), 'utf8'), textOf(1));

    const object = { kind: 'delivery', id: 'a' } as const;
    const old = keyring.seal(Buffer.from('secret'), object);
    masterKeys.switchToNext();
    assert.deepEqual(idsOf(loaded), [next, idOf(1)]);
    assert.deepEqual(idsOf(await load()), [next, idOf(1)], 'a start at this moment opens both');
    assert.equal(Buffer.from(keyring.open(old, object)).toString(), 'secret');

    assert.deepEqual(await masterKeys.retireOthers(), [file(`master.key.retired-${idOf(1)}`)]);
    assert.deepEqual(keyFiles(), ['master.key', `master.key.retired-${idOf(1)}`]);
    assert.throws(() => keyring.open(old, object), /which is not here/);
    assert.deepEqual(idsOf(await load()), [next]);
    assert.deepEqual(await masterKeys.retireOthers(), [], 'asking again does nothing');
  });

  // The files as a kill leaves them between two steps of the change from key 1 to key 2.
  const kills: readonly (readonly [when: string, leave: () => void])[] = [
    ['the new key was written', () => put('master.key.new', 2)],
    [
      'the old one got its second name',
      () => {
        put('master.key.new', 2);
        linkSync(file('master.key'), file('master.key.old'));
      },
    ],
    [
      'the new one took its place',
      () => {
        renameSync(file('master.key'), file('master.key.old'));
        put('master.key', 2);
      },
    ],
  ];
  for (const [when, leave] of kills) {
    it(`is there with the former one after a kill when ${when}`, async () => {
      put('master.key', 1);
      leave();
      assert.deepEqual(idsOf(await load()), [idOf(2), idOf(1)]);
      assert.deepEqual(keyFiles(), ['master.key', 'master.key.old']);
      assert.deepEqual(idsOf(await load()), [idOf(2), idOf(1)], 'and at every later start');
    });
  }

  it('is the one that an earlier try has left in place, when that try failed after it', async () => {
    put('master.key', 1);
    const { masterKeys } = await load();
    copyFileSync(file('master.key'), file('master.key.old'));
    put('master.key', 2);
    assert.equal(await masterKeys.prepareNext(), idOf(2));
  });

  it('is refused where three different keys lie about', async () => {
    put('master.key', 1);
    put('master.key.new', 2);
    put('master.key.old', 3);
    await assert.rejects(load(), (thrown: unknown) => {
      assert.ok(thrown instanceof CertError);
      assert.match(thrown.message, /hold three different keys/);
      assert.match(renderReason(thrown.reason, 'zh'), /三个不同的密钥/);
      return true;
    });
  });
});

describe('an operator who hands the key in', () => {
  const handedIn: readonly (readonly [
    how: string,
    options: () => Partial<MasterKeyOptions>,
    keptIn: string,
    old: string[],
  ])[] = [
    [
      'by the environment',
      () => ({ masterKeyText: textOf(2), masterKeyOldText: textOf(1) }),
      'CERTMUX_MASTER_KEY',
      ['CERTMUX_MASTER_KEY_OLD'],
    ],
    [
      'in files',
      () => {
        put('new.key', 2);
        put('old.key', 1);
        return { masterKeyFile: file('new.key'), masterKeyOldFile: file('old.key') };
      },
      'masterKeyFile',
      ['masterKeyOldFile'],
    ],
    [
      'by the environment, after the file of the data directory',
      () => {
        put('master.key', 1);
        return { masterKeyText: textOf(2), masterKeyOldFile: file('master.key') };
      },
      'CERTMUX_MASTER_KEY',
      ['masterKeyOldFile'],
    ],
  ];
  for (const [how, options, keptIn, old] of handedIn) {
    it(`${how} hands both in, of which certmux writes neither`, async () => {
      const loaded = await load(options());
      assert.deepEqual(idsOf(loaded), [idOf(2), idOf(1)]);
      assert.equal(loaded.masterKeys.keptIn, keptIn);
      assert.deepEqual(loaded.masterKeys.othersKeptIn, old);
      const before = keyFiles();
      await assert.rejects(loaded.masterKeys.prepareNext(), { message: `the master key is kept in ${keptIn}` });
      assert.deepEqual(await loaded.masterKeys.retireOthers(), []);
      assert.deepEqual(keyFiles(), before);
    });
  }

  it('is told which of the two is misspelt', async () => {
    const change = { masterKeyText: textOf(2), masterKeyOldText: 'no key' };
    await assert.rejects(load(change), { message: `CERTMUX_MASTER_KEY_OLD does not hold 32 bytes as base64${wayOut}` });
    await assert.rejects(load({ masterKeyOldFile: file('gone.key') }), {
      message: `masterKeyOldFile ${file('gone.key')} does not exist; check the path`,
    });
  });
});
