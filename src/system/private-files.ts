/** Files that hold secrets, and the folders that they lie in: only their owner may read them, only the owner replace them. */
import type { Stats } from 'node:fs';
import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CertError, type Reason, reason } from '../domain/errors.ts';
import type { Phrase } from '../domain/messages/expectations.ts';

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
 * @throws {CertError} forbidden, with the file, its mode and the command that mends it; invalidField: it is no regular file
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
    if (objection !== undefined) throw new CertError(objection);
    return new Uint8Array(await file.readFile());
  } finally {
    await file.close();
  }
}

/** What is wrong with who may read or replace the file; undefined when nothing is, or there is no such file. */
export async function exposureOf(path: string, allowed: Allowed = {}): Promise<Reason | undefined> {
  const stats = await stat(path).catch((cause: unknown) => {
    if (isMissing(cause)) return undefined;
    throw cause;
  });
  return stats && objectionToFile(path, stats, allowed);
}

/** Whether somebody else owns it, who may do with it what they want. */
export function foreignOwner(path: string, { uid }: Pick<Stats, 'uid'>): Reason | undefined {
  const own = process.geteuid?.() ?? uid;
  if (uid === own || uid === 0) return undefined;
  return reason('fileOfOthers', { path, owner: uid, own });
}

function objectionToFile(path: string, stats: Stats, { mode: allowed = 0 }: Allowed): Reason | undefined {
  if (!stats.isFile()) return reason('fileNotRegular', { path });
  const mode = stats.mode & 0o777;
  if ((mode & 0o077 & ~allowed) !== 0) {
    const command = `chmod ${(modeOfFile | allowed).toString(8)}`;
    return reason('fileExposed', { path, mode: octal(mode), abilities: abilities(mode & ~allowed), command });
  }
  return foreignOwner(path, stats);
}

/** Who may write into the folder may put another file in the place of this one. */
async function objectionToFolder(path: string): Promise<Reason | undefined> {
  const stats = await stat(path);
  const mode = stats.mode & 0o7777;
  if ((mode & othersMayWrite) !== 0 && (mode & sticky) === 0) {
    return reason('folderExposed', { path, mode: octal(mode) });
  }
  return foreignOwner(path, stats);
}

function abilities(mode: number): Phrase {
  const canRead = (mode & 0o044) !== 0;
  const canWrite = (mode & othersMayWrite) !== 0;
  if (canRead && canWrite) return { en: 'read and change', zh: '读取和修改' };
  if (canWrite) return { en: 'change', zh: '修改' };
  return canRead ? { en: 'read', zh: '读取' } : { en: 'run', zh: '执行' };
}

function octal(mode: number): string {
  return `0${mode.toString(8).padStart(3, '0')}`;
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}
