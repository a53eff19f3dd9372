/**
 * Space on the disk that is kept for what must always work: revocation and its lists. A file of the data directory holds the
 * space, so that nobody else can fill it up; ordinary writes are refused while little is left beside it, and the file is given
 * up when even a write that may use the reserve finds no space. It is made again by itself.
 */

import { type FileHandle, open, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isDiskFull } from '../domain/errors.ts';
import type { Clock, DiskSpace, Log, Randomness } from '../domain/ports/system.ts';
import { syncDirectory } from './files.ts';
import { freeBytesAt } from './free-bytes.ts';

export interface DiskReserveOptions {
  /** Where the database is. */
  readonly folder: string;
  /** Size of the reserve; 0: there is none, and nothing is watched. */
  readonly bytes: number;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly log: Log;
  /** What an unprivileged process may still write; the file system's answer by default. */
  readonly freeBytes?: () => Promise<number>;
}

export interface DiskReserve extends DiskSpace {
  /** What is left beside the reserve. */
  freeBytes(): Promise<number>;
  /** Before the database is opened: gives the reserve up when the disk is too full even for that. */
  open(): Promise<void>;
  /** From here on the disk is watched, the reserve is made, and ordinary writes depend on both. */
  watch(): Promise<void>;
  stop(): Promise<void>;
}

export const reserveFileName = 'reserve';

/** Of the reserve, what must be free beside it: room for what is under way, the log and temporary files. */
const marginShare = 4;
const lookAgainMs = 1000;
/** After a failure to make the reserve. Quotas refuse what the file system seems to have. */
const makeAgainMs = 30_000;
const chunkBytes = 1 << 20;

export function createDiskReserve(options: DiskReserveOptions): DiskReserve {
  const { folder, bytes, clock, random, log } = options;
  const file = join(folder, reserveFileName);
  const marginBytes = Math.ceil(bytes / marginShare);
  const freeBytes = options.freeBytes ?? (() => freeBytesAt(folder));
  const stopped = new AbortController();
  let watching: Promise<void> | undefined;
  let isWhole = true;
  let isTight = false;
  let wasShort = false;
  let mayMakeAtMs = 0;

  const isShort = () => bytes > 0 && watching !== undefined && (isTight || !isWhole);

  async function release(): Promise<boolean> {
    if (bytes === 0) return false;
    isWhole = false;
    const isThere = await unlink(file).then(
      () => true,
      () => false,
    );
    if (isThere) log.warn({ file, bytes }, 'the disk is full: the reserve is freed for revocation and its lists');
    return isThere;
  }

  /** One look: is there space, is the reserve whole? */
  async function look(): Promise<void> {
    const free = await measure();
    if ((await sizeOf(file)) === bytes) isWhole = true;
    else if (free >= bytes + marginBytes && clock.monotonicMs() >= mayMakeAtMs) isWhole = await make();
    else isWhole = false;
    // Cut off while it made the reserve: nothing was found out.
    if (stopped.signal.aborted) isWhole = true;
    if (isShort() === wasShort) return;
    wasShort = isShort();
    if (wasShort) log.error({ folder, free }, 'the disk is nearly full: only revocation still works');
    else log.info({ folder, free }, 'there is space on the disk again');
  }

  async function measure(): Promise<number> {
    const free = await freeBytes();
    isTight = free < marginBytes;
    return free;
  }

  async function make(): Promise<boolean> {
    try {
      await writeReserve(file, bytes, { random, signal: stopped.signal });
      await syncDirectory(folder);
      return true;
    } catch (error) {
      await unlink(file).catch(() => undefined);
      if (stopped.signal.aborted) return false;
      mayMakeAtMs = clock.monotonicMs() + makeAgainMs;
      if (!isDiskFull(error)) log.error({ err: error, file }, 'the reserve of space could not be made');
      return false;
    }
  }

  async function keepLooking(): Promise<void> {
    for (;;) {
      await look().catch((error: unknown) => log.warn({ err: error, folder }, 'the space on the disk cannot be seen'));
      const isOver = await clock.sleep(lookAgainMs, stopped.signal).then(
        () => false,
        () => true,
      );
      if (isOver) return;
    }
  }

  return {
    get isShort() {
      return isShort();
    },
    release,
    freeBytes,
    async open() {
      if (bytes > 0 && (await freeBytes()) < marginBytes) await release();
    },
    async watch() {
      if (bytes === 0) return;
      await measure();
      watching = keepLooking();
    },
    async stop() {
      stopped.abort();
      await watching;
    },
  };
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

/** Random bytes: a file system that compresses would keep no space for zeros. */
async function writeReserve(
  path: string,
  bytes: number,
  { random, signal }: { readonly random: Randomness; readonly signal: AbortSignal },
): Promise<void> {
  const file: FileHandle = await open(path, 'w', 0o600);
  try {
    const chunk = random.bytes(Math.min(chunkBytes, bytes));
    for (let written = 0; written < bytes; written += chunk.length) {
      signal.throwIfAborted();
      await file.writeFile(chunk.subarray(0, bytes - written));
    }
    await file.sync();
  } finally {
    await file.close();
  }
}
