/**
 * The form of a backup: a database of SQLite, behind its last page one line of JSON, and behind that a line of fixed length with the size
 * and the SHA-256 of the JSON, which has those of the database. SQLite goes by the size in its own header, so the file can be opened as
 * it is. What was cut off at any place, or changed, is seen before anything is done with it.
 */
import { createHash, hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { refuse } from '../domain/errors.ts';

/** Raise it when an older version could not read the file any more. */
const formatVersion = 1;

export interface BackupManifest {
  readonly format: 'certmux backup';
  readonly formatVersion: number;
  /** The version of certmux that made it. */
  readonly certmux: string;
  /** ISO 8601. Nothing that was stored later is in it. */
  readonly madeAt: string;
  /** Names of the migrations. */
  readonly schema: readonly string[];
  /** The rows of each table that has some. */
  readonly rows: Readonly<Record<string, number>>;
  /** Ids of the master keys that open it. */
  readonly masterKeys: readonly string[];
  /** The keys themselves as base64, by their ids; null: they are kept apart. */
  readonly masterKeyValues: Readonly<Record<string, string>> | null;
  /** Of the database, which the file begins with. */
  readonly bytes: number;
  readonly sha256: string;
}

const footerForm = /^certmux-backup ([0-9]{10}) ([0-9a-f]{64})\n$/;
const footerBytes = 15 + 10 + 1 + 64 + 1;
const longestManifest = 1 << 20;
/** What a database of SQLite begins with (sqlite.org/fileformat.html §1.3). */
const databaseHead = 'SQLite format 3\0';

/** What is written behind the database. */
export function manifestText(manifest: Omit<BackupManifest, 'format' | 'formatVersion'>): string {
  const line = `${JSON.stringify({ format: 'certmux backup', formatVersion, ...manifest })}\n`;
  const size = String(Buffer.byteLength(line)).padStart(10, '0');
  return `${line}certmux-backup ${size} ${hash('sha256', line)}\n`;
}

/**
 * Reads what the file says of itself; its database is not looked at.
 * @throws {CertError} when there is no such file, it is no backup, was cut, or is of a later version
 * @throws {Error} of the system when it may not be read
 */
export async function readManifest(path: string): Promise<BackupManifest> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    const isMissing =
      cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
    throw isMissing ? refuse('backupMissing', { path }, { cause }) : cause;
  });
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw refuse('backupMissing', { path });
    const manifest = await manifestIn(file, stats.size);
    if (manifest === undefined) {
      const head = await textAt(file, 0, Math.min(databaseHead.length, stats.size));
      throw refuse(databaseHead.startsWith(head) ? 'backupCut' : 'backupForeign', { path });
    }
    if (manifest.formatVersion > formatVersion) {
      throw refuse('backupOfLaterVersion', { path, version: manifest.certmux });
    }
    return manifest;
  } finally {
    await file.close();
  }
}

async function manifestIn(file: FileHandle, size: number): Promise<BackupManifest | undefined> {
  const footer = await textAt(file, size - footerBytes, footerBytes);
  const [, digits, digest] = footerForm.exec(footer) ?? [];
  const length = Number(digits);
  if (digest === undefined || length > longestManifest) return undefined;
  const start = size - footerBytes - length;
  const line = await textAt(file, start, length);
  if (hash('sha256', line) !== digest) return undefined;
  const manifest = JSON.parse(line) as BackupManifest;
  return manifest.bytes === start ? manifest : undefined;
}

async function textAt(file: FileHandle, start: number, length: number): Promise<string> {
  if (start < 0) return '';
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, start);
  return buffer.subarray(0, bytesRead).toString('utf8');
}

const chunkBytes = 1 << 20;

export interface Hashing {
  readonly bytes: number;
  readonly signal: AbortSignal;
  /** Called with each piece, in order. */
  readonly use?: (piece: Uint8Array) => Promise<void>;
  readonly onProgress?: (done: number) => void;
}

/** SHA-256, as hex, of the beginning of a file. */
export async function hashOfFile(path: string, { bytes, signal, use, onProgress }: Hashing): Promise<string> {
  const digest = createHash('sha256');
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(chunkBytes);
    for (let done = 0; done < bytes; ) {
      signal.throwIfAborted();
      const { bytesRead } = await file.read(buffer, 0, Math.min(chunkBytes, bytes - done), done);
      if (bytesRead === 0) break;
      const piece = buffer.subarray(0, bytesRead);
      digest.update(piece);
      await use?.(piece);
      done += bytesRead;
      onProgress?.(done);
    }
    return digest.digest('hex');
  } finally {
    await file.close();
  }
}

/** A size for messages. */
export function sizeText(bytes: number): string {
  return `${Math.ceil(bytes / (1 << 20)).toLocaleString('en')} MiB`;
}
