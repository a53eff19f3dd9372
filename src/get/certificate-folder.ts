/**
 * The folder of one certificate:
 *
 *     key.pem cert.pem chain.pem fullchain.pem   symbolic links into `current`
 *     current                                    a symbolic link to one of the versions
 *     versions/20261129T135500Z-01ab23cd/        a key with its certificate, never changed once it is there
 *     pending/                                   the key and the order of a run that is under way, or was killed
 *
 * The one link `current` is what changes: a reader finds a key with its own certificate, and a run that is killed leaves the old
 * pair or the new one.
 */
import { lstat, mkdir, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Wanted } from '../cli/get-request.ts';
import { isLockTaken, lockForThisProcess } from '../db/engine/sqlite/lock.ts';
import { ensureDirectory, readFileIfPresent, syncDirectory, writeFileAtomically } from '../system/index.ts';

/** What is in each version. */
export const fileNames = ['key.pem', 'cert.pem', 'chain.pem', 'fullchain.pem'] as const;

export type PemFiles = Readonly<Record<(typeof fileNames)[number], string>>;

/** Kept beside the files of a version. */
export interface About extends Wanted {
  readonly order: number;
  readonly certificate: number;
}

export interface Version {
  readonly about: About;
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** A proof that was placed, noted before it is, so that whoever comes after a run that was killed can take it away. */
export type Placed =
  | { readonly kind: 'file'; readonly webroot: string; readonly path: string }
  | { readonly kind: 'record'; readonly host: string; readonly value: string };

/** The order under way. */
export interface Pending extends Wanted {
  /** As the request named it: an order is gone on with by the same only. */
  readonly account: string | null;
  readonly organization: string | null;
  /** The order that this one follows. */
  readonly renewalOf: number | null;
  readonly csrPem: string;
  readonly idempotencyKey: string;
  /** Null: not placed yet, as far as is known. */
  readonly order: number | null;
  readonly placed: readonly Placed[];
}

export interface CertificateFolder {
  readonly path: string;
  /** Undefined: there is none. @throws what is there cannot be read */
  current(): Promise<Version | undefined>;
  pending(): Promise<{ readonly pending: Pending; readonly keyPem: string } | undefined>;
  begin(pending: Pending, keyPem: string): Promise<void>;
  note(pending: Pending): Promise<void>;
  endPending(): Promise<void>;
  /** Makes it the current one; from then on `needsReload` until `reloaded`. */
  store(files: PemFiles, about: About, at: Date): Promise<void>;
  needsReload(): Promise<boolean>;
  reloaded(): Promise<void>;
  unlock(): void;
}

/** `*.example.com` is no pleasant name of a folder, nor is an address with colons. */
export function folderNameOf(name: string): string {
  return name.replaceAll('*', '_').replaceAll(':', '-');
}

/** @returns `locked` while another process works on it */
export async function openCertificateFolder(out: string, name: string): Promise<CertificateFolder | 'locked'> {
  const path = join(out, folderNameOf(name));
  await mkdir(out, { recursive: true, mode: 0o700 });
  await ensureDirectory(path);
  await ensureDirectory(join(path, 'versions'));
  const lock = lockOf(path);
  if (lock === undefined) return 'locked';
  await prepare(path, lock);
  const pendingPath = join(path, 'pending');
  const aboutFile = 'about.json';
  const reloadFile = join(path, 'reload-due');

  return {
    path,
    unlock: () => lock.release(),

    async current() {
      const read = (file: string) => readText(join(path, 'current', file));
      const [about, certificatePem, keyPem] = [await read(aboutFile), await read('cert.pem'), await read('key.pem')];
      if (about === undefined && certificatePem === undefined) return undefined;
      if (about === undefined || certificatePem === undefined || keyPem === undefined) {
        throw new Error(`a file is missing in ${join(path, 'current')}`);
      }
      return { about: JSON.parse(about) as About, certificatePem, keyPem };
    },

    async pending() {
      const text = await readText(join(pendingPath, aboutFile));
      const keyPem = await readText(join(pendingPath, 'key.pem'));
      return text === undefined || keyPem === undefined ? undefined : { pending: JSON.parse(text) as Pending, keyPem };
    },

    async begin(pending, keyPem) {
      await rm(pendingPath, { recursive: true, force: true });
      await makeWhole(path, 'pending', [
        { name: 'key.pem', text: keyPem, mode: 0o600 },
        { name: aboutFile, text: JSON.stringify(pending), mode: 0o600 },
      ]);
    },

    note: (pending) => writeFileAtomically(join(pendingPath, aboutFile), JSON.stringify(pending)),

    endPending: () => rm(pendingPath, { recursive: true, force: true }),

    async store(files, about, at) {
      const versions = join(path, 'versions');
      const stamp = at.toISOString().replaceAll(/[-:]|\.\d+/g, '');
      const version = `${stamp}-${about.certificate}`;
      const previous = await readlink(join(path, 'current')).catch(() => undefined);
      // The same certificate was stored by a run that was killed before it could say so.
      await rm(join(versions, version), { recursive: true, force: true });
      await makeWhole(versions, version, [
        ...fileNames.map((name) => ({ name, text: files[name], mode: name === 'key.pem' ? 0o600 : 0o644 })),
        { name: aboutFile, text: `${JSON.stringify(about, null, 2)}\n`, mode: 0o644 },
      ]);
      for (const name of fileNames) await link(path, name, join('current', name));
      await writeFileAtomically(reloadFile, '');
      // From here on it is the new one.
      await link(path, 'current', join('versions', version));
      await prune(versions, [version, previous === undefined ? '' : (previous.split('/').at(-1) ?? '')]);
    },

    needsReload: async () => (await readFileIfPresent(reloadFile)) !== undefined,
    reloaded: () => rm(reloadFile, { force: true }),
  };
}

function lockOf(path: string): ReturnType<typeof lockForThisProcess> | undefined {
  try {
    return lockForThisProcess(join(path, 'get'));
  } catch (thrown) {
    if (isLockTaken(thrown)) return undefined;
    throw thrown;
  }
}

interface NewFile {
  readonly name: string;
  readonly text: string;
  readonly mode: number;
}

/** A folder that is there with all of its files, or not at all. */
async function makeWhole(parent: string, name: string, files: readonly NewFile[]): Promise<void> {
  const temporary = join(parent, `${leftOver}${name}`);
  await ensureDirectory(temporary);
  for (const file of files) await writeFileAtomically(join(temporary, file.name), file.text, { mode: file.mode });
  await rename(temporary, join(parent, name));
  await syncDirectory(parent);
}

/** Points the link at the target, in one step for whoever reads it. */
async function link(folder: string, name: string, target: string): Promise<void> {
  const path = join(folder, name);
  if ((await readlink(path).catch(() => undefined)) === target) return;
  const temporary = join(folder, `${leftOver}${name}`);
  await symlink(target, temporary);
  await rename(temporary, path);
  await syncDirectory(folder);
}

/** How the names of what is under way begin. */
const leftOver = '.new-';

async function prepare(path: string, lock: ReturnType<typeof lockForThisProcess>): Promise<void> {
  try {
    await requireLinks(path);
    await removeLeftOver(path);
  } catch (thrown) {
    lock.release();
    throw thrown;
  }
}

/** A file of somebody's own is not replaced by a link. */
async function requireLinks(path: string): Promise<void> {
  for (const name of ['current', ...fileNames]) {
    const found = await lstat(join(path, name)).catch(() => undefined);
    if (found?.isSymbolicLink() === false) throw new Error(`${join(path, name)} was not made by certmux get`);
  }
}

async function removeLeftOver(path: string): Promise<void> {
  for (const folder of [path, join(path, 'versions')]) {
    const names = (await readdir(folder)).filter((name) => name.startsWith(leftOver));
    for (const name of names) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** The one of before is kept: a server that has not read the new one yet may still want it. */
async function prune(versions: string, kept: readonly string[]): Promise<void> {
  const others = (await readdir(versions)).filter((name) => !kept.includes(name));
  for (const name of others) await rm(join(versions, name), { recursive: true, force: true });
}

async function readText(path: string): Promise<string | undefined> {
  const bytes = await readFileIfPresent(path);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
}
