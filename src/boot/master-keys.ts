/**
 * Where the master keys come from, and how one takes the place of another.
 *
 * certmux keeps `master.key` in its data directory, unless the operator hands the key in by CERTMUX_MASTER_KEY or
 * `masterKeyFile`. During a rotation there are two, at every instant:
 *
 * 1. the new key is written as `master.key.new`;
 * 2. the present one gets a second name, `master.key.old`;
 * 3. the new one is renamed to `master.key`. From here on a start seals under it;
 * 4. once nothing is sealed under the old one it is renamed to `master.key.retired-<id>`, which nobody reads any more.
 *
 * Each step is on the disk before the next begins, and a start after a crash goes on with 2 and 3.
 */

import { link, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { refuse } from '../domain/errors.ts';
import type { MasterKeys } from '../domain/ports/master-keys.ts';
import { createKeyring, formerSecret, type Keyring } from '../pki/key-sealer.ts';
import { type MasterKey, masterKeyOf } from '../pki/seal.ts';
import { createRandomness, readPrivateFile, syncDirectory, writeFileAtomically } from '../system/index.ts';
import { fileFlaws, fileRefusal } from './configured-files.ts';

export interface MasterKeyOptions {
  /** The data directory. */
  readonly path: string;
  readonly masterKeyFile: string | undefined;
  readonly masterKeyOldFile: string | undefined;
  /** `CERTMUX_MASTER_KEY`: base64, instead of a file. */
  readonly masterKeyText: string | undefined;
  /** `CERTMUX_MASTER_KEY_OLD`: the former one, until a rotation has finished. */
  readonly masterKeyOldText: string | undefined;
  /** Ids of the keys that the database names: where there are any, a new one would open nothing of it. */
  readonly inUse: readonly string[];
}

export interface LoadedMasterKeys {
  readonly keyring: Keyring;
  readonly masterKeys: MasterKeys;
}

const environmentName = 'CERTMUX_MASTER_KEY';
const oldEnvironmentName = 'CERTMUX_MASTER_KEY_OLD';

/** @throws when a key is missing, misspelt, or others can read it */
export async function loadMasterKeys(options: MasterKeyOptions): Promise<LoadedMasterKeys> {
  const { path, masterKeyFile, masterKeyOldFile, masterKeyText, masterKeyOldText } = options;
  const files = filesIn(path);
  const random = createRandomness();
  const keptIn = masterKeyText !== undefined ? environmentName : masterKeyFile === undefined ? null : 'masterKeyFile';
  if (keptIn === null) await finishSwitch(files);
  const current = await readCurrent(options);
  const old = [
    textKey(masterKeyOldText, oldEnvironmentName),
    await fileKey('masterKeyOldFile', masterKeyOldFile),
    await readKey(files.old),
  ].filter((key) => key !== undefined);
  const keyring = createKeyring([current, ...old], random);
  let next: MasterKey | undefined;

  const masterKeys: MasterKeys = {
    get current() {
      return keyring.current.id;
    },
    get others() {
      return keyring.others.map(({ id }) => id);
    },
    keptIn,
    othersKeptIn: [
      ...(masterKeyOldText === undefined ? [] : [oldEnvironmentName]),
      ...(masterKeyOldFile === undefined ? [] : ['masterKeyOldFile']),
    ],
    async prepareNext() {
      if (keptIn !== null) throw new Error(`the master key is kept in ${keptIn}`);
      next ??= (await findPrepared(files, keyring.current)) ?? (await prepare(files, random.bytes(32)));
      return next.id;
    },
    switchToNext() {
      if (next === undefined) return;
      keyring.switchTo(next);
      next = undefined;
    },
    async retireOthers() {
      keyring.forgetOthers();
      const key = await readKey(files.old);
      if (key === undefined || masterKeyOf(key).id === keyring.current.id) return [];
      const retired = files.retired(masterKeyOf(key).id);
      await rename(files.old, retired);
      await syncDirectory(path);
      return [retired];
    },
    idOf: (sealed, object) => keyring.keyOf(sealed, object).id,
    formerSecret(keyId, purpose) {
      const key = [keyring.current, ...keyring.others].find(({ id }) => id === keyId);
      if (key === undefined) throw new Error(`there is no master key ${keyId}`);
      return formerSecret(key, purpose);
    },
  };
  return { keyring, masterKeys };
}

/** A master key that was found, and where. */
export interface FoundMasterKey {
  readonly source: string;
  readonly bytes: Uint8Array;
}

/**
 * The keys that there are, the one that seals first; none is made, and no switch is finished.
 * @throws when one is misspelt, or others can read it
 */
export async function findMasterKeys(options: Omit<MasterKeyOptions, 'inUse'>): Promise<readonly FoundMasterKey[]> {
  const { path, masterKeyFile, masterKeyOldFile, masterKeyText, masterKeyOldText } = options;
  const { current, next, old } = filesIn(path);
  const isKeptElsewhere = masterKeyText !== undefined || masterKeyFile !== undefined;
  const sources: readonly (readonly [source: string, read: () => Promise<Uint8Array | undefined>])[] = [
    [environmentName, async () => textKey(masterKeyText, environmentName)],
    ['masterKeyFile', async () => fileKey('masterKeyFile', masterKeyFile)],
    ...(isKeptElsewhere ? [] : [next, current].map((file) => [file, () => readKey(file)] as const)),
    [oldEnvironmentName, async () => textKey(masterKeyOldText, oldEnvironmentName)],
    ['masterKeyOldFile', async () => fileKey('masterKeyOldFile', masterKeyOldFile)],
    [old, () => readKey(old)],
  ];
  const found: FoundMasterKey[] = [];
  for (const [source, read] of sources) {
    const bytes = await read();
    if (bytes !== undefined) found.push({ source, bytes });
  }
  return found;
}

/** A key in a file that is named on the command line. @throws when it is misspelt, or others can read it */
export function readMasterKeyFile(path: string): Promise<Uint8Array> {
  return readNamed('--master-key', path);
}

interface Files {
  readonly folder: string;
  readonly current: string;
  readonly next: string;
  readonly old: string;
  retired(id: string): string;
}

function filesIn(folder: string): Files {
  const current = join(folder, 'master.key');
  return {
    folder,
    current,
    next: `${current}.new`,
    old: `${current}.old`,
    retired: (id) => `${current}.retired-${id}`,
  };
}

async function prepare(files: Files, key: Uint8Array): Promise<MasterKey> {
  await writeKey(files.next, key);
  await finishSwitch(files);
  return masterKeyOf(key);
}

/** The key of an earlier try that got as far as step 3 and failed behind it. */
async function findPrepared({ current, old }: Files, sealing: MasterKey): Promise<MasterKey | undefined> {
  const [first, second] = [await readKey(current), await readKey(old)];
  if (first === undefined || second === undefined || masterKeyOf(second).id !== sealing.id) return undefined;
  const found = masterKeyOf(first);
  return found.id === sealing.id ? undefined : found;
}

/** Steps 2 and 3 of the head comment, where 1 is done. */
async function finishSwitch({ folder, current, next, old }: Files): Promise<void> {
  const made = await readKey(next);
  const present = await readKey(current);
  if (made === undefined || present === undefined) return;
  const before = await readKey(old);
  if (before === undefined) {
    await link(current, old);
    await syncDirectory(folder);
  } else if (!Buffer.from(before).equals(present)) {
    throw refuse('masterKeysDiffer', { current, next, old });
  }
  await rename(next, current);
  await syncDirectory(folder);
}

async function readCurrent(options: MasterKeyOptions): Promise<Uint8Array> {
  const { path, masterKeyFile, masterKeyText } = options;
  if (masterKeyText !== undefined) return parseMasterKey(masterKeyText, environmentName);
  if (masterKeyFile !== undefined) return readNamed('masterKeyFile', masterKeyFile);
  const { current } = filesIn(path);
  const found = await readKey(current);
  if (found !== undefined) return found;
  const { inUse } = options;
  if (inUse.length > 0) {
    throw refuse('masterKeyMissing', { path: current, ids: inUse.join(' and ') });
  }
  const key = createRandomness().bytes(32);
  await writeKey(current, key);
  return key;
}

function textKey(text: string | undefined, source: string): Uint8Array | undefined {
  return text === undefined ? undefined : parseMasterKey(text, source);
}

async function fileKey(setting: string, path: string | undefined): Promise<Uint8Array | undefined> {
  return path === undefined ? undefined : readNamed(setting, path);
}

/** The master key in a file that a setting names. @throws {CertError} where it is missing, holds something else, or others can read it */
export async function readNamed(setting: string, path: string): Promise<Uint8Array> {
  const key = await readKey(path);
  if (key === undefined) throw fileRefusal(setting, path, fileFlaws.missing);
  return key;
}

async function readKey(path: string): Promise<Uint8Array | undefined> {
  const bytes = await readPrivateFile(path);
  return bytes && parseMasterKey(Buffer.from(bytes).toString('utf8'), path);
}

function writeKey(path: string, key: Uint8Array): Promise<void> {
  return writeFileAtomically(path, `${Buffer.from(key).toString('base64')}\n`, { mode: 0o600 });
}

/** 32 bytes as base64 or base64url. */
const masterKeyForm = /^[\w+/-]{43}=?$/;

function parseMasterKey(text: string, source: string): Uint8Array {
  // Node would read as much of it as is base64.
  if (!masterKeyForm.test(text.trim())) throw refuse('masterKeyMalformed', { source });
  return Buffer.from(text.trim(), 'base64');
}
