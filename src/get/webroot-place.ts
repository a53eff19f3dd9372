/** Proofs as files in the folder that a web server serves already. */
import { access, chmod, constants, mkdir, open, realpath, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { CommandFailure } from '../cli/failure.ts';
import type { Words } from '../cli/get-words.ts';
import type { ProofPlace } from './proof-place.ts';

export function createWebrootPlace(webroot: string, words: Words): ProofPlace {
  const fail = (detail: string) => new CommandFailure('usage', words.noWebroot(webroot, detail));
  /** Folders that are there because of us. */
  const made: string[] = [];

  /** The folder of the proof, inside of the web root: a link in it could lead a file of root's anywhere. */
  async function folderOf(path: string): Promise<string> {
    const root = await realpath(webroot);
    let folder = root;
    for (const part of dirname(path).split('/').filter(Boolean)) {
      folder = join(folder, part);
      // The web server must read it, whatever the umask.
      const isNew = await mkdir(folder).then(
        () => true,
        (cause: unknown) => {
          if (codeOf(cause) === 'EEXIST') return false;
          throw cause;
        },
      );
      if (isNew) {
        await chmod(folder, 0o755);
        made.push(folder);
      }
      const real = await realpath(folder);
      if (!real.startsWith(root + sep)) throw new CommandFailure('usage', words.webrootOutside(folder));
    }
    return folder;
  }

  return {
    async open() {
      try {
        if (!(await stat(webroot)).isDirectory()) throw fail('it is no folder');
        await access(webroot, constants.W_OK | constants.X_OK);
      } catch (thrown) {
        throw thrown instanceof CommandFailure ? thrown : fail(detailOf(thrown));
      }
    },

    noteOf: (proof) => (proof.kind === 'file' ? { kind: 'file', webroot, path: proof.path } : undefined),

    async place(proof) {
      if (proof.kind !== 'file') throw new TypeError('a web root holds files only');
      try {
        const file = join(await folderOf(proof.path), basename(proof.path));
        await writeNew(file, proof.content);
        return file;
      } catch (thrown) {
        throw thrown instanceof CommandFailure ? thrown : fail(detailOf(thrown));
      }
    },

    async remove(placed) {
      if (placed.kind !== 'file') return;
      const root = await realpath(placed.webroot).catch(() => undefined);
      const folder =
        root === undefined ? undefined : await realpath(dirname(join(root, placed.path))).catch(() => undefined);
      if (root === undefined || folder === undefined || !folder.startsWith(root + sep)) return;
      try {
        await rm(join(folder, basename(placed.path)), { force: true });
      } catch (thrown) {
        throw fail(detailOf(thrown));
      }
    },

    async close() {
      // Only those of our own, and only where nobody has put something into them.
      for (const folder of made.toReversed()) await rmdir(folder).catch(() => undefined);
    },
  };
}

/**
 * Never through a link that somebody put there. The file is noted before it is written, so that a part of it is taken away like
 * the whole.
 */
async function writeNew(path: string, content: string): Promise<void> {
  await rm(path, { force: true });
  const file = await open(
    path,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    0o644,
  );
  try {
    // The web server must read it, whatever the umask.
    await file.chmod(0o644);
    await file.writeFile(content);
  } finally {
    await file.close();
  }
}

export function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
}

/** The system's words, without the call that failed. */
export function detailOf(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return message.replace(/^[A-Z]+: /, '').replace(/, \w+ '.*$/, '');
}
