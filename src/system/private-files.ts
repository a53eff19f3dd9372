/** Files that hold secrets, and the folders that they lie in: only their owner may read them, only the owner replace them. */
import type { Stats } from 'node:fs';
import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What others may do with a file that is not meant for them. */
export interface Allowed {
  /** Permission bits that do not matter: 0o040 where the group may read. */
  readonly mode?: number;
}

const modeOfFile = 0o600;
const othersMayWrite = 0o022;
const sticky = 0o1000;

/**
 * The bytes of a file that nobody else can read or replace; undefined when there is no such file. What is checked is what is
 * read, without a second look-up of the name.
 * @throws {Error} a sentence that names the file, its mode and the command that mends it
 */
export async function readPrivateFile(path: string): Promise<Uint8Array | undefined> {
  // O_NONBLOCK: opening a pipe would otherwise wait for its writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((cause: unknown) => {
    if (isMissing(cause)) return undefined;
    throw cause;
  });
  if (file === undefined) return undefined;
  try {
    const objection = objectionToFile(path, await file.stat(), {}) ?? (await objectionToFolder(dirname(path)));
    if (objection !== undefined) throw new Error(objection);
    return new Uint8Array(await file.readFile());
  } finally {
    await file.close();
  }
}

/** What is wrong with who may read or replace the file, as a sentence; undefined when nothing is, or there is no such file. */
export async function exposureOf(path: string, allowed: Allowed = {}): Promise<string | undefined> {
  const stats = await stat(path).catch((cause: unknown) => {
    if (isMissing(cause)) return undefined;
    throw cause;
  });
  return stats && objectionToFile(path, stats, allowed);
}

/** Whether somebody else owns it, who may do with it what they want, as a sentence. */
export function foreignOwner(path: string, { uid }: Pick<Stats, 'uid'>): string | undefined {
  const own = process.geteuid?.() ?? uid;
  if (uid === own || uid === 0) return undefined;
  return `${path} belongs to another user (id ${uid}), who may read and replace it: run chown ${own} ${path}`;
}

function objectionToFile(path: string, stats: Stats, { mode: allowed = 0 }: Allowed): string | undefined {
  if (!stats.isFile()) return `${path} is not a regular file`;
  const mode = stats.mode & 0o777;
  if ((mode & 0o077 & ~allowed) !== 0) {
    const command = (modeOfFile | allowed).toString(8);
    return `${path} has mode ${octal(mode)}, so that other users may ${abilities(mode & ~allowed)} it: run chmod ${command} ${path}`;
  }
  return foreignOwner(path, stats);
}

/** Who may write into the folder may put another file in the place of this one. */
async function objectionToFolder(path: string): Promise<string | undefined> {
  const stats = await stat(path);
  const mode = stats.mode & 0o7777;
  if ((mode & othersMayWrite) !== 0 && (mode & sticky) === 0) {
    return `${path} has mode ${octal(mode)}, so that other users may replace the files in it: run chmod go-w ${path}`;
  }
  return foreignOwner(path, stats);
}

function abilities(mode: number): string {
  const canRead = (mode & 0o044) !== 0;
  const canWrite = (mode & othersMayWrite) !== 0;
  if (canRead && canWrite) return 'read and change';
  if (canWrite) return 'change';
  return canRead ? 'read' : 'run';
}

function octal(mode: number): string {
  return `0${mode.toString(8).padStart(3, '0')}`;
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}
