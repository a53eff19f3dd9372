/**
 * The node that this process is: a name in its data folder, the same after a restart, under which it holds leases. One process at a time
 * on one folder, so that no two have the same name.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Randomness } from '../../../domain/ports/system.ts';
import { lockForThisProcess } from '../sqlite/lock.ts';

export interface Node {
  readonly name: string;
  release(): void;
}

/** In the data folder. */
export const nodeFileName = 'node';

/** @throws when another process runs on the folder */
export function openNode(folder: string, random: Randomness): Node {
  const path = join(folder, nodeFileName);
  const { release } = lockForThisProcess(path);
  return { name: readName(path) ?? makeName(path, random), release };
}

function readName(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function makeName(path: string, random: Randomness): string {
  const name = random.bytes(8).toHex();
  writeFileSync(path, `${name}\n`, { mode: 0o600 });
  return name;
}
