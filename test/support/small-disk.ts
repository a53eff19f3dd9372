/** A disk that is small enough to be filled: a file system in memory, mounted as root or in a user namespace of its own. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly path: string;
  /** Takes all the space that is left. */
  fill(): void;
  /** Gives it back. */
  empty(): void;
  remove(): void;
}

/** Undefined where this process may not mount. */
export function mountSmallDisk(mebibytes: number): SmallDisk | undefined {
  const path = mkdtempSync(join(tmpdir(), 'certmux-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=0700`, 'certmux-test', path]);
  if (mounted.status !== 0) {
    rmSync(path, { recursive: true });
    return undefined;
  }
  const filler = join(path, 'filler');
  return {
    path,
    fill() {
      const file = openSync(filler, 'a');
      try {
        // Down to the last page: other writers may be faster with some of it.
        for (const bytes of [1 << 20, 4096]) writeUntilFull(file, Buffer.alloc(bytes));
      } finally {
        closeSync(file);
      }
    },
    empty: () => unlinkSync(filler),
    remove() {
      spawnSync('umount', ['-l', path]);
      rmSync(path, { recursive: true });
    },
  };
}

function writeUntilFull(file: number, chunk: Uint8Array): void {
  for (;;) {
    try {
      if (writeSync(file, chunk) < chunk.length) return;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return;
      throw error;
    }
  }
}

/** That this is the process which `runInNamespace` has started. */
export const isInNamespace = process.env.CERTMUX_TEST_NAMESPACE === '1';

/** Runs the test file again where it may mount, as an ordinary user may where the system lets them. Undefined: it does not. */
export function runInNamespace(file: string): { readonly isGood: boolean; readonly output: string } | undefined {
  if (spawnSync('unshare', ['--map-root-user', '--mount', 'true']).status !== 0) return undefined;
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    ['--map-root-user', '--mount', process.execPath, '--test', file],
    { env: { ...env, CERTMUX_TEST_NAMESPACE: '1' }, encoding: 'utf8' },
  );
  return { isGood: status === 0, output: stdout + stderr };
}
