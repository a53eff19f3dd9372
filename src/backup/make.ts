/**
 * Makes a backup of the embedded database, while a server works on it or not. It has another name until it is whole and on the disk:
 * whenever it ends, nothing is left that looks like a backup.
 */
import { constants } from 'node:fs';
import { access, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { copyDatabaseFile, sizeOfDatabase } from '../db/engine/sqlite/backup.ts';
import { refuse } from '../domain/errors.ts';
import { freeBytesAt, isProcessRunning, syncDirectory } from '../system/index.ts';
import { type BackupManifest, hashOfFile, manifestText, sizeText } from './manifest.ts';

export interface BackupOptions {
  /** The database file. */
  readonly from: string;
  readonly to: string;
  /** Replaces a file that is there. */
  readonly replaces: boolean;
  readonly version: string;
  /** The master keys as base64, by their ids, where they are to be in it. */
  readonly masterKeyValues: Readonly<Record<string, string>> | null;
  readonly processId: number;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  /** `copy` may take seconds in which nothing can be said. */
  readonly onProgress?: (step: 'copy' | 'check', share: number) => void;
}

/** Written beside the pages: the mark, the manifest, the journal of the copy. */
const marginBytes = 4 << 20;

/** @throws {CertError} where it cannot be made; nothing is left of it then */
export async function makeBackup(options: BackupOptions): Promise<BackupManifest> {
  const { from, to, signal } = options;
  await checkTarget(to, options.replaces);
  const needed = sizeOfDatabase(from) + marginBytes;
  const free = await freeBytesAt(dirname(to));
  if (free < needed) throw refuse('backupTooLarge', { path: to, needed: sizeText(needed), free: sizeText(free) });
  await removeAbandoned(to);
  const unfinished = `${to}${partial}${options.processId}`;
  try {
    await (await open(unfinished, 'wx', 0o600)).close();
    const madeAt = options.now().toISOString();
    options.onProgress?.('copy', 0);
    const summary = await copyDatabaseFile(from, unfinished, { madeAt });
    stopIfWanted(signal, to);
    const { size: bytes } = await stat(unfinished);
    const sha256 = await hashOfFile(unfinished, {
      bytes,
      signal,
      onProgress: (done) => options.onProgress?.('check', done / bytes),
    });
    const { version: certmux, masterKeyValues } = options;
    const manifest = { certmux, madeAt, ...summary, masterKeyValues, bytes, sha256 };
    const file = await open(unfinished, 'a', 0o600);
    try {
      await file.chmod(0o600);
      await file.writeFile(manifestText(manifest));
      await file.sync();
    } finally {
      await file.close();
    }
    stopIfWanted(signal, to);
    await rename(unfinished, to);
    await syncDirectory(dirname(to));
    return { format: 'certmux backup', formatVersion: 1, ...manifest };
  } catch (thrown) {
    for (const end of ['', '-journal', '-wal', '-shm']) await rm(`${unfinished}${end}`, { force: true });
    throw signal.aborted ? refuse('backupStopped', { path: to }, { cause: thrown }) : thrown;
  }
}

const partial = '.partial-';

function stopIfWanted(signal: AbortSignal, path: string): void {
  if (signal.aborted) throw refuse('backupStopped', { path });
}

async function checkTarget(to: string, replaces: boolean): Promise<void> {
  const folder = dirname(to);
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) throw refuse('folderMissing', { path: folder });
  await access(folder, constants.W_OK).catch((cause: unknown) => {
    throw refuse('folderNotWritable', { path: folder }, { cause });
  });
  const there = await stat(to).catch(() => undefined);
  if (there?.isDirectory() === true) throw refuse('backupIsFolder', { path: to });
  if (there !== undefined && !replaces) throw refuse('backupExists', { path: to });
}

/** What killed backups have left: each as large as the database. */
async function removeAbandoned(to: string): Promise<void> {
  const beginning = `${basename(to)}${partial}`;
  for (const name of await readdir(dirname(to))) {
    if (!name.startsWith(beginning)) continue;
    const processId = Number.parseInt(name.slice(beginning.length), 10);
    if (!isProcessRunning(processId)) await rm(join(dirname(to), name), { force: true });
  }
}
