/**
 * Puts a backup back into a data directory that is new. The database gets its name last, once everything is written, compared and on
 * the disk: whenever it ends before, no server finds a part of it. What the database does once afterwards is in `db/restored.ts`.
 */
import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { migrations } from '../db/migrations/index.ts';
import { refuse } from '../domain/errors.ts';
import { masterKeyOf } from '../pki/seal.ts';
import { freeBytesAt, syncDirectory, writeFileAtomically } from '../system/index.ts';
import { type BackupManifest, hashOfFile, readManifest, sizeText } from './manifest.ts';

/** Master keys that the operator hands in, and where each comes from. */
export interface FoundKey {
  readonly source: string;
  readonly bytes: Uint8Array;
}

export interface RestoreOptions {
  readonly from: string;
  /** The data directory: new, empty, or with nothing but master keys. */
  readonly folder: string;
  readonly databaseName: string;
  /** Keys other than those in the backup: of the folder, of the environment, of a file. */
  readonly keys: readonly FoundKey[];
  /** A key that is to be written as `master.key`; null: it is there, or kept elsewhere. */
  readonly keyToWrite: Uint8Array | null;
  readonly signal: AbortSignal;
  readonly onProgress?: (share: number) => void;
}

export interface RestoreReport {
  readonly manifest: BackupManifest;
  /** The master keys were in the backup, and lie in the folder now. */
  readonly hasWrittenKeys: boolean;
}

const mayBeThere = /^(master\.key(\.old|\.retired-[0-9a-f]+)?|lost\+found)$/;
const marginBytes = 1 << 20;

/** @throws {CertError} where it cannot be; the folder is then as it was */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreReport> {
  const { from, folder, signal } = options;
  const manifest = await readManifest(from);
  checkSchema(manifest, from);
  const isNew = await checkFolder(folder);
  const fromBackup = manifest.masterKeyValues;
  if (fromBackup === null) checkKeys(options, manifest);
  const space = await freeBytesAt(isNew ? await nearestFolder(folder) : folder);
  const needed = manifest.bytes + marginBytes;
  if (space < needed) throw refuse('backupTooLarge', { path: folder, needed: sizeText(needed), free: sizeText(space) });
  if (isNew) await mkdir(folder, { recursive: true, mode: 0o700 });
  const made: string[] = [];
  try {
    const database = join(folder, options.databaseName);
    const unfinished = `${database}.restoring`;
    made.push(unfinished);
    await copyChecked(options, manifest, unfinished);
    for (const [name, key] of keyFiles(options, manifest)) {
      if ((await stat(join(folder, name)).catch(() => undefined)) !== undefined) continue;
      made.push(join(folder, name));
      await writeFileAtomically(join(folder, name), `${key}\n`, { mode: 0o600 });
    }
    if (signal.aborted) throw refuse('backupStopped', { path: folder });
    await rename(unfinished, database);
    await syncDirectory(folder);
    return { manifest, hasWrittenKeys: fromBackup !== null };
  } catch (thrown) {
    for (const path of made) await rm(path, { force: true });
    if (isNew) await rmdir(folder).catch(() => undefined);
    throw signal.aborted ? refuse('backupStopped', { path: folder }, { cause: thrown }) : thrown;
  }
}

/** One that an older version made is brought up to date by its first start. */
function checkSchema({ schema, certmux }: BackupManifest, path: string): void {
  const known = new Set(migrations.map(({ name }) => name));
  if (schema.some((name) => !known.has(name))) throw refuse('backupOfLaterVersion', { path, version: certmux });
}

/** @returns whether the folder is still to be made */
async function checkFolder(folder: string): Promise<boolean> {
  const stats = await stat(folder).catch(() => undefined);
  if (stats === undefined) return true;
  if (!stats.isDirectory()) throw refuse('restoreNotEmpty', { path: folder, found: 'a file' });
  const found = (await readdir(folder)).find((name) => !mayBeThere.test(name));
  if (found !== undefined) throw refuse('restoreNotEmpty', { path: folder, found });
  return false;
}

async function nearestFolder(path: string): Promise<string> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((await stat(folder).catch(() => undefined))?.isDirectory() === true) return folder;
    if (folder === dirname(folder)) throw refuse('folderMissing', { path: dirname(path) });
  }
}

/** Every key that something is sealed under must be there, before a byte is written. */
function checkKeys({ keys, folder }: RestoreOptions, { masterKeys }: BackupManifest): void {
  const found = keys.map(({ bytes }) => masterKeyOf(bytes).id);
  const missing = masterKeys.filter((id) => !found.includes(id));
  if (missing.length === 0) return;
  const ids = missing.join(' and ');
  const [other] = keys;
  if (other === undefined) throw refuse('masterKeyNeeded', { ids, path: join(folder, 'master.key') });
  throw refuse('masterKeyOther', { ids, found: masterKeyOf(other.bytes).id, source: other.source });
}

/** The keys that are written: the newest seals, the other only opens. */
function keyFiles({ keyToWrite }: RestoreOptions, { masterKeyValues }: BackupManifest): readonly [string, string][] {
  if (masterKeyValues === null) {
    return keyToWrite === null ? [] : [['master.key', Buffer.from(keyToWrite).toString('base64')]];
  }
  return Object.values(masterKeyValues).map((key, i) => [i === 0 ? 'master.key' : 'master.key.old', key]);
}

async function copyChecked(
  { from, signal, onProgress }: RestoreOptions,
  { bytes, sha256 }: BackupManifest,
  to: string,
): Promise<void> {
  const file = await open(to, 'wx', 0o600);
  try {
    await file.chmod(0o600);
    const found = await hashOfFile(from, {
      bytes,
      signal,
      use: async (piece) => void (await file.write(piece)),
      onProgress: (done) => onProgress?.(done / bytes),
    });
    if (found !== sha256) throw refuse('backupDamaged', { path: from });
    await file.sync();
  } finally {
    await file.close();
  }
}
